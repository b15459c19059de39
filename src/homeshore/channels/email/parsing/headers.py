"""Header fields into text, addresses and message ids, however they were written."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from itertools import islice

from homeshore.channels.email.parsing import charsets

LONGEST_FIELD = 20_000
MOST_VALUES = 50
MOST_REFERENCES = 50
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_ONE_MAILBOX = re.compile(
    r"(?P<name>[^<>\"(@]{0,300})<(?P<address>[^<>]{3,300})>"
)  # also "NAME, First <address>", unquoted
_LETTER = r"[^\s@<>,;:\"()\[\]\\\x00-\x1f]"
_ADDRESS = re.compile(rf"(?<!{_LETTER}){_LETTER}{{1,64}}@{_LETTER}{{1,189}}(?!{_LETTER})")  # RFC 5321: 254 at most


def raw_values(part: Message, name: str) -> list[str]:
    """The values of a field as written, as many and as long as in any honest mail."""
    values = (str(value)[:LONGEST_FIELD] for key, value in part.raw_items() if key.lower() == name.lower())
    return list(islice(values, MOST_VALUES))


def raw_value(part: Message, name: str) -> str:
    """The first value of a field as written, or nothing."""
    return next(iter(raw_values(part, name)), "")


def text(part: Message, name: str, *, longest: int = 300) -> str:
    """A field as one line of text, encoded words (RFC 2047) and stray 8-bit bytes decoded."""
    return decoded(raw_value(part, name))[:longest]


def decoded(raw: str) -> str:
    """A raw value as one line of text."""
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError):
        pieces = [(raw, None)]
    words = []
    for piece, charset in pieces:
        data = piece.encode("ascii", errors="surrogateescape") if isinstance(piece, str) and is_raw(piece) else piece
        words.append(charsets.decode(data, charset or "") if isinstance(data, bytes) else charsets.harmless(data))
    return " ".join("".join(words).split())


def is_raw(piece: str) -> bool:
    """Text as the parser gives it: ASCII, and bytes above it as surrogates."""
    return all(ord(letter) < 128 or 0xDC80 <= ord(letter) <= 0xDCFF for letter in piece)


def addresses(part: Message, *names: str) -> list[tuple[str, str]]:
    """(name, address) pairs of address fields, in order; addresses in lower case, entries without one left out."""
    found = []
    for name in names:
        for raw in raw_values(part, name):
            for display, address in mailboxes(raw):
                found.append((display, address))
    return found


def mailboxes(raw: str) -> list[tuple[str, str]]:
    """The (name, address) pairs of one raw address field.

    Python's parser comes first; what it refuses is searched for anything that looks like an address.
    """
    alone = _ONE_MAILBOX.fullmatch(raw.strip())
    if alone and (match := _ADDRESS.fullmatch(decoded(alone["address"]).strip())):
        return [(decoded(alone["name"]).strip(" \"'")[:120], match.group().lower())]
    pairs = []
    for display, address in getaddresses([raw]):
        match = _ADDRESS.fullmatch(decoded(address).strip())
        if match:
            pairs.append((decoded(display).strip(" \"'")[:120], match.group().lower()))
    if pairs:
        return pairs
    plain = decoded(raw)
    return [
        (plain[: match.start()].strip(" <\"'")[:120] if len(plain) < 500 else "", match.group().lower())
        for match in [_ADDRESS.search(plain)]
        if match
    ]


def message_ids(part: Message, name: str) -> tuple[str, ...]:
    """The message ids in a field, in order and once each, the last ones when there are very many."""
    found = dict.fromkeys(each for raw in raw_values(part, name) for each in _MESSAGE_ID.findall(decoded(raw)))
    return tuple(found)[-MOST_REFERENCES:]
