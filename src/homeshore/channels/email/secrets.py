"""Passwords of mailboxes, encrypted before they are stored.

The key is derived from SECRET_KEY by HKDF-SHA256, and from those in SECRET_KEY_FALLBACKS, which keep old passwords readable
after a change of key until each mailbox has been saved again.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.utils.translation import gettext_lazy as _

from homeshore.foundation.errors import Refused
from homeshore.foundation.keys import keys_for

PURPOSE = b"homeshore mailbox passwords v1"


class SecretLost(Refused):
    """A stored password was encrypted under another SECRET_KEY."""

    code = "secret_lost"
    message = _(
        "The stored password cannot be read because the site's secret key has changed. Type the password again."
    )


def encrypt(secret: str) -> str:
    """The secret as it may be stored; nothing stays nothing."""
    return _box().encrypt(secret.encode()).decode() if secret else ""


def decrypt(stored: str) -> str:
    """The secret behind what `encrypt` gave. Raises SecretLost when no known key opens it."""
    if not stored:
        return ""
    try:
        return _box().decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise SecretLost from error


def _box() -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys_for(PURPOSE)])
