"""Recordings of the operator's own, as they are given on a screen."""

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from homeshore.channels.voice.models import Prompt
from homeshore.channels.voice.sip import prompts
from homeshore.foundation.clock import now

WAV = ".wav,audio/wav,audio/x-wav"
SPOKEN_AGAIN = _("The synthetic voice again")
LISTEN = "listen"
"""The button that lets one hear what is typed, and saves nothing."""


def given_prompt(operator_id: int, file: "UploadedFile[Any]", *, field: str) -> Prompt:
    """The recording in a file. Raises Invalid, naming `field`; what is too large is not read."""
    if file.size is None or file.size > prompts.LARGEST:
        raise prompts.too_large(field)
    return prompts.keep_prompt(operator_id, file.read(), field=field, now=now())


def kept_mark(prompt: Prompt, *words: str) -> str:
    """What a form, shown again, keeps of a recording that was just heard: its name, and by which words it is known again."""
    return f"{prompt.name}-{_mark(words)}"


def heard_before(operator_id: int, mark: str, *words: str) -> Prompt | None:
    """The recording that was heard and is not saved yet, by its `kept_mark`; None when it said other words than these."""
    name, _of, known = mark.partition("-")
    return prompts.prompt_named(operator_id, name) if known == _mark(words) else None


def _mark(words: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]
