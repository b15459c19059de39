"""The screen of a number's menu: what callers hear, which key leads to which queue, and how it sounds."""

import logging
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from homeshore.brands.queries import queues_of_operator
from homeshore.channels.voice.models import Choice, Number, Prompt
from homeshore.channels.voice.sip import alaw, numbers, prompts, spoken
from homeshore.channels.voice.sip.menu import OPENING, After, Utterance
from homeshore.channels.voice.sip.sound import NoSound
from homeshore.foundation.clock import now
from homeshore.foundation.errors import Refused
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership
from homeshore.values.telephone import shown
from homeshore.web.operator.prompts import LISTEN, SPOKEN_AGAIN, WAV, given_prompt, heard_before, kept_mark
from homeshore.web.refused import blame

logger = logging.getLogger(__name__)

SALT = "words of a menu"


class MenuForm(forms.Form):
    """The words before the choices, and for each key what is said of it, its queue and its language. A key without words leads nowhere.

    A recording that was heard and is not saved yet is named by `OPENING-prompt` or `KEY-prompt`, with the words that it says: it says no others.
    """

    opening = forms.CharField(
        label=gettext_lazy("What callers hear first"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say what callers hear first.")},
        widget=forms.TextInput({"class": "input"}),
    )

    def __init__(self, *given: Any, queues: list[tuple[int, str]], recorded: Collection[str], **more: Any) -> None:
        super().__init__(*given, **more)
        self.recorded = recorded
        self._add_sound(numbers.OPENING, _("Your own recording of what callers hear first"))
        for key in numbers.KEYS:
            said = {"class": "input", "aria-label": _("What callers hear of key %(key)s") % {"key": key}}
            leads = {"class": "input", "aria-label": _("Queue of key %(key)s") % {"key": key}}
            speaks = {"class": "input", "aria-label": _("Language of key %(key)s") % {"key": key}}
            self.fields[f"{key}-label"] = forms.CharField(
                max_length=80, required=False, widget=forms.TextInput(said), label=said["aria-label"]
            )
            self.fields[f"{key}-queue"] = forms.TypedChoiceField(
                choices=[("", "–"), *queues],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.Select(leads),
                label=leads["aria-label"],
            )
            self._add_sound(str(key), _("Your own recording of key %(key)s") % {"key": key})
            self.fields[f"{key}-language"] = forms.ChoiceField(
                choices=Number.Language.choices, widget=forms.Select(speaks), label=speaks["aria-label"]
            )

    def _add_sound(self, said: str, named: str) -> None:
        """Where a recording is given that says these words, and, when there is one, taken away."""
        self.fields[f"{said}-sound"] = forms.FileField(
            label=named, required=False, widget=forms.FileInput({"accept": WAV, "aria-label": named})
        )
        self.fields[f"{said}-prompt"] = forms.CharField(required=False, widget=forms.HiddenInput)
        if said in self.recorded:
            self.fields[f"{said}-spoken"] = forms.BooleanField(label=SPOKEN_AGAIN, required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for key in numbers.KEYS:
            label, queue = f"{key}-label", f"{key}-queue"
            if typed.get(f"{key}-sound") and label in typed and not typed[label]:
                self.add_error(label, _("Write what the recording says."))
            if typed.get(label) and queue in typed and typed[queue] is None:
                self.add_error(queue, _("Say to which queue this key leads."))
            elif typed.get(queue) and label in typed and not typed[label]:
                self.add_error(label, _("Say what callers hear of this key, or choose no queue."))
        return typed

    def rows(self) -> list[dict[str, Any]]:
        """A line for each key, for the template."""
        named = {"label": _("What callers hear"), "queue": _("Queue"), "language": _("Language")}
        return [
            {
                "key": key,
                "cells": [(said, self[f"{key}-{name}"], self._sound_at(key, name)) for name, said in named.items()],
            }
            for key in numbers.KEYS
        ]

    @property
    def opening_sound(self) -> dict[str, Any]:
        """What the template shows of the recording of the opening."""
        return self._sound(numbers.OPENING)

    def _sound_at(self, key: int, name: str) -> dict[str, Any] | None:
        return self._sound(str(key)) if name == "label" else None

    def _sound(self, said: str) -> dict[str, Any]:
        recorded = said in self.recorded
        return {
            "field": self[f"{said}-sound"],
            "recorded": recorded,
            "spoken": self[f"{said}-spoken"] if recorded else None,
        }

    def prompts(self, operator_id: int) -> dict[str, Prompt | None]:
        """The recordings that were given, and None where words are to be spoken again. Raises Invalid for what is none."""
        typed, found = self.cleaned_data, dict[str, Prompt | None]()
        for said in (numbers.OPENING, *map(str, numbers.KEYS)):
            if file := typed[f"{said}-sound"]:
                found[said] = given_prompt(operator_id, file, field=f"{said}-sound")
            elif typed.get(f"{said}-spoken"):
                found[said] = None
            elif heard := heard_before(operator_id, typed[f"{said}-prompt"], *self._words(said)):
                found[said] = heard
        return found

    def heard(self, given: Mapping[str, Prompt | None]) -> dict[str, Any]:
        """What the form, shown again when one has listened, has in it; of the recordings that were `given`, which say what."""
        typed = {name: value for name, value in self.cleaned_data.items() if not name.endswith(("-sound", "-prompt"))}
        named = {said: kept_mark(prompt, *self._words(said)) for said, prompt in given.items() if prompt}
        return typed | {f"{said}-prompt": mark for said, mark in named.items()}

    def _words(self, said: str) -> tuple[str, ...]:
        """What a recording of this line says."""
        typed = self.cleaned_data
        return (typed["opening"],) if said == numbers.OPENING else (typed[f"{said}-label"], typed[f"{said}-language"])

    def choices(self) -> dict[int, numbers.Offer]:
        """What was typed, by key."""
        typed = self.cleaned_data
        return {
            key: numbers.Offer(typed[f"{key}-label"], typed[f"{key}-queue"], typed[f"{key}-language"])
            for key in numbers.KEYS
            if typed[f"{key}-label"]
        }


@for_roles(Role.OPERATOR_ADMIN)
def menu(request: HttpRequest, phone_id: int) -> HttpResponse:
    """The menu of a number, to be heard, read and changed."""
    mine = membership(request)
    number = numbers.number_of(mine.operator_id, phone_id)
    choices = list(number.choices.all())
    recorded = [str(each.key) for each in choices if each.prompt_id] + [numbers.OPENING] * bool(
        number.opening_prompt_id
    )
    queues = _queues_beside(number)
    form = MenuForm(
        request.POST or None,
        request.FILES or None,
        queues=queues,
        recorded=recorded,
        initial=_as_typed(number, choices),
    )
    draft, listens = (number, choices), LISTEN in request.POST and form.is_valid()
    if request.method == "POST" and form.is_valid():
        chosen = form.choices()
        try:
            given, opening = form.prompts(mine.operator_id), form.cleaned_data["opening"]
            if listens:
                draft = numbers.drafted_menu(number, opening=opening, choices=chosen, prompts=given)
                also = [said for said, prompt in given.items() if prompt]
                form = MenuForm(queues=queues, recorded={*recorded, *also}, initial=form.heard(given))
            else:
                numbers.set_menu(number, opening=opening, choices=chosen, prompts=given, by=mine.user, now=now())
                _speak(number)
                said = (
                    _("From the next call on, %(number)s has this menu.")
                    if chosen
                    else _("%(number)s has no menu now.")
                )
                messages.success(request, said % {"number": shown(number.digits)})
                return redirect("number-menu", phone_id=number.pk)
        except Refused as refusal:
            blame(form, refusal)
    context = {
        "number": number,
        "form": form,
        "sounds": _sounds(*draft) if draft[1] else [],
        "unsaved": listens and not form.errors,
        "speaks": spoken.can_speak(),
        "hears_keys": settings.SIP_LISTEN is None or settings.KEYS_LISTEN is not None,
    }
    return render(request, "operator/menu.html", context, status=400 if form.errors else 200)


@require_GET
@for_roles(Role.OPERATOR_ADMIN)
def menu_spoken(request: HttpRequest, phone_id: int) -> HttpResponseBase:
    """How the `?words=` of a menu sound, which this house has signed, as a WAV file. Raises Refused where there are none, or nothing to speak
    them with."""
    mine = membership(request)
    numbers.number_of(mine.operator_id, phone_id)
    try:
        signed = signing.loads(request.GET.get("words", ""), salt=SALT)
        words = [Utterance(language, text, _laid_out(mine.operator_id, prompt)) for language, text, prompt in signed]
        file = spoken.file_of(words, settings.SPOKEN_DIR)
    except (signing.BadSignature, spoken.CannotSpeak) as error:
        raise Refused(_("There is no text to speak, or nothing here to speak it with.")) from error
    return FileResponse(file.open("rb"), content_type="audio/wav")


def _laid_out(operator_id: int, name: str) -> str:
    prompt = prompts.prompt_named(operator_id, name) if name else None
    return prompts.lay_out(prompt.pk, settings.SPOKEN_DIR) if prompt else ""


def _sounds(number: Number, choices: list[Choice]) -> list[dict[str, Any]]:
    """Where a menu, saved or not, is heard as callers hear it first, and how long it lasts; nothing where it cannot be spoken here."""
    try:
        words = numbers.menu_words(number, choices, after=After.NOTHING)
        sound = spoken.file_of(words, settings.SPOKEN_DIR).read_bytes()
    except (spoken.CannotSpeak, NoSound, OSError):
        logger.exception("The menu of %s could not be spoken when it was to be heard", number)
        return []
    signed = signing.dumps([[each.language, each.text, each.prompt] for each in words], salt=SALT, compress=True)
    address = reverse("number-menu-spoken", args=[number.pk])
    seconds = round(alaw.seconds_of(sound))
    says = ngettext(
        "How it sounds: %(seconds)s second, then callers have five more to press a key",
        "How it sounds: %(seconds)s seconds, then callers have five more to press a key",
        seconds,
    )
    return [{"says": says % {"seconds": seconds}, "src": f"{address}?{urlencode({'words': signed})}"}]


def _speak(number: Number) -> None:
    """Make what callers will hear of a menu that was just saved; what cannot be spoken here is spoken where they call."""
    number.refresh_from_db()
    if not number.choices.exists() or not spoken.can_speak():
        return
    try:
        for after in After:
            spoken.file_of(numbers.menu_words(number, list(number.choices.all()), after=after), settings.SPOKEN_DIR)
    except (spoken.CannotSpeak, OSError):
        logger.exception("The menu of %s could not be spoken when it was saved", number)


def _queues_beside(number: Number) -> list[tuple[int, str]]:
    """The queues of calls of the number's brand."""
    return [
        (each.id, each.name)
        for each in queues_of_operator(number.operator_id)
        if each.brand_id == number.queue.brand_id and each.channel == "voice" and each.active
    ]


def _as_typed(number: Number, choices: list[Choice]) -> dict[str, Any]:
    typed: dict[str, Any] = {f"{key}-language": number.language for key in numbers.KEYS}
    typed["opening"] = number.opening or OPENING[number.language].format(brand=number.queue.brand.name)
    for each in choices:
        typed |= {
            f"{each.key}-label": each.label,
            f"{each.key}-queue": each.queue_id,
            f"{each.key}-language": each.language,
        }
    return typed
