"""Recordings of the operator's own, said in place of spoken words: taken from WAV files as people have them, kept as telephones carry them."""

import hashlib
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from homeshore.channels.voice.models import Prompt
from homeshore.channels.voice.sip import spoken
from homeshore.channels.voice.sip.sound import Fault, NoSound, joined, seconds_in
from homeshore.foundation.errors import Invalid, Words

LARGEST = 20 * 1_048_576
"""Bytes of a file: nearly two minutes of two channels at 48 kHz and 16 bits."""
LONGEST_SECONDS = 90
FAULTS: dict[Fault, Words] = {
    Fault.NO_WAV: _("This is no WAV file, or it is cut off. Save the recording as WAV (PCM, 16 bits)."),
    Fault.ENCODING: _(
        "This WAV file is encoded in a way that is not read here. Save it as PCM, 16 bits, one or two channels."
    ),
    Fault.RATE: _("This recording has fewer than 8,000 samples a second, or more than 192,000."),
    Fault.EMPTY: _("There is no sound in this file."),
}


def keep_prompt(operator_id: int, wav: bytes, *, field: str, now: datetime) -> Prompt:
    """Keep a recording; the same one twice is one. What nothing is saved with within a day is forgotten. Raises Invalid, naming `field`, which says what is wrong with the file.

    It takes seconds where it is long: not for a transaction.
    """
    if len(wav) > LARGEST:
        raise too_large(field)
    try:
        too_long = seconds_in(wav) > LONGEST_SECONDS
        carried = b"" if too_long else joined([wav])
    except NoSound as error:
        raise Invalid(fields={field: FAULTS[error.fault]}) from error
    if too_long:
        raise Invalid(
            fields={
                field: _("At most %(seconds)s seconds: each caller waits for its end.") % {"seconds": LONGEST_SECONDS}
            }
        )
    name = hashlib.sha256(carried).hexdigest()[:32]
    given = {"given_at": now}
    return Prompt.objects.update_or_create(
        operator_id=operator_id, name=name, defaults=given, create_defaults=given | {"wav": carried}
    )[0]


def too_large(field: str) -> Invalid:
    """What is said of a file that need not be read, `field` being where it was given."""
    return Invalid(fields={field: _("At most %(mb)s MB.") % {"mb": LARGEST // 1_048_576}})


def lay_out(prompt_id: int | None, folder: Path) -> str:
    """Put a recording where it can be said; its name, empty for none. Raises OSError."""
    if prompt_id is None:
        return ""
    name = str(Prompt.objects.values_list("name", flat=True).get(pk=prompt_id))
    if not spoken.prompt_in(folder, name).exists():
        spoken.lay_out(bytes(Prompt.objects.values_list("wav", flat=True).get(pk=prompt_id)), folder, name)
    return name


def prompt_named(operator_id: int, name: str) -> Prompt | None:
    """A recording that the operator has given."""
    return Prompt.objects.filter(operator_id=operator_id, name=name).first()
