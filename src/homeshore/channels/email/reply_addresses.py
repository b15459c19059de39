"""Reply addresses that lead back to their conversation: `name+TOKEN@domain`, signed, so that nobody can make one up.

A token is the conversation's number and 80 bits of an HMAC over it, in base 32, since servers may change the case.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings

from homeshore.foundation.keys import derived_key

PURPOSE = b"homeshore reply addresses v1"
SIGNATURE_BYTES = 10


def reply_address(address: str, conversation_id: int) -> str:
    """The address under which answers in this conversation come back to the mailbox."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{token_of(conversation_id)}@{domain}"


def conversation_of(recipients: Iterable[str], *, address: str) -> int | None:
    """The conversation that one of a mail's recipients names, or None when none does or the signature is false."""
    local, _, domain = address.lower().rpartition("@")
    for recipient in recipients:
        before, _, after = recipient.lower().rpartition("@")
        base, plus, token = before.partition("+")
        if plus and base == local and after == domain:
            found = conversation_in(token)
            if found is not None:
                return found
    return None


def token_of(conversation_id: int, *, key: str | None = None) -> str:
    """A conversation's token."""
    number = conversation_id.to_bytes((conversation_id.bit_length() + 7) // 8 or 1)
    signature = hmac.digest(derived_key(key or settings.SECRET_KEY, PURPOSE), number, hashlib.sha256)[:SIGNATURE_BYTES]
    return base64.b32encode(signature + number).decode().rstrip("=").lower()


def conversation_in(token: str) -> int | None:
    """The conversation a token names, or None when it was not made here."""
    try:
        data = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except ValueError:
        return None
    if not SIGNATURE_BYTES < len(data) <= SIGNATURE_BYTES + 8:
        return None
    named = int.from_bytes(data[SIGNATURE_BYTES:])
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    made_here = any(hmac.compare_digest(token_of(named, key=key), token.lower()) for key in keys)
    return named if made_here else None
