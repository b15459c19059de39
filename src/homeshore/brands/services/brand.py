"""What is written about brands: what their widget shows, when they are open, and what their agents answer with."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from zoneinfo import available_timezones

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeshore.brands import accent as accents
from homeshore.brands import origins
from homeshore.brands.hours import Stretch
from homeshore.brands.models import Article, Brand, CannedReply, OpeningHours
from homeshore.foundation import audit
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write

GREETING_LENGTH = 300
ORIGIN_PROBLEMS: dict[str, Promise] = {
    "scheme": _("“%(origin)s” does not begin with https://."),
    "host": _("“%(origin)s” is not the address of a site."),
    "path": _("“%(origin)s” goes on after the site's name: an origin is only https:// and the name."),
    "insecure": _("“%(origin)s” is not secure: use https:// (http:// is for localhost only)."),
}


def save_widget(
    *,
    operator_id: int,
    brand_id: int,
    by: User,
    accent: str,
    allowed_origins: Sequence[str],
    greeting: Mapping[str, str],
    privacy_url: str,
    now: datetime,
) -> Brand:
    """What the brand's chat looks like, what it says first, and which sites may carry it.

    Raises Invalid, with every wrong field at once, when the accent cannot be read on white or an origin is none.
    """
    problems: dict[str, str | Promise] = {}
    if problem := _accent_problem(accent):
        problems["accent"] = problem
    kept: list[str] = []
    for line in allowed_origins:
        try:
            origin = origins.parse(line)
        except ValueError as error:
            problems["allowed_origins"] = ORIGIN_PROBLEMS[str(error)] % {"origin": line.strip()}
        else:
            kept.append(origin)
    if any(len(words) > GREETING_LENGTH for words in greeting.values()):
        problems["greeting"] = _("At most %(length)s characters.") % {"length": GREETING_LENGTH}
    if privacy_url and not re.match(r"https?://", privacy_url):
        problems["privacy_url"] = _("Write the whole address, from https:// on.")
    if problems:
        raise Invalid(fields=problems)
    with write():
        brand = _brand(operator_id, brand_id)
        brand.accent = accent.lower()
        brand.allowed_origins = list(dict.fromkeys(kept))
        brand.greeting = {language: words.strip() for language, words in greeting.items() if words.strip()}
        brand.privacy_url = privacy_url
        brand.save(update_fields=["accent", "allowed_origins", "greeting", "privacy_url"])
        data = {"accent": brand.accent, "allowed_origins": brand.allowed_origins}
        audit.record(operator_id=operator_id, actor=by, verb="brand.widget_saved", target=brand, data=data, at=now)
    return brand


def _accent_problem(accent: str) -> Promise | str | None:
    try:
        ratio = accents.contrast(accent, accents.DAY_GROUND)
    except ValueError:
        return _("Write the colour as #rrggbb, like #0a655b.")
    if ratio >= accents.LEAST_CONTRAST:
        return None
    return _(
        "This colour cannot be read: its contrast with white is %(ratio).1f to 1, and 4.5 is needed (WCAG AA). Choose a darker one."
    ) % {"ratio": ratio}


def save_hours(
    *,
    operator_id: int,
    brand_id: int,
    by: User,
    time_zone: str,
    holidays_country: str,
    week: Sequence[Stretch],
    now: datetime,
) -> None:
    """When the brand is open, replacing what was said before; no stretch at all means always.

    Raises Invalid when a stretch ends before it begins, two overlap, or the time zone is unknown.
    """
    if time_zone not in available_timezones():
        raise Invalid(fields={"time_zone": _("This time zone is unknown.")})
    for one, following in zip(
        ordered := sorted(week, key=lambda each: (each.weekday, each.opens)), ordered[1:], strict=False
    ):
        if one.weekday == following.weekday and (one.closes == time(0) or following.opens < one.closes):
            raise Invalid(fields={f"day-{one.weekday}": _("Two of these hours overlap.")})
    for stretch in week:
        if stretch.closes != time(0) and stretch.closes <= stretch.opens:
            raise Invalid(fields={f"day-{stretch.weekday}": _("The closing time comes before the opening time.")})
    with write():
        brand = _brand(operator_id, brand_id)
        brand.time_zone, brand.holidays_country = time_zone, holidays_country
        brand.save(update_fields=["time_zone", "holidays_country"])
        brand.opening_hours.all().delete()
        OpeningHours.objects.bulk_create(
            OpeningHours(brand=brand, weekday=each.weekday, opens=each.opens, closes=each.closes) for each in ordered
        )
        audit.record(operator_id=operator_id, actor=by, verb="brand.hours_saved", target=brand, at=now)


def save_reply(
    *,
    operator_id: int,
    brand_id: int,
    by: User,
    reply_id: int | None,
    shortcut: str,
    title: str,
    body: str,
    now: datetime,
) -> CannedReply:
    """A ready answer, new or changed. Raises Invalid when its shortcut is taken or not one word, or a text is missing."""
    shortcut = shortcut.strip().lstrip("/").lower()
    problems: dict[str, str | Promise] = {}
    if not re.fullmatch(r"[a-z0-9_-]{1,30}", shortcut):
        problems["shortcut"] = _("One word of at most 30 letters without accents, figures or hyphens.")
    _need_text(problems, title=(title, 80), body=(body, 4000))
    with write():
        brand = _brand(operator_id, brand_id)
        if brand.canned_replies.filter(shortcut=shortcut).exclude(pk=reply_id or 0).exists():
            problems["shortcut"] = _("Another reply has this shortcut already.")
        if problems:
            raise Invalid(fields=problems)
        reply = brand.canned_replies.filter(pk=reply_id).first() if reply_id else CannedReply(brand=brand)
        if reply is None:
            raise NotFound
        reply.shortcut, reply.title, reply.body = shortcut, title.strip(), body.strip()
        reply.save()
        audit.record(operator_id=operator_id, actor=by, verb="brand.reply_saved", target=reply, at=now)
    return reply


def delete_reply(*, operator_id: int, brand_id: int, by: User, reply_id: int, now: datetime) -> None:
    """Take a ready answer away."""
    _delete(CannedReply, operator_id, brand_id, reply_id, by=by, verb="brand.reply_deleted", now=now)


def save_article(
    *, operator_id: int, brand_id: int, by: User, article_id: int | None, title: str, body: str, now: datetime
) -> Article:
    """A page of what brand and operator share about customers, new or changed; it keeps who wrote it last."""
    problems: dict[str, str | Promise] = {}
    _need_text(problems, title=(title, 120), body=(body, 20_000))
    if problems:
        raise Invalid(fields=problems)
    with write():
        brand = _brand(operator_id, brand_id)
        article = brand.articles.filter(pk=article_id).first() if article_id else Article(brand=brand)
        if article is None:
            raise NotFound
        article.title, article.body, article.author, article.updated_at = title.strip(), body.strip(), by, now
        article.save()
        audit.record(operator_id=operator_id, actor=by, verb="brand.article_saved", target=article, at=now)
    return article


def delete_article(*, operator_id: int, brand_id: int, by: User, article_id: int, now: datetime) -> None:
    """Take an article away."""
    _delete(Article, operator_id, brand_id, article_id, by=by, verb="brand.article_deleted", now=now)


def _brand(operator_id: int, brand_id: int) -> Brand:
    brand = Brand.objects.filter(operator_id=operator_id, pk=brand_id).first()
    if brand is None:
        raise NotFound
    return brand


def _need_text(problems: dict[str, str | Promise], **texts: tuple[str, int]) -> None:
    for name, (text, length) in texts.items():
        if not text.strip():
            problems[name] = _("This is needed.")
        elif len(text) > length:
            problems[name] = _("At most %(length)s characters.") % {"length": length}


def _delete(
    model: type[CannedReply] | type[Article],
    operator_id: int,
    brand_id: int,
    pk: int,
    *,
    by: User,
    verb: str,
    now: datetime,
) -> None:
    with write():
        found = model.objects.filter(brand__operator_id=operator_id, brand_id=brand_id, pk=pk).first()
        if found is None:
            raise NotFound
        audit.record(operator_id=operator_id, actor=by, verb=verb, target=found, at=now)
        found.delete()
