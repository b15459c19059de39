"""Translations without the gettext programs, which a bare machine lacks.

    python scripts/messages.py update     bring the catalogues up to date with the code
    python scripts/messages.py compile    make .mo files (of the .po files named, or of all)
    python scripts/messages.py check      fail when a message has no French

The source strings are English. A message belongs to the nearest `locale` folder above the file that says it.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "homeshore"
LANGUAGE = "fr"
CATALOGUE = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
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
TEMPLATES = {".html", ".txt"}

Key = tuple[str | None, str]


def key(message: Message) -> Key:
    """What makes a message one message: its context and its (singular) English."""
    english = message.id if isinstance(message.id, str) else message.id[0]
    return message.context, english


def messages_said() -> dict[Path, Catalog]:
    """Every message in code and templates, by the catalogue that it belongs to."""
    said: dict[Path, Catalog] = {}
    for file in sorted(SOURCE.rglob("*")):
        if file.suffix != ".py" and not (file.suffix in TEMPLATES and "templates" in file.parts):
            continue
        for line, english, comments, context in extract(
            "python", io.BytesIO(as_python(file)), KEYWORDS, comment_tags=["Translators:"]
        ):
            place = (str(file.relative_to(ROOT)), line)
            catalogue = said.setdefault(catalogue_of(file), Catalog(LANGUAGE))
            catalogue.add(english, locations=[place], auto_comments=comments, context=context)
    return said


def as_python(file: Path) -> bytes:
    """The file as something that the Python extractor can read; a template becomes its gettext calls."""
    source = file.read_text(encoding="utf-8")
    if file.suffix in TEMPLATES:
        calls = templatize(source, origin=str(file))
        source = "\n".join(line.strip() for line in calls.split("\n"))
    return source.encode()


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
    known = dict(catalogues())
    translated = {key(message) for catalogue in known.values() for message in catalogue if is_translated(message)}
    for path, said in messages_said().items():
        new = known.pop(path, Catalog(LANGUAGE))
        here = {key(message): message for message in new if message.id}
        fresh = Catalog(LANGUAGE)
        for message in said:
            if not message.id or (key(message) in translated and key(message) not in here):
                continue
            before = here.get(key(message))
            fresh.add(
                message.id,
                before.string if before and isinstance(before.id, type(message.id)) else None,
                locations=message.locations,
                auto_comments=message.auto_comments,
                context=message.context,
                flags=message.flags,
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(HEADER)
            write_po(file, fresh, width=120, omit_header=True, sort_by_file=True, include_lineno=False)
        empty = sum(1 for message in fresh if message.id and not is_translated(message))
        print(f"{path.relative_to(ROOT)}: {len(fresh)} messages, {empty} without French")
    for path in known:
        print(f"{path.relative_to(ROOT)}: nothing in the code says any of these messages; remove the file.")


def catalogues_to_compile() -> list[Path]:
    """The .po files that have changed since they were compiled, if ever they were."""
    both = [(path, path.with_suffix(".mo")) for path in sorted(SOURCE.rglob(str(CATALOGUE)))]
    return [po for po, mo in both if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime]


def compile_catalogue(path: Path) -> None:
    """Write the .mo beside a .po, whole or not at all."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=LANGUAGE, abort_invalid=True)
    unfinished = path.with_suffix(".mo.part")
    with unfinished.open("wb") as file:
        write_mo(file, catalogue)
    unfinished.replace(path.with_suffix(".mo"))


def faults() -> list[str]:
    """What stands between the catalogues and complete French, one line each."""
    found: list[str] = []
    translated: set[Key] = set()
    for path, catalogue in catalogues():
        for message in catalogue:
            if not message.id:
                continue
            if is_translated(message):
                translated.add(key(message))
            if wrong := forgotten(message):
                found.append(f"{path.relative_to(ROOT)}:{message.lineno}: other variables: {', '.join(sorted(wrong))}")
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
