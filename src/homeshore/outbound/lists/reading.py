"""A file of people, read: who they are, and what is wrong, each by its line."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

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
    "consent_date": {"consent date", "date of consent", "date du consentement", "date consentement"},
    "consent_source": {"consent source", "source of consent", "source du consentement", "source consentement"},
    "consent_wording": {"consent wording", "wording of consent", "texte du consentement", "texte consentement"},
}
CONSENT = ("consent_date", "consent_source", "consent_wording")
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")
LONGEST_WORDING = 2000
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Consent:
    """That somebody agreed to be called to sell them something: the day, where they said so, and the exact words."""

    on: date
    source: str
    wording: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a file: the line at which they begin, their number (E.164), name and language, the free columns, and their consent."""

    line: int
    number: str
    name: str
    language: str
    told: dict[str, str]
    consent: Consent | None = None


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


def read(content: bytes, *, today: date) -> Read:
    """Read a CSV file whose first line names its columns: commas, semicolons or tabs between them; UTF-8 or Windows' Western letters.

    A consent has three columns, and is from `today` at the latest. Raises Invalid, naming `file`, when nothing of it can be read: no column
    of numbers, one of a consent without the others, nobody in it, or too many.
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
        found = _person(line, cells, places, free, today)
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
    if 0 < sum(name in found for name in CONSENT) < len(CONSENT):
        raise Invalid(
            fields={"file": _("A consent needs three columns: “consent date”, “consent source”, “consent wording”.")}
        )
    return found


def _plain(heading: str) -> str:
    bare = unicodedata.normalize("NFD", heading.strip().lower())
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).replace("_", " ")


def _person(
    line: int, cells: Sequence[str], places: dict[str, int], free: dict[int, str], today: date
) -> Person | Wrong:
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
    given = tuple(cell(places.get(each)) for each in CONSENT)
    consent = _consent(*given, today=today) if any(given) else None
    if consent is not None and not isinstance(consent, Consent):
        return Wrong(line, consent)
    return Person(line, number, name, language, told, consent)


def _consent(given_on: str, source: str, wording: str, *, today: date) -> Consent | Words:
    """A consent as a file tells it, or what keeps it from being one."""
    if not (given_on and source and wording):
        return _("A consent has its date, where it was given and its exact words: all three, or none.")
    if len(source) > LONGEST_CELL or len(wording) > LONGEST_WORDING:
        return _("The source of a consent has at most %(source)s characters, its words at most %(wording)s.") % {
            "source": LONGEST_CELL,
            "wording": LONGEST_WORDING,
        }
    on = _date(re.split(r"[ T]", given_on, maxsplit=1)[0])
    if on is None:
        return _("“%(date)s” is no date of a consent: write it like 2026-11-30 or 30/11/2026.") % {
            "date": given_on[:20]
        }
    if on > today:
        return _("A consent of %(date)s lies in the future.") % {"date": given_on[:20]}
    return Consent(on, source, wording)


def _date(written: str) -> date | None:
    for form in DATES:
        try:
            return datetime.strptime(written, form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    return None
