"""Translations without the gettext programs, which a bare machine lacks.

    python scripts/messages.py update     bring the catalogues up to date with the code
    python scripts/messages.py compile    make .mo files (of the .po files named, or of all)
    python scripts/messages.py check      fail when a message has no French

The source strings are English. A message belongs to the nearest `locale` folder above the file that says it.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils import dates
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "homeshore"
LANGUAGE = "fr"
CATALOGUE = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
SPOKEN = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
    # what pure folders say as data, and screens translate
    "Problem": (None, 0, None),
    "unusable": (None, 0, None),
    "counted": (None, 0, 1),
    "_told": (None, 0, None),
    "BadLine": (None, 0, None),
}
"""The functions that say a message: which of their arguments are its context, its singular and its plural."""
# Nothing here changes by itself (a date would), so that two branches merge.
HEADER = b"""\
msgid ""
msgstr ""
"Language: fr\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""
VARIABLE = re.compile(r"%\(\w+\)[a-z]")
FRENCH_SPACES = (
    (re.compile(r"[ \u00a0]+(?=[;!?€»]|%(?![(a-z]))"), "\u202f"),
    (re.compile(r"[ \u00a0]+(?=:)"), "\u00a0"),
    (re.compile(r"(?<=«)[ \u00a0]+"), "\u202f"),
)
"""Spaces that do not break: narrow ones before ; ! ? % € and inside « », a full one before the colon."""
TEMPLATES = {".html", ".txt"}

NAMES_OF_DATES = (dates.WEEKDAYS, dates.WEEKDAYS_ABBR, dates.MONTHS, dates.MONTHS_3)
"""What every date of the house is made of: a catalogue that says one of these for itself says it for all of them."""

Key = tuple[str | None, str]


def key(message: Message) -> Key:
    """What makes a message one message: its context and its (singular) English."""
    english = message.id if isinstance(message.id, str) else message.id[0]
    return message.context, english


Said = tuple[int, str | tuple[str, ...], str | None]
"""One message where it is said: line, English (singular and plural where there are two), context."""


def messages_said() -> dict[Path, Catalog]:
    """Every message in code and templates, by the catalogue that it belongs to."""
    said: dict[Path, Catalog] = {}
    for file in sorted(SOURCE.rglob("*")):
        if file.suffix == ".py":
            found = said_in_code(file.read_text(encoding="utf-8"))
        elif file.suffix in TEMPLATES and "templates" in file.parts:
            found = said_in_template(file)
        else:
            continue
        for line, english, context in found:
            place = (str(file.relative_to(ROOT)), line)
            said.setdefault(catalogue_of(file), Catalog(LANGUAGE)).add(english, locations=[place], context=context)
    return said


