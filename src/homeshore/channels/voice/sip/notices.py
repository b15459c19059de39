"""What callers of a number must be told before they wait: written by the operator, dated, and kept with the calls that were told it.

A caller is told in the language in which they are met; where there is nothing in it, in that of the number, and else in the other one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from homeshore.channels.voice.models import Call, Notice, Number, Prompt, Told
from homeshore.channels.voice.sip.menu import Utterance
from homeshore.channels.voice.sip.numbers import normalised
from homeshore.channels.voice.sip.prompts import lay_out
from homeshore.foundation import audit
from homeshore.foundation.errors import Invalid, Words
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.outbound.numbers import shown

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Telling:
    """That a caller was told a notice: from when, and when they had heard it to its end; None when it could not be said."""

    notice: Notice
    began_at: datetime
    ended_at: datetime | None


def set_notices(
    number: Number,
    texts: Mapping[str, str],
    *,
    prompts: Mapping[str, Prompt | None] | None = None,
    by: User | None = None,
    now: datetime,
) -> list[Notice]:
    """From its next call on the callers of a number are told these texts, by language; an empty one is told no more. `prompts` are recordings
    of the operator's own that say them, or None for words that are to be spoken again; a text that is named in neither way keeps the one that
    it has, and loses it when it changes, since that says other words.

    The versions that are new by it: what is as it was makes none. Raises Invalid, its fields named after languages.
    """
    long = _("At most %(length)s characters: each caller waits for them.") % {"length": Notice.LONGEST}
    wrong: dict[str, Words] = {each: long for each, text in texts.items() if len(text) > Notice.LONGEST}
    wrong |= {each: _("Calls are met in French or in English.") for each in texts if each not in Number.Language}
    if wrong:
        raise Invalid(fields=wrong)
    with write():
        Number.objects.select_for_update(of=("self",)).get(pk=number.pk)
        before = {each.language: each for each in _latest(number)}
        made = []
        for language, text in texts.items():
            known = before.get(language)
            same = text == (known.text if known else "")
            prompt_id = (
                _prompt_of(language, prompts or {}, known.prompt_id if known and same else None) if text else None
            )
            if same and prompt_id == (known.prompt_id if known else None):
                continue
            made.append(
                Notice.objects.create(
                    number=number,
                    language=language,
                    version=known.version + 1 if known else 1,
                    text=text,
                    prompt_id=prompt_id,
                    since=now,
                    saved_by=by,
                )
            )
        if made:
            told = {"number": number.digits, "versions": {each.language: each.version for each in made}}
            audit.record(
                operator_id=number.operator_id, actor=by, verb="number.notice", target=number, data=told, at=now
            )
    return made


def _prompt_of(language: str, prompts: Mapping[str, Prompt | None], before: int | None) -> int | None:
    if language not in prompts:
        return before
    prompt = prompts[language]
    return prompt.pk if prompt else None


def notices_of(number: Number) -> dict[str, Notice]:
    """What callers of a number are told now, by language."""
    return {each.language: each for each in _latest(number) if each.text}


def languages_told(operator_id: int) -> dict[int, list[str]]:
    """By number of the operator, the languages in which its callers are told something now, as one names them."""
    found: dict[int, list[str]] = {}
    for number in Number.objects.filter(operator_id=operator_id, notices__isnull=False).distinct().order_by("digits"):
        found[number.pk] = [each.get_language_display() for each in notices_of(number).values()]
    return found


def versions_of(number: Number) -> list[Notice]:
    """Everything that callers of a number were ever told, or told no more, the latest first."""
    return list(Notice.objects.filter(number=number).select_related("saved_by").order_by("-since", "-id"))


def notice_for(number: Number, language: str) -> Notice | None:
    """What a caller of the number is told who is met in this language; None where there is nothing to tell."""
    notices = notices_of(number)
    order = (language, number.language, *Number.Language.values)
    return next((notices[each] for each in order if each in notices), None)


def words_of(notice: Notice) -> tuple[Utterance, ...]:
    """What is said, to be spoken. Raises OSError where a recording of the operator's own cannot be laid out."""
    return (Utterance(notice.language, notice.text, lay_out(notice.prompt_id, settings.SPOKEN_DIR)),)


def keep_telling(call: Call, telling: Telling) -> None:
    """Keep with a call what its caller was told; in the open transaction."""
    Told.objects.create(call=call, notice=telling.notice, began_at=telling.began_at, ended_at=telling.ended_at)


@dataclass(frozen=True, slots=True)
class ToldCall:
    """What the caller of a call was told, with the names of call and number."""

    contact: int
    reference: str
    number: str
    queue: str
    brand: str
    told: Told

    @property
    def notice(self) -> Notice:
        """The words, as they were then."""
        return self.told.notice


def told_in_contact(operator_id: int, contact_id: int) -> list[ToldCall]:
    """What was told in the calls of a contact, in order."""
    found = _all(operator_id).filter(call__contact=contact_id).order_by("began_at", "id")
    return [_shown(each) for each in found]


def latest_told(operator_id: int, *, search: str = "", before: datetime | None = None) -> list[ToldCall]:
    """What an operator's callers were told, the latest first, so many of them; `search` names a contact, or the number of a caller."""
    found = _all(operator_id)
    if before:
        found = found.filter(began_at__lt=before)
    if search:
        contact = search.upper().removeprefix("C-")
        theirs = Q(call__contact__conversation__customer__phone=normalised(search))
        named = Q(call__contact=int(contact)) if contact.isascii() and contact.isdigit() and len(contact) < 16 else Q()
        found = found.filter(theirs | named) if named else found.filter(theirs)
    return [_shown(each) for each in found.order_by("-began_at", "-id")[:SHOWN]]


def _latest(number: Number) -> list[Notice]:
    """The last version in each language."""
    latest = Notice.objects.filter(number=number).values("language").annotate(last=Max("version"))
    each_last = {row["language"]: row["last"] for row in latest.order_by("language")}
    found = Notice.objects.filter(number=number, version__in=each_last.values()).order_by("language")
    return [each for each in found if each.version == each_last[each.language]]


def _all(operator_id: int) -> QuerySet[Told]:
    found = Told.objects.filter(call__operator=operator_id)
    return found.select_related("notice__number", "call__contact__queue__brand")


def _shown(told: Told) -> ToldCall:
    contact = told.call.contact
    return ToldCall(
        contact=contact.pk,
        reference=contact.reference,
        number=shown(told.notice.number.digits),
        queue=contact.queue.name,
        brand=contact.queue.brand.name,
        told=told,
    )
