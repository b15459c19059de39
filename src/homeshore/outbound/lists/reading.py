"""A file of people, read: who they are, and what is wrong, each by its line."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from homeshore.foundation.errors import Invalid, Words
from homeshore.outbound import numbers

MOST_PEOPLE = 50_000
MOST_COLUMNS = 30
LONGEST_CELL = 500
LANGUAGES = {"fr": "fr", "francais": "fr", "french": "fr", "en": "en", "anglais": "en", "english": "en", "": "fr"}
"""What a file may say of a language, without accents and in small letters."""
HEADINGS = {
    "number": {"number", "numero", "telephone", "tel", "phone", "phone number", "numero de telephone", "mobile"},
    "name": {"name", "nom", "nom complet", "full name", "personne"},
    "language": {"language", "langue", "lang"},
}
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a file: the line at which they begin, their number (E.164), name and language, and the free columns."""

    line: int
    number: str
    name: str
    language: str
    told: dict[str, str]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that cannot be taken, and why."""

    line: int
    why: Words


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: the names of its free columns, the people, and the wrong lines."""

    columns: list[str]
    people: list[Person]
    wrong: list[Wrong]


def read(content: bytes) -> Read:
    """Read a CSV file whose first line names its columns: commas, semicolons or tabs between them; UTF-8 or Windows' Western letters.

    Raises Invalid, naming `file`, when nothing of it can be read: no column of numbers, nobody in it, or too many.
    """
    rows = _rows(_text(content))
    head = next(rows, (0, []))[1]
    places = _places(head)
    free = {
        place: heading.strip() for place, heading in enumerate(head) if place not in places.values() and heading.strip()
    }
    if len(free) > MOST_COLUMNS or any(len(heading) > 60 for heading in free.values()):
        raise Invalid(
            fields={
                "file": _("At most %(most)s columns, with names of at most 60 characters.") % {"most": MOST_COLUMNS}
            }
        )
    people: list[Person] = []
    wrong: list[Wrong] = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(people) + len(wrong) == MOST_PEOPLE:
            raise Invalid(fields={"file": _("At most %(most)s people in one file: split it.") % {"most": MOST_PEOPLE}})
        found = _person(line, cells, places, free)
        (people if isinstance(found, Person) else wrong).append(found)  # type: ignore[arg-type]
    if not people and not wrong:
        raise Invalid(
            fields={"file": _("There is nobody in this file: its first line names the columns, people follow.")}
        )
    return Read(list(free.values()), people, wrong)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line at which it begins, as an editor counts them."""
    first = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count))
    begins = 1
    try:
        for cells in rows:
            yield begins, cells
            begins = rows.line_num + 1
    except csv.Error as error:
        raise Invalid(
            fields={"file": _("From line %(line)s on this is no CSV: %(why)s.") % {"line": begins, "why": error}}
        ) from error


def _places(head: Sequence[str]) -> dict[str, int]:
    """Where the columns are that every list has, by the first heading that means them."""
    plain = [_plain(heading) for heading in head]
    found = {
        name: next(place for place, heading in enumerate(plain) if heading in meant)
        for name, meant in HEADINGS.items()
        if meant & set(plain)
    }
    if "number" not in found:
        raise Invalid(
            fields={"file": _("No column is called “number” or “telephone”: the first line must name the columns.")}
        )
    return found


def _plain(heading: str) -> str:
    bare = unicodedata.normalize("NFD", heading.strip().lower())
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).replace("_", " ")


def _person(line: int, cells: Sequence[str], places: dict[str, int], free: dict[int, str]) -> Person | Wrong:
    def cell(place: int | None) -> str:
        return cells[place].strip() if place is not None and place < len(cells) else ""

    told = {heading: cell(place) for place, heading in free.items()}
    written, name = cell(places["number"]), cell(places.get("name"))
    language = LANGUAGES.get(_plain(cell(places.get("language"))))
    if UNSEEN.search("".join(cells)):
        return Wrong(line, _("There is an invisible character in it that cannot be kept."))
    if not written:
        return Wrong(line, _("There is no number."))
    if len(name) > 120 or any(len(each) > LONGEST_CELL for each in told.values()):
        return Wrong(
            line, _("A name has at most 120 characters, another cell at most %(most)s.") % {"most": LONGEST_CELL}
        )
    if language is None:
        return Wrong(
            line,
            _("“%(language)s” is no language that we speak: fr or en.") % {"language": cell(places["language"])[:20]},
        )
    try:
        number = numbers.read(written)
    except Invalid:
        return Wrong(line, _("“%(number)s” is no telephone number.") % {"number": written[:32]})
    return Person(line, number, name, language, told)
