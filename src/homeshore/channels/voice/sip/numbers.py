"""Telephone numbers: as a trunk writes them, as the house keeps them, and where they lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import phonenumbers
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from homeshore.brands.queries import QueueRules, queue_rules
from homeshore.channels.voice.models import Choice, Number, Prompt
from homeshore.channels.voice.services.calls import CHANNEL
from homeshore.channels.voice.sip.menu import After, Offered, Utterance, words_of
from homeshore.channels.voice.sip.prompts import lay_out
from homeshore.foundation import audit
from homeshore.foundation.errors import Invalid, NotFound, Words
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write

KEYS = range(1, 10)


def normalised(written: str) -> str:
    """A number as E.164 (+33123456789), read as in the house's country when it has no country; as written if it is none."""
    parsed = _parsed(written)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if parsed else written


def _parsed(written: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse("+" + written[2:] if written.startswith("00") else written, settings.SIP_COUNTRY)
    except phonenumbers.NumberParseException:
        return None


def number_called(written: str, *, wrote_to: str = "") -> Number | None:
    """The number of the house that was called; None when there is none, or it takes no calls.

    A trunk with an account may name our login instead: then it is the number to which the caller `wrote_to`, or else the account's first.
    """
    active = Number.objects.filter(active=True).select_related("queue")
    if found := active.filter(digits__in=_readings(written)).first():
        return found
    of_account = active.filter(account__login=written, account__active=True).order_by("digits")
    return of_account.filter(digits__in=_readings(wrote_to)).first() or of_account.first()


def _readings(written: str) -> set[str]:
    return {normalised(written), normalised("+" + written.lstrip("+"))}


def lead(
    written: str,
    *,
    queue_id: int,
    language: str,
    operator_id: int | None = None,
    by: User | None = None,
    now: datetime,
) -> Number:
    """From now on calls of this number come to the queue.

    Raises Invalid for what is no number, for a number of another operator, and for a queue that is none of the operator's or
    takes no calls. Without `operator_id`, who runs the site asks, and may say any queue.
    """
    digits = normalised(written)
    parsed = _parsed(digits)
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise Invalid(fields={"number": _("This is no telephone number.")})
    queue = _queue_for_calls(queue_id, operator_id)
    with write():
        known = Number.objects.select_for_update().filter(digits=digits).first()
        if known and known.operator_id != queue.operator_id:
            raise Invalid(fields={"number": _("This number belongs to somebody else here.")})
        if known and known.choices.exclude(queue__brand=queue.brand_id).exists():
            raise Invalid(fields={"queue": _("The menu of this number leads to another brand. Empty the menu first.")})
        number = known or Number(digits=digits, operator_id=queue.operator_id)
        number.queue_id, number.language, number.active = queue.id, language, True
        number.save()
        told = {"number": digits, "queue": queue.id, "language": language}
        audit.record(operator_id=number.operator_id, actor=by, verb="number.led", target=number, data=told, at=now)
    return number


def refuse(number: Number, *, by: User | None = None, now: datetime) -> None:
    """Calls of this number are refused from now on. Nothing happens when they are already."""
    with write():
        if Number.objects.filter(pk=number.pk, active=True).update(active=False):
            audit.record(operator_id=number.operator_id, actor=by, verb="number.refused", target=number, at=now)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a key of a menu leads to: what is said of it ("For your orders"), and the queue and language in which who chooses it is met."""

    label: str
    queue_id: int
    language: str


OPENING = "opening"
"""How the recording of what is said before the choices is named among those of a menu; the others are by their keys."""


def set_menu(
    number: Number,
    *,
    opening: str,
    choices: Mapping[int, Offer],
    prompts: Mapping[str, Prompt | None] | None = None,
    by: User | None = None,
    now: datetime,
) -> None:
    """From its next call on the number has this menu, whose keys are from 1 to 9; without choices it has none. `prompts` are recordings of
    the operator's own, of the OPENING and by key, or None for words that are to be spoken again; words that are as they were keep theirs.

    Raises Invalid, its fields named `opening`, or KEY-label, KEY-queue and KEY-language after a choice.
    """
    with write():
        brand = Number.objects.select_for_update(of=("self",)).select_related("queue").get(pk=number.pk).queue.brand_id
        wrong: dict[str, Words] = {} if opening or not choices else {"opening": _("Say what callers hear first.")}
        for key, offer in choices.items():
            against = _wrong_with(key, offer, number.operator_id, brand)
            wrong |= {f"{key}-{field}": why for field, why in against.items()}
        if wrong:
            raise Invalid(fields=wrong)
        led, offered = drafted_menu(number, opening=opening, choices=choices, prompts=prompts)
        number.choices.all().delete()
        Choice.objects.bulk_create(offered)
        opened = led.opening_prompt_id if choices else None
        Number.objects.filter(pk=number.pk).update(opening=opening, opening_prompt_id=opened)
        told = {"number": number.digits, "choices": {key: offer.queue_id for key, offer in sorted(choices.items())}}
        audit.record(operator_id=number.operator_id, actor=by, verb="number.menu", target=number, data=told, at=now)


def drafted_menu(
    number: Number,
    *,
    opening: str,
    choices: Mapping[int, Offer],
    prompts: Mapping[str, Prompt | None] | None = None,
) -> tuple[Number, list[Choice]]:
    """The menu that `set_menu` would make of this, for `menu_words`; nothing is saved."""
    kept = {(each.key, each.label, each.language): each.prompt_id for each in number.choices.all()}
    offered = [
        Choice(
            number=number,
            key=key,
            label=offer.label,
            queue_id=offer.queue_id,
            language=offer.language,
            prompt_id=_prompt_of(str(key), prompts or {}, kept.get((key, offer.label, offer.language))),
        )
        for key, offer in sorted(choices.items())
    ]
    led = Number.objects.get(pk=number.pk)
    before = led.opening_prompt_id if led.opening == opening else None
    led.opening, led.opening_prompt_id = opening, _prompt_of(OPENING, prompts or {}, before)
    return led, offered


def _prompt_of(said: str, prompts: Mapping[str, Prompt | None], before: int | None) -> int | None:
    if said not in prompts:
        return before
    prompt = prompts[said]
    return prompt.pk if prompt else None


def menu_words(number: Number, choices: Sequence[Choice], *, after: After) -> tuple[Utterance, ...]:
    """What is said in the menu of a number. Raises OSError where a recording of the operator's own cannot be laid out."""
    folder = settings.SPOKEN_DIR
    offered = [Offered(each.key, each.label, each.language, lay_out(each.prompt_id, folder)) for each in choices]
    opening = Utterance(number.language, number.opening, lay_out(number.opening_prompt_id, folder))
    return words_of(opening, offered, after=after)


def _wrong_with(key: int, offer: Offer, operator_id: int, brand_id: int) -> dict[str, Words]:
    """What stands against a choice, by field."""
    wrong: dict[str, Words] = {}
    if key not in KEYS or not offer.label:
        wrong["label"] = _("Say what callers hear of this key.") if key in KEYS else _("Keys are from 1 to 9.")
    if offer.language not in Number.Language:
        wrong["language"] = _("Calls are met in French or in English.")
    try:
        if _queue_for_calls(offer.queue_id, operator_id).brand_id != brand_id:
            wrong["queue"] = _("This queue belongs to another brand than the number.")
    except Invalid as invalid:
        wrong |= invalid.fields
    return wrong


def numbers_of(operator_id: int) -> list[Number]:
    """The operator's numbers with their queues, in order; `keys` is how many their menus have."""
    found = Number.objects.filter(operator_id=operator_id).select_related("queue__brand").order_by("digits")
    return list(found.annotate(keys=Count("choices")))


def number_of(operator_id: int, number_id: int) -> Number:
    """A number of the operator. Raises NotFound."""
    found = Number.objects.filter(pk=number_id, operator_id=operator_id).select_related("queue__brand").first()
    if found is None:
        raise NotFound
    return found


def number_written(written: str) -> Number | None:
    """The house's number that is meant, active or not."""
    return Number.objects.filter(digits=normalised(written)).first()


def _queue_for_calls(queue_id: int, operator_id: int | None) -> QueueRules:
    try:
        queue = queue_rules(queue_id)
    except ObjectDoesNotExist:
        queue = None
    if queue is None or operator_id not in (None, queue.operator_id):
        raise Invalid(fields={"queue": _("There is no such queue.")})
    if queue.channel != CHANNEL:
        raise Invalid(fields={"queue": _("This queue takes no calls.")})
    return queue
