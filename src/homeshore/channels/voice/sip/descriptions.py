"""Pure: what the telephone reads in session descriptions (RFC 4566), and what it changes in them."""

import re
from zlib import crc32

DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
MIRRORED = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}
OF_BROWSERS = ("a=msid", "a=ssrc", "a=mid", "a=group", "a=extmap", "a=rtcp-fb", "a=rtcp-rsize", "a=end-of-candidates")
"""Beginnings of lines that mean something to a browser only."""


OF_NOBODY = (
    "v=0\r\no=homeshore 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 9 RTP/AVP 8 0 9 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:9 G722/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n"
)
"""What stands for a telephone that has not answered yet: the codecs that telephones have, G.711 of Europe first."""


def first_codec(sdp: str) -> str:
    """The payload type in which its author would rather be spoken to; empty without sound."""
    found = re.search(r"^m=audio \d+ \S+ (\d+)", sdp, re.MULTILINE)
    return found[1] if found else ""


def has_audio(sdp: str) -> bool:
    """Whether it offers sound that is not refused by port 0."""
    found = re.search(r"^m=audio (\d+) ", sdp, re.MULTILINE)
    return found is not None and found[1] != "0"


def direction(sdp: str) -> str:
    """Which way sound goes, as its author says it; both ways when nothing is said."""
    found = re.search(r"^a=(sendrecv|sendonly|recvonly|inactive)\s*$", sdp, re.MULTILINE)
    return found[1] if found else "sendrecv"


def is_held(sdp: str) -> bool:
    """Whether its author listens to nothing: the caller's telephone put us on hold."""
    return direction(sdp) in ("sendonly", "inactive") or "c=IN IP4 0.0.0.0" in sdp


def leads_elsewhere(before: str, after: str) -> bool:
    """Whether sound for its author must go to another address, or be another codec, than before."""
    return _where(before) != _where(after)


def in_direction(sdp: str, asked: str) -> str:
    """Our description as an answer to one that wants sound to go `asked`."""
    plain = re.sub(r"^a=(sendrecv|sendonly|recvonly|inactive)\r?\n", "", sdp, flags=re.MULTILINE)
    return plain.rstrip() + f"\r\na={MIRRORED[asked]}\r\n"


def to_nowhere(sdp: str) -> str:
    """A description that takes what `sdp` offers, and throws it away: the other end of music."""
    elsewhere = re.sub(r"^(c=IN IP4) \S+", r"\1 127.0.0.1", sdp, flags=re.MULTILINE)
    elsewhere = re.sub(r"^a=rtcp:.*\r?\n", "", elsewhere, flags=re.MULTILINE)
    return re.sub(r"^m=audio \d+ ", "m=audio 9 ", elsewhere, flags=re.MULTILINE)


def for_browser(sdp: str) -> str:
    """A description of rtpengine's as a browser wants it: the one stream is said to be a bundle (RFC 8843)."""
    mid = re.search(r"^a=mid:(\S+)", sdp, re.MULTILINE)
    return re.sub(r"^(t=.*?\r?\n)", rf"\1a=group:BUNDLE {mid[1]}\r\n", sdp, count=1, flags=re.MULTILINE) if mid else sdp


def for_telephone(sdp: str, *, session: str, version: int) -> str:
    """A description of rtpengine's as a telephone gets it: one session, named after our tag of its dialog, of which versions count up
    (RFC 3264 §8).
    """
    lines = [line for line in sdp.splitlines() if line and not line.startswith(OF_BROWSERS)]
    address = next((line.split()[-1] for line in lines if line.startswith("c=")), "127.0.0.1")
    number = crc32(session.encode())
    named = [f"o=homeshore {number} {version} IN IP4 {address}" if line.startswith("o=") else line for line in lines]
    return "\r\n".join(named) + "\r\n"


def _where(sdp: str) -> tuple[list[str], list[str]]:
    return re.findall(r"^c=(.*?)\s*$", sdp, re.MULTILINE), re.findall(r"^m=audio (.*?)\s*$", sdp, re.MULTILINE)
