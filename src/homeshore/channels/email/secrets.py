"""Passwords of mailboxes, sealed before they are stored."""

from homeshore.foundation.sealing import seal, unseal

PURPOSE = b"homeshore mailbox passwords v1"


def encrypt(secret: str) -> str:
    """The secret as it may be stored; nothing stays nothing."""
    return seal(secret, purpose=PURPOSE)


def decrypt(stored: str) -> str:
    """The secret behind what `encrypt` gave. Raises SecretLost when no known key opens it."""
    return unseal(stored, purpose=PURPOSE)
