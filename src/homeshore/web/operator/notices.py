"""The screen of a number's notice: what its callers must be told, in each language, how it sounds, and every version of it."""

import logging
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from homeshore.channels.voice.models import Notice, Number, Prompt
from homeshore.channels.voice.sip import alaw, notices, numbers, prompts, spoken
from homeshore.channels.voice.sip.menu import Utterance
from homeshore.foundation.clock import now
from homeshore.foundation.errors import Refused
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership
from homeshore.values.telephone import shown
from homeshore.web.operator.prompts import LISTEN, SPOKEN_AGAIN, WAV, given_prompt, heard_before, kept_mark
from homeshore.web.refused import blame

logger = logging.getLogger(__name__)

SAID_IN = {"fr": gettext_lazy("Said in French"), "en": gettext_lazy("Said in English")}
RECORDED_IN = {
    "fr": gettext_lazy("Your own recording, in French"),
    "en": gettext_lazy("Your own recording, in English"),
}
ASKED = gettext_lazy("A WAV file of these words, 90 seconds and 20 MB at most, in place of the synthetic voice.")
KEPT = gettext_lazy(
    "A recording of yours says these words. When they change it says them no more, unless you give another one."
)


class NoticeForm(forms.Form):
    """What callers are told, by language: the words, nothing in a language that is empty; and a recording of them, if there is one.

    A recording that was heard and is not saved yet is named by `LANGUAGE-prompt`, with the words that it says: it says no others.
    """

    def __init__(self, *given: Any, recorded: Collection[str], **more: Any) -> None:
        super().__init__(*given, **more)
        for language, named in SAID_IN.items():
            self.fields[language] = forms.CharField(
                label=named,
                max_length=Notice.LONGEST,
                required=False,
                widget=forms.Textarea({"class": "input", "rows": 5, "lang": language}),
            )
            is_recorded = language in recorded
            self.fields[f"{language}-sound"] = forms.FileField(
                label=RECORDED_IN[language],
                required=False,
                help_text=KEPT if is_recorded else ASKED,
                widget=forms.FileInput({"accept": WAV}),
            )
            self.fields[f"{language}-prompt"] = forms.CharField(required=False, widget=forms.HiddenInput)
            if is_recorded:
                self.fields[f"{language}-spoken"] = forms.BooleanField(label=SPOKEN_AGAIN, required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for language in SAID_IN:
            if typed.get(f"{language}-sound") and language in typed and not typed[language].strip():
                self.add_error(language, _("Write what the recording says: it is what is kept with the calls."))
        return typed

    def texts(self) -> dict[str, str]:
        """What was typed, by language, its lines joined as they are said."""
        return {language: " ".join(self.cleaned_data[language].split()) for language in SAID_IN}

    def prompts(self, operator_id: int) -> dict[str, Prompt | None]:
        """By language, the recording that was given, or None where the words are to be spoken again. Raises Invalid for what is none."""
        typed, found = self.cleaned_data, dict[str, Prompt | None]()
        for language, text in self.texts().items():
            if file := typed[f"{language}-sound"]:
                found[language] = given_prompt(operator_id, file, field=f"{language}-sound")
            elif typed.get(f"{language}-spoken"):
                found[language] = None
            elif heard := heard_before(operator_id, typed[f"{language}-prompt"], language, text):
                found[language] = heard
        return found


@for_roles(Role.OPERATOR_ADMIN)
def notice(request: HttpRequest, phone_id: int) -> HttpResponse:
    """The notice of a number, to be heard, read and changed."""
    mine = membership(request)
    number = numbers.number_of(mine.operator_id, phone_id)
    known = notices.notices_of(number)
    heard = {language: (each.text, each.prompt) for language, each in known.items()}
    recorded = [language for language, each in known.items() if each.prompt_id]
    said = {language: each.text for language, each in known.items()}
    form = NoticeForm(request.POST or None, request.FILES or None, initial=said, recorded=recorded)
    listens = LISTEN in request.POST and form.is_valid()
    if request.method == "POST" and form.is_valid():
        try:
            texts, given = form.texts(), form.prompts(mine.operator_id)
            heard = {
                language: (text, given[language] if language in given else _kept(known.get(language), text))
                for language, text in texts.items()
                if text
            }
            if listens:
                form = NoticeForm(initial=texts | _marked(heard, given), recorded=recorded)
            else:
                made = notices.set_notices(number, texts, prompts=given, by=mine.user, now=now())
                messages.success(request, _outcome(bool(made), bool(heard)) % {"number": shown(number.digits)})
                if spoken.can_speak():
                    _sounds(number, heard)
                return redirect("number-notice", phone_id=number.pk)
        except Refused as refusal:
            blame(form, refusal)
    context = {
        "number": number,
        "form": form,
        "sounds": _sounds(number, heard),
        "unsaved": listens and not form.errors,
        "versions": notices.versions_of(number),
        "speaks": spoken.can_speak(),
        "zone": mine.operator.time_zone,
    }
    return render(request, "operator/notice.html", context, status=400 if form.errors else 200)


def _kept(known: Notice | None, text: str) -> Prompt | None:
    """The recording that a text keeps, since it is as it was."""
    return known.prompt if known and known.text == text else None


def _marked(heard: dict[str, tuple[str, Prompt | None]], given: dict[str, Prompt | None]) -> dict[str, Any]:
    """What the form, shown again, keeps of the recordings that were just heard, and of those that are to be heard no more."""
    named = {
        f"{language}-prompt": kept_mark(prompt, language, text) for language, (text, prompt) in heard.items() if prompt
    }
    return named | {f"{language}-spoken": True for language, prompt in given.items() if prompt is None}


@require_GET
@for_roles(Role.OPERATOR_ADMIN)
def notice_spoken(request: HttpRequest, phone_id: int) -> HttpResponseBase:
    """How `?text=` sounds in `?language=`, or the recording named by `?prompt=`, as a WAV file. Raises Refused where there is neither."""
    mine = membership(request)
    numbers.number_of(mine.operator_id, phone_id)
    language, text = request.GET.get("language", ""), request.GET.get("text", "")
    prompt = prompts.prompt_named(mine.operator_id, request.GET.get("prompt", ""))
    if prompt:
        return HttpResponse(bytes(prompt.wav), content_type="audio/wav")
    if language not in Number.Language or not 0 < len(text) <= Notice.LONGEST or not spoken.can_speak():
        raise Refused(_("There is no text to speak, or nothing here to speak it with."))
    file = spoken.file_of((Utterance(language, text),), settings.SPOKEN_DIR)
    return FileResponse(file.open("rb"), content_type="audio/wav")


def _outcome(is_changed: bool, is_told: bool) -> str:
    if not is_changed:
        return _("Nothing was changed: callers of %(number)s are told what they were told before.")
    if not is_told:
        return _("Callers of %(number)s are told nothing any more.")
    return _("From the next call on, callers of %(number)s are told this.")


def _spoken(language: str, text: str) -> Path | None:
    """What callers will hear; None, and said in the log, where it cannot be spoken here: it is spoken where they call."""
    try:
        return spoken.file_of((Utterance(language, text),), settings.SPOKEN_DIR)
    except (spoken.CannotSpeak, OSError):
        logger.exception("A notice could not be spoken when it was to be heard")
        return None


def _sounds(number: Number, heard: dict[str, tuple[str, Prompt | None]]) -> list[dict[str, Any]]:
    """For each language in which something is said: how long it lasts, and where it is heard."""
    address = reverse("number-notice-spoken", args=[number.pk])
    found = []
    for language, (text, prompt) in heard.items():
        asked = {"prompt": prompt.name} if prompt else {"language": language, "text": text}
        file = None if prompt or not spoken.can_speak() else _spoken(language, text)
        sound = bytes(prompt.wav) if prompt else file.read_bytes() if file else b""
        if sound:
            seconds = round(alaw.seconds_of(sound))
            says = ngettext(
                "%(language)s: %(seconds)s second, which each caller waits",
                "%(language)s: %(seconds)s seconds, which each caller waits",
                seconds,
            )
            named = {"language": Number.Language(language).label, "seconds": seconds}
            found.append({"says": says % named, "src": f"{address}?{urlencode(asked)}"})
    return found
