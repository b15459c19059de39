"""Recordings of the operator's own, as they are given on a screen."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from homeshore.channels.voice.models import Prompt
from homeshore.channels.voice.sip import prompts

WAV = ".wav,audio/wav,audio/x-wav"
SPOKEN_AGAIN = _("The synthetic voice again")


def given_prompt(operator_id: int, file: "UploadedFile[Any]", *, field: str) -> Prompt:
    """The recording in a file. Raises Invalid, naming `field`; what is too large is not read."""
    if file.size is None or file.size > prompts.LARGEST:
        raise prompts.too_large(field)
    return prompts.keep_prompt(operator_id, file.read(), field=field)
