"""Bytes into text, when what a mail says of its charset is missing, unknown or wrong."""

import codecs
import re

LATIN = {"iso8859-1", "cp1252", "iso8859-15", "ascii"}
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def decode(data: bytes, declared: str = "") -> str:
    """The text of `data`, in the charset declared if that can be true, else in the likeliest one; never fails.

    Valid UTF-8 declared as Latin is UTF-8: by accident that practically never happens. Latin-1 is read as Windows-1252,
    as every mail program does.
    """
    codec = codec_named(declared)
    tries = ["utf-8", codec] if codec in LATIN or not codec else [codec, "utf-8"]
    for name in [*tries, "cp1252"]:
        if not name:
            continue
        try:
            return harmless(data.decode("cp1252" if name in {"iso8859-1", "ascii"} else name))
        except (UnicodeError, LookupError):
            continue
    return harmless(data.decode("cp1252", errors="replace"))


def codec_named(declared: str) -> str:
    """Python's name of a declared charset, or nothing when there is no such charset of text."""
    try:
        found = codecs.lookup(declared.strip().strip("\"'").lower())
    except (LookupError, ValueError):
        return ""
    return found.name if getattr(found, "_is_text_encoding", True) else ""


def harmless(text: str) -> str:
    """Text without what cannot be stored or what would fool the eye: NUL and controls, reversed writing, half characters."""
    text = text.removeprefix("\ufeff")
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    return _UNWANTED.sub("", text)
