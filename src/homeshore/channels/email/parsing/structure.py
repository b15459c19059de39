"""The parts of a mail: which are text to read and which are files to keep."""

import mimetypes
import re
from collections.abc import Iterator
from email.message import Message
from email.utils import collapse_rfc2231_value

from homeshore.channels.email.parsing import charsets, headers
from homeshore.channels.email.parsing.mail import MailFile, Unreadable, Why

MOST_PARTS = 500
DEEPEST = 40
LONGEST_NAME = 120
LONGEST_BODY = 1_000_000
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,49}/[a-z0-9!#$&^_.+-]{1,49}")


def leaves(message: Message) -> Iterator[tuple[Message, tuple[str, ...]]]:
    """The parts that hold something, in reading order, each with the types of the containers around it.

    A mail attached to a mail is one leaf. Raises Unreadable when there are absurdly many parts, or absurdly deep ones.
    """
    waiting: list[tuple[Message, tuple[str, ...]]] = [(message, ())]
    seen = 0
    while waiting:
        part, around = waiting.pop()
        seen += 1
        if seen > MOST_PARTS or len(around) > DEEPEST:
            raise Unreadable(Why.TOO_MANY_PARTS, f"more than {MOST_PARTS} parts, or {DEEPEST} one in another")
        children = part.get_payload()
        if isinstance(children, list) and part.get_content_maintype() == "multipart":
            inner = (*around, part.get_content_type())
            waiting.extend((child, inner) for child in reversed(children) if isinstance(child, Message))
        else:
            yield part, around


def content(part: Message) -> bytes:
    """The bytes of a leaf, transfer encoding undone; a broken encoding gives what can be had."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\r\n".join(child.as_bytes() for child in payload if isinstance(child, Message))
    try:
        data = part.get_payload(decode=True)
    except ValueError:
        data = str(payload).encode("utf-8", errors="surrogateescape")
    return data if isinstance(data, bytes) else b""


def text_of(part: Message) -> str:
    """The text of a text part, lines ended by a line feed; `format=flowed` lines (RFC 3676) joined."""
    found = charsets.decode(content(part), str(part.get_content_charset("") or ""))
    found = found.replace("\r\n", "\n").replace("\r", "\n")
    if str(part.get_param("format", "")).lower() == "flowed":
        found = unflowed(found[:LONGEST_BODY], delete_space=str(part.get_param("delsp", "")).lower() == "yes")
    return found


def unflowed(found: str, *, delete_space: bool) -> str:
    """Lines that end in a space go on in the next one, but for the signature mark and quoted lines."""
    lines: list[list[str]] = []
    goes_on = False
    for raw in found.split("\n"):
        line = raw[1:] if raw.startswith(" ") else raw
        flows = line.endswith(" ") and line != "-- " and not line.startswith(">")
        shown = line[:-1] if flows and delete_space else line
        if goes_on and not line.startswith(">") and line != "-- ":
            lines[-1].append(shown)
        else:
            lines.append([shown])
        goes_on = flows
    joined = ("".join(pieces) for pieces in lines)
    return "\n".join(line.rstrip() if line != "-- " else line for line in joined)


def is_file(part: Message) -> bool:
    """Whether a leaf is a file rather than text to read."""
    if part.get_content_disposition() == "attachment":
        return True
    if part.get_content_type() not in {"text/plain", "text/html"}:
        return True
    return bool(file_name(part))


def file_of(part: Message, number: int) -> MailFile:
    """A leaf as a file with a harmless name; `number` names the nameless ones."""
    kind = content_type(part)
    name = safe_name(file_name(part))
    if kind == "message/rfc822" and not name:
        inner = part.get_payload()
        attached = inner[0] if isinstance(inner, list) and inner else None
        subject = headers.text(attached, "Subject", longest=80) if isinstance(attached, Message) else ""
        name = safe_name(f"{subject}.eml") if subject else ""
    if not name:
        name = f"file-{number}{mimetypes.guess_extension(kind) or ('.txt' if kind.startswith('text/') else '.bin')}"
    identity = headers.decoded(headers.raw_value(part, "Content-ID")).strip("<> ")
    return MailFile(name=name, content_type=kind, content=content(part), content_id=identity[:200])


def content_type(part: Message) -> str:
    """The type of a part, or octet-stream when what is written is no type."""
    kind = part.get_content_type().lower()
    return kind if _TYPE.fullmatch(kind) else "application/octet-stream"


def file_name(part: Message) -> str:
    """The name a part gives itself, in whichever of the ways there are, or nothing."""
    for field, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        try:
            value = part.get_param(parameter, None, field)
        except (LookupError, ValueError, TypeError):
            continue
        if value is None:
            continue
        if isinstance(value, tuple):
            charset, _, encoded = value
            data = str(encoded).encode("latin-1", errors="replace")
            return charsets.decode(data, charset or "")
        return headers.decoded(str(collapse_rfc2231_value(value)))
    return ""


def safe_name(name: str) -> str:
    """A file name without folders, controls or tricks, short enough for any disk, its ending kept."""
    name = _UNSAFE.sub("_", charsets.harmless(name).replace("\\", "/").rsplit("/", 1)[-1])
    name = " ".join(name.split()).strip(" ._")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
