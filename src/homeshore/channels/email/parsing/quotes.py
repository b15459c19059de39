"""What is new in a text, what it quotes, and the signature.

Written here rather than taken from a library: those tried (mail-parser-reply, quotequail) do not know the forms of French
mailers, or change the text they leave. Every test looks at single lines, so the time is linear in the text.
"""

import re
from dataclasses import dataclass

LONGEST_ATTRIBUTION = 5  # lines: "Le dim. 22 nov. 2026 à 10:42, Service client" may be wrapped
LONGEST_SIGNATURE = 12

_WROTE = re.compile(r"(?:a écrit|a écrit|wrote|schrieb|escribió|ha scritto)\s*:\s*$")
_ATTRIBUTION_WORDS = ("Le ", "On ", "Am ", "El ", "Il ")
_MARKED = re.compile(
    r"^\s*[-_=]{2,}\s*(?:message d['’]origine|message original|original message|courriel original)\s*[-_=]{2,}\s*$",
    re.I,
)
_LA_POSTE = re.compile(r"^>\s*Message du \d")
_RULE = re.compile(r"^\s*_{10,}\s*$")
_FIELD = re.compile(
    r"^(?:>\s?)?\s*\*{0,2}(?P<name>De|From|Envoyé|Envoyé le|Date|Sent|À|A|To|Objet|Subject|Cc|Copie à|Répondre à|Reply-To)\s*:\*{0,2}(?:\s|$)",
    re.I,
)
_FIRST_FIELD = {"de", "from", "envoyé", "date"}
_FORWARD = re.compile(
    r"^\W*(?:forwarded message|begin forwarded message|message transféré|message réexpédié|"
    r"début du message (?:transféré|réexpédié))\b",
    re.I,
)
_MOBILE = re.compile(
    r"^(?:envoyé (?:de mon|depuis (?:mon|l)|à partir d)|sent from (?:my|outlook|yahoo|proton)|"
    r"télécharge[rz] outlook|get outlook for|obtenez outlook)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Split:
    """A text in three: what is newly written, its signature, and what is quoted."""

    new: str
    signature: str = ""
    quoted: str = ""


def split(text: str) -> Split:
    """Split a mail's text. Answers written between quoted lines need them: such a text stays whole, as does a forward."""
    lines = text.split("\n")
    place = next((index for index in range(len(lines)) if opens_quote(lines, index) or is_forward(lines[index])), None)
    if place is None or is_forward(lines[place]):
        return without_signature(text)
    end = end_of_quote(lines, place)
    before, quoted, after = lines[:place], lines[place:end], lines[end:]
    if any(line.startswith(">") for line in after):
        return without_signature(text)
    answer = without_signature("\n".join([*before, *after]))
    if not answer.new:
        return without_signature(text)
    return Split(answer.new, answer.signature, "\n".join(quoted).strip("\n"))


def opens_quote(lines: list[str], index: int) -> bool:
    """Whether the quotation begins at this line."""
    line = lines[index]
    return (
        bool(_MARKED.match(line))
        or bool(_LA_POSTE.match(line))
        or attribution_length(lines, index) > 0
        or opens_fields(lines, index)
        or (bool(_RULE.match(line)) and any(opens_fields(lines, later) for later in following(lines, index, 2)))
        or (line.startswith(">") and not opens_quote_soon(lines, index))
    )


def opens_quote_soon(lines: list[str], index: int) -> bool:
    """A marked line that only leads to the mark proper (Apple quotes the attribution itself)."""
    return lines[index].strip("> ") == "" and index + 1 < len(lines) and attribution_length(lines, index + 1) > 0


def attribution_length(lines: list[str], index: int) -> int:
    """How many lines an attribution that begins here takes ("On …, … wrote:"), or 0."""
    if not lines[index].lstrip("> ").startswith(_ATTRIBUTION_WORDS):
        return 0
    joined = ""
    for length, line in enumerate(lines[index : index + LONGEST_ATTRIBUTION], start=1):
        if not line.strip() or len(joined) > 400:
            return 0
        joined = f"{joined} {line.strip()}"
        if _WROTE.search(joined[-40:]):
            return length if is_attribution(joined.strip("> ")) else 0
    return 0


def is_attribution(joined: str) -> bool:
    """It names a date, and a person or a time."""
    return any(letter.isdigit() for letter in joined) and any(mark in joined[:-1] for mark in "@,:")


def opens_fields(lines: list[str], index: int) -> bool:
    """Whether a block of mail fields as Outlook writes it begins here: From, then two more within a few lines."""
    first = _FIELD.match(lines[index])
    if not first or first["name"].lower() not in _FIRST_FIELD:
        return False
    names = {first["name"].lower()}
    for later in following(lines, index, 6):
        field = _FIELD.match(lines[later])
        if field:
            names.add(field["name"].lower())
    return len(names) >= 3


def following(lines: list[str], index: int, count: int) -> range:
    return range(index + 1, min(index + 1 + count, len(lines)))


def end_of_quote(lines: list[str], place: int) -> int:
    """Where the quotation ends: after its marked lines, or at the end of the text when lines are not marked."""
    start = place + attribution_length(lines, place)
    index = start
    while index < len(lines) and not lines[index].strip():
        index += 1
    if index >= len(lines) or not lines[index].startswith(">"):
        return len(lines)
    end = index
    while index < len(lines) and (lines[index].startswith(">") or not lines[index].strip()):
        index += 1
        end = index
    return end


def is_forward(line: str) -> bool:
    """A mark above a mail passed on: what follows is what the author wants to show."""
    return bool(_FORWARD.match(line))


def without_signature(text: str) -> Split:
    """Take off what follows the signature mark ("-- "), or the closing line of a telephone."""
    lines = text.strip("\n").rstrip().split("\n")
    for index in range(len(lines) - 1, max(-1, len(lines) - 1 - LONGEST_SIGNATURE), -1):
        if lines[index] in {"-- ", "--"} and index > 0:
            return Split("\n".join(lines[:index]).rstrip(), "\n".join(lines[index + 1 :]).strip("\n"))
    end = len(lines)
    while end > 1 and (not lines[end - 1].strip() or _MOBILE.match(lines[end - 1].strip())):
        end -= 1
    new = "\n".join(lines[:end]).rstrip()
    if not new.strip() or _MOBILE.match(new.strip()):
        return Split("\n".join(lines).strip())
    return Split(new, "\n".join(line for line in lines[end:] if line.strip()))
