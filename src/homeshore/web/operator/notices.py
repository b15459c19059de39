"""The screen of a number's notice: what its callers must be told, in each language, how it sounds, and every version of it."""

import logging
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
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from homeshore.channels.voice.models import Notice, Number
from homeshore.channels.voice.sip import alaw, notices, numbers, spoken
from homeshore.channels.voice.sip.menu import Words
from homeshore.foundation.clock import now
from homeshore.foundation.errors import Refused
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership
from homeshore.web.refused import blame

logger = logging.getLogger(__name__)

SAID_IN = {"fr": gettext_lazy("Said in French"), "en": gettext_lazy("Said in English")}
LISTEN = "listen"
"""The button that lets one hear what is typed, and saves nothing."""


class NoticeForm(forms.Form):
    """What callers are told, a field for each language; nothing in one that is empty."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for language, named in SAID_IN.items():
            self.fields[language] = forms.CharField(
                label=named,
                max_length=Notice.LONGEST,
                required=False,
                widget=forms.Textarea({"class": "input", "rows": 5, "lang": language}),
            )

    def texts(self) -> dict[str, str]:
        """What was typed, by language, its lines joined as they are said."""
        return {language: " ".join(self.cleaned_data[language].split()) for language in self.fields}


@for_roles(Role.OPERATOR_ADMIN)
def notice(request: HttpRequest, phone_id: int) -> HttpResponse:
    """The notice of a number, to be heard, read and changed."""
    mine = membership(request)
    number = numbers.number_of(mine.operator_id, phone_id)
    said = {language: each.text for language, each in notices.notices_of(number).items()}
    form = NoticeForm(request.POST or None, initial=said)
    heard = said
    if request.method == "POST" and form.is_valid():
        heard = {language: text for language, text in form.texts().items() if text}
        if LISTEN not in request.POST:
            try:
                made = notices.set_notices(number, form.texts(), by=mine.user, now=now())
            except Refused as refusal:
                blame(form, refusal)
            else:
                messages.success(request, _outcome(bool(made), bool(heard)) % {"number": number})
                if spoken.can_speak():
                    _sounds(number, heard)
                return redirect("number-notice", phone_id=number.pk)
    shown = {
        "number": number,
        "form": form,
        "sounds": _sounds(number, heard) if spoken.can_speak() else [],
        "unsaved": LISTEN in request.POST,
        "versions": notices.versions_of(number),
        "speaks": spoken.can_speak(),
        "zone": mine.operator.time_zone,
    }
    return render(request, "operator/notice.html", shown, status=400 if form.errors else 200)


@require_GET
@for_roles(Role.OPERATOR_ADMIN)
def notice_spoken(request: HttpRequest, phone_id: int) -> HttpResponseBase:
    """How `?text=` sounds in `?language=`, as a WAV file. Raises Refused where nothing can be spoken."""
    numbers.number_of(membership(request).operator_id, phone_id)
    language, text = request.GET.get("language", ""), request.GET.get("text", "")
    if language not in Number.Language or not 0 < len(text) <= Notice.LONGEST or not spoken.can_speak():
        raise Refused(_("There is no text to speak, or nothing here to speak it with."))
    file = spoken.file_of((Words(language, text),), settings.SPOKEN_DIR)
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
        return spoken.file_of((Words(language, text),), settings.SPOKEN_DIR)
    except (spoken.CannotSpeak, OSError):
        logger.exception("A notice could not be spoken when it was to be heard")
        return None


def _sounds(number: Number, texts: dict[str, str]) -> list[dict[str, Any]]:
    """For each language in which something is said: its name, where it is heard, and how many seconds it lasts."""
    files = {language: _spoken(language, text) for language, text in texts.items()}
    address = reverse("number-notice-spoken", args=[number.pk])
    return [
        {
            "language": Number.Language(language).label,
            "src": f"{address}?{urlencode({'language': language, 'text': texts[language]})}",
            "seconds": round(alaw.seconds_of(file.read_bytes())),
        }
        for language, file in files.items()
        if file
    ]
