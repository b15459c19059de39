"""Keys for one purpose each, made of the site's secret key."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def keys_for(purpose: bytes) -> list[bytes]:
    """Thirty-two bytes by HKDF-SHA256 from SECRET_KEY, and after them from each of SECRET_KEY_FALLBACKS, which still open what
    they closed."""
    return [derived_key(material, purpose) for material in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def derived_key(material: str, purpose: bytes) -> bytes:
    """Thirty-two bytes for one purpose."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(material.encode())
