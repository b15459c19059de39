"""Secrets that the house must be able to read again (passwords of its accounts elsewhere), sealed before they are stored.

The key of each purpose is derived from SECRET_KEY by HKDF-SHA256, and from those in SECRET_KEY_FALLBACKS, which keep old secrets readable
after a change of key until each has been saved again.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.utils.translation import gettext_lazy as _

from homeshore.foundation.errors import Refused
from homeshore.foundation.keys import keys_for


class SecretLost(Refused):
    """A stored password was sealed under another SECRET_KEY."""

    code = "secret_lost"
    message = _(
        "The stored password cannot be read because the site's secret key has changed. Type the password again."
    )


def seal(secret: str, *, purpose: bytes) -> str:
    """The secret as it may be stored; nothing stays nothing."""
    return _box(purpose).encrypt(secret.encode()).decode() if secret else ""


def unseal(stored: str, *, purpose: bytes) -> str:
    """The secret behind what `seal` gave for this purpose. Raises SecretLost when no known key opens it."""
    if not stored:
        return ""
    try:
        return _box(purpose).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise SecretLost from error


def _box(purpose: bytes) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys_for(purpose)])
