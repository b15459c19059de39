"""The servers that help two browsers find each other, as WebRTC wants to be told of them."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

PASS = timedelta(hours=1)


def ice_servers(*, whose: str, now: datetime) -> list[dict[str, Any]]:
    """`iceServers` for a page: STUN as it is, TURN with a pass of an hour for `whose`.

    The pass is that of coturn's `use-auth-secret` (draft-uberti-behave-turn-rest-00): the user is `EXPIRY:WHOSE`, the
    password the base64 of its HMAC-SHA1 under the shared secret.
    """
    servers: list[dict[str, Any]] = [{"urls": settings.STUN_URLS}] if settings.STUN_URLS else []
    if settings.TURN_URLS:
        user = f"{int((now + PASS).timestamp())}:{whose}"
        signed = hmac.new(settings.TURN_SECRET.encode(), user.encode(), hashlib.sha1).digest()
        servers.append({"urls": settings.TURN_URLS, "username": user, "credential": base64.b64encode(signed).decode()})
    return servers
