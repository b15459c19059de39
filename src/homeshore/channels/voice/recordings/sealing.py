"""Recorded sound is closed before it is stored: AES-256-GCM, under a key derived from the site's own.

Each piece is bound to its place (the take and its number), so that none can be put in the place of another unnoticed.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext_lazy as _

from homeshore.foundation.errors import Refused
from homeshore.foundation.keys import keys_for

PURPOSE = b"homeshore recordings v1"
NONCE_BYTES = 12


class RecordingLocked(Refused):
    """A piece was closed under another SECRET_KEY, or is no longer what was stored."""

    code = "recording_locked"
    message = _(
        "This recording cannot be opened: the site’s secret key has changed, or the file is damaged. "
        "Put the earlier key into HOMESHORE_SECRET_KEY_FALLBACKS."
    )


def place_of(take_id: int, number: int) -> str:
    """What the sealed piece of this number is bound to."""
    return f"take {take_id}, piece {number}"


def seal(sound: bytes, *, place: str) -> bytes:
    """The sound as it may be stored at this place."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(keys_for(PURPOSE)[0]).encrypt(nonce, sound, place.encode())


def unseal(sealed: bytes, *, place: str) -> bytes:
    """The sound behind what `seal` gave for the same place. Raises RecordingLocked when no known key opens it."""
    nonce, closed = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    for key in keys_for(PURPOSE):
        try:
            return AESGCM(key).decrypt(nonce, closed, place.encode())
        except (InvalidTag, ValueError):
            continue
    raise RecordingLocked