def said_in_code(source: str) -> Iterator[Said]:
    """The messages of Python code, those inside f-strings too; what is not plain text cannot be translated."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda call: call.lineno):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", None)
        if name not in SPOKEN:
            continue
        texts = [each.value if isinstance(each, ast.Constant) else None for each in call.args]
        context, singular, plural = (texts[n] if n is not None and n < len(texts) else None for n in SPOKEN[name])
        if not isinstance(singular, str):
            continue
        english = (singular, plural) if isinstance(plural, str) else singular
        yield call.lineno, english, context if isinstance(context, str) else None


def said_in_template(file: Path) -> Iterator[Said]:
    """The messages of a Django template, by way of the calls that Django makes of them."""
    calls = templatize(file.read_text(encoding="utf-8"), origin=str(file))
    source = "\n".join(line.strip() for line in calls.split("\n"))
    for line, english, _comments, context in extract("python", io.BytesIO(source.encode())):
        yield line, english, context


def catalogue_of(file: Path) -> Path:
    for folder in file.parents:
        if (folder / "locale").is_dir() or folder == SOURCE:
            return folder / CATALOGUE
    raise ValueError(f"{file} is outside {SOURCE}")


def catalogues() -> Iterator[tuple[Path, Catalog]]:
    for path in sorted(SOURCE.rglob(str(CATALOGUE))):
        with path.open("rb") as file:
            yield path, read_po(file, locale=LANGUAGE)


def is_translated(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else message.string or [""]
    return all(strings) and not message.fuzzy


def forgotten(message: Message) -> set[str]:
    """The variables that the French says otherwise than the English; a singular may leave its number out."""
    if not isinstance(message.id, str) or not message.string:
        return set()
    return set(VARIABLE.findall(message.id)) ^ set(VARIABLE.findall(str(message.string)))


def update() -> None:
    """Every message into its catalogue, with the French that any catalogue has for it."""
    known = dict(catalogues())
    french = {key(each): each for catalogue in known.values() for each in catalogue if each.id and is_translated(each)}
    for path, said in messages_said().items():
        known.pop(path, None)
        for message in said:
            before = french.get(key(message))
            if before is not None and isinstance(before.id, type(message.id)):
                message.string = before.string
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(HEADER)
            write_po(file, said, width=120, omit_header=True, sort_by_file=True, include_lineno=False)
        empty = sum(1 for message in said if message.id and not is_translated(message))
        print(f"{path.relative_to(ROOT)}: {len(said)} messages, {empty} without French")
    for path in known:
        print(f"{path.relative_to(ROOT)}: nothing in the code says any of these messages; remove the file.")


def catalogues_to_compile() -> list[Path]:
    """The .po files that have changed since they were compiled, if ever they were."""
    both = [(path, path.with_suffix(".mo")) for path in sorted(SOURCE.rglob(str(CATALOGUE)))]
    return [po for po, mo in both if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime]


def spaced(french: str) -> str:
    """French with the spaces that belong to its punctuation; whoever translates need not type them."""
    for space, right in FRENCH_SPACES:
        french = space.sub(right, french)
    return french


def compile_catalogue(path: Path) -> None:
    """Write the .mo beside a .po, whole or not at all."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=LANGUAGE, abort_invalid=True)
    for message in catalogue:
        if message.id and message.string:
            several = not isinstance(message.string, str)
            message.string = tuple(map(spaced, message.string)) if several else spaced(message.string)
    unfinished = path.with_suffix(".mo.part")
    with unfinished.open("wb") as file:
        write_mo(file, catalogue)
    unfinished.replace(path.with_suffix(".mo"))


def faults() -> list[str]:
    """What stands between the catalogues and complete French, one line each."""
    found: list[str] = []
    translated: set[Key] = set()
    of_dates = {(None, str(name)) for names in NAMES_OF_DATES for name in names.values()}
    for path, catalogue in catalogues():
        for message in catalogue:
            if not message.id:
                continue
            if is_translated(message):
                translated.add(key(message))
            if wrong := forgotten(message):
                found.append(f"{path.relative_to(ROOT)}:{message.lineno}: other variables: {', '.join(sorted(wrong))}")
            if key(message) in of_dates:
                found.append(
                    f"{path.relative_to(ROOT)}:{message.lineno}: all dates would say it too; use django.utils.dates"
                )
            found += [f"{path.relative_to(ROOT)}:{message.lineno}: {error}" for error in message.check(catalogue)]
    for catalogue in messages_said().values():
        for message in catalogue:
            if message.id and key(message) not in translated:
                file, line = message.locations[0]
                found.append(f"{file}:{line}: no French for {key(message)[1]!r}")
    return found


def main(arguments: list[str]) -> int:
    settings.configure(USE_I18N=False)
    match arguments:
        case ["update"]:
            update()
        case ["compile", *paths]:
            for path in [Path(path) for path in paths] or [path for path, _ in catalogues()]:
                compile_catalogue(path)
        case ["check"]:
            found = faults()
            print("\n".join(found), file=sys.stderr)
            if found:
                print(f"{len(found)} messages are not ready: make messages, then translate.", file=sys.stderr)
            return 1 if found else 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
