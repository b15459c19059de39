"""A brand's settings, for the operator's administrator: its chat, its hours, what its agents answer with."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeshore.brands import accent, queries, services
from homeshore.brands.queries import BrandSettings
from homeshore.foundation import clock
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership
from homeshore.web.brand.forms import ArticleForm, HoursForm, ReplyForm, WidgetForm


@for_roles(Role.OPERATOR_ADMIN)
def brands(request: HttpRequest) -> HttpResponse:
    """The operator's brands."""
    return render(request, "brand/brands.html", {"brands": queries.brand_names(membership(request).operator_id)})


@for_roles(Role.OPERATOR_ADMIN)
def widget(request: HttpRequest, brand_id: int) -> HttpResponse:
    """The tag to copy, the sites that may carry it, the accent and the first words."""
    known = _known(request, brand_id)
    brand = known.brand
    form = WidgetForm(
        request.POST or None,
        initial={
            "allowed_origins": "\n".join(brand.allowed_origins),
            "accent": brand.accent,
            "greeting_fr": brand.greeting.get("fr", ""),
            "greeting_en": brand.greeting.get("en", ""),
            "privacy_url": brand.privacy_url,
        },
    )
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data

        def save() -> None:
            services.save_widget(
                **_who(request, brand_id),
                accent=filled["accent"],
                allowed_origins=form.origins(),
                greeting={"fr": filled["greeting_fr"], "en": filled["greeting_en"]},
                privacy_url=filled["privacy_url"],
            )

        if _saved(request, form, save):
            return redirect("brand-widget", brand_id)
    tag = f'<script src="{settings.BASE_URL}/widget.js" data-brand="{escape(brand.widget_key)}" async></script>'
    tones = [(_("By day"), accent.DAY_GROUND, accent.by_day(brand.accent))]
    tones.append((_("By night"), accent.NIGHT_GROUND, accent.by_night(brand.accent)))
    shown = {"tag": tag, "tones": tones, "base_url": settings.BASE_URL}
    return _page(request, known, "widget", form=form, **shown)


@for_roles(Role.OPERATOR_ADMIN)
def hours(request: HttpRequest, brand_id: int) -> HttpResponse:
    """When the brand is open."""
    known = _known(request, brand_id)
    place = {"time_zone": known.brand.time_zone, "holidays_country": known.brand.holidays_country}
    form = HoursForm(request.POST or None, initial={**place, **HoursForm.filled_with(known.week)})
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data

        def save() -> None:
            services.save_hours(
                **_who(request, brand_id),
                time_zone=filled["time_zone"],
                holidays_country=filled["holidays_country"],
                week=form.week(),
            )

        if _saved(request, form, save, blame=form.blame):
            return redirect("brand-hours", brand_id)
    return _page(request, known, "hours", form=form)


@for_roles(Role.OPERATOR_ADMIN)
def replies(request: HttpRequest, brand_id: int, reply_id: int | None = None) -> HttpResponse:
    """The ready answers, and the form of a new one or of the one to change."""
    known = _known(request, brand_id)
    chosen = _chosen(known.replies, reply_id)
    initial = {"shortcut": chosen.shortcut, "title": chosen.title, "body": chosen.body} if chosen else None
    form = ReplyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():

        def save() -> None:
            services.save_reply(**_who(request, brand_id), reply_id=reply_id, **form.cleaned_data)

        if _saved(request, form, save):
            return redirect("brand-replies", brand_id)
    return _page(request, known, "replies", form=form, chosen=chosen)


@for_roles(Role.OPERATOR_ADMIN)
@require_POST
def delete_reply(request: HttpRequest, brand_id: int, reply_id: int) -> HttpResponse:
    """Take a ready answer away."""
    services.delete_reply(**_who(request, brand_id), reply_id=reply_id)
    messages.success(request, _("Deleted."))
    return redirect("brand-replies", brand_id)


@for_roles(Role.OPERATOR_ADMIN)
def articles(request: HttpRequest, brand_id: int, article_id: int | None = None) -> HttpResponse:
    """What brand and operator know of customers, and the form of a new page or of the one to change."""
    known = _known(request, brand_id)
    chosen = _chosen(known.articles, article_id)
    form = ArticleForm(request.POST or None, initial={"title": chosen.title, "body": chosen.body} if chosen else None)
    if request.method == "POST" and form.is_valid():

        def save() -> None:
            services.save_article(**_who(request, brand_id), article_id=article_id, **form.cleaned_data)

        if _saved(request, form, save):
            return redirect("brand-articles", brand_id)
    return _page(request, known, "articles", form=form, chosen=chosen)


@for_roles(Role.OPERATOR_ADMIN)
@require_POST
def delete_article(request: HttpRequest, brand_id: int, article_id: int) -> HttpResponse:
    """Take an article away."""
    services.delete_article(**_who(request, brand_id), article_id=article_id)
    messages.success(request, _("Deleted."))
    return redirect("brand-articles", brand_id)


def _known(request: HttpRequest, brand_id: int) -> BrandSettings:
    known = queries.brand_settings(operator_id=membership(request).operator_id, brand_id=brand_id)
    if known is None:
        raise NotFound
    return known


def _chosen(rows: list[Any], pk: int | None) -> Any:
    """The row to change, or None for a new one; raises NotFound."""
    if pk is None:
        return None
    found = next((row for row in rows if row.pk == pk), None)
    if found is None:
        raise NotFound
    return found


def _who(request: HttpRequest, brand_id: int) -> dict[str, Any]:
    mine = membership(request)
    return {"operator_id": mine.operator_id, "brand_id": brand_id, "by": mine.user, "now": clock.now()}


def _saved(
    request: HttpRequest, form: Form, save: Callable[[], None], *, blame: Callable[[str, str], None] | None = None
) -> bool:
    """Save; when the brands refuse, say so beside the fields."""
    try:
        save()
    except Invalid as refusal:
        for field, why in refusal.fields.items():
            (blame or form.add_error)({"greeting": "greeting_fr"}.get(field, field), str(why))
        return False
    messages.success(request, _("Saved."))
    return True


def _page(request: HttpRequest, known: BrandSettings, page: str, *, form: Form, **more: Any) -> HttpResponse:
    shown = {"known": known, "brand": known.brand, "page": page, "form": form, **more}
    return render(request, f"brand/{page}.html", shown, status=422 if form.errors else 200)
