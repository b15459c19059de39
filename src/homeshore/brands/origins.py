"""Pure: what a web origin is, and how people write one."""

import re
from urllib.parse import urlsplit

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?|\[[0-9a-f:]+\]")


def parse(text: str) -> str:
    """The origin (`https://shop.example`) that a line names, as browsers send it.

    Raises ValueError with `scheme`, `host`, `path` or `insecure` as its text: what is wrong. Plain http is for local machines only.
    """
    address = text.strip()
    try:
        parts = urlsplit(address)
        port, host = parts.port, _host(parts.hostname or "")
    except ValueError as error:
        raise ValueError("host") from error
    if parts.scheme not in {"http", "https"}:
        raise ValueError("scheme")
    if parts.username is not None or not HOST.fullmatch(host):
        raise ValueError("host")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("path")
    if parts.scheme == "http" and host not in LOCAL_HOSTS and not host.endswith(".localhost"):
        raise ValueError("insecure")
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in {None, usual} else "")


def _host(name: str) -> str:
    """The host as it goes over the wire: accents in Punycode, IPv6 in brackets."""
    return f"[{name}]" if ":" in name else name.encode("idna").decode()
