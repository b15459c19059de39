"""Messages are found where they are said, and nothing incomplete is called complete."""

from pathlib import Path

import pytest

from scripts import messages

CATALOGUE = """\
msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small house: one module, one template, one catalogue."""
    package = tmp_path / "src" / "homeshore"
    (package / "locale" / "fr" / "LC_MESSAGES").mkdir(parents=True)
    (package / "templates").mkdir()
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", package)
    return package


def catalogue(source: Path, text: str) -> Path:
    path = source / messages.CATALOGUE
    path.write_text(CATALOGUE + text, encoding="utf-8")
    return path


def said(source: Path) -> set[messages.Key]:
    return {messages.key(each) for found in messages.messages_said().values() for each in found if each.id}


def test_messages_of_code_are_found(source: Path):
    (source / "a.py").write_text(
        'A = _("Close")\nB = ngettext("one act", "%(n)s acts", n)\nC = pgettext_lazy("a door", "Open")\nD = "not said"\n'
    )
    assert said(source) == {(None, "Close"), (None, "one act"), ("a door", "Open")}


def test_messages_inside_f_strings_are_found(source: Path):
    (source / "a.py").write_text("title = f\"<h1>{_('Schedule')}</h1>\"\n")
    assert said(source) == {(None, "Schedule")}


def test_french_moves_with_its_message_to_a_nearer_catalogue(source: Path):
    catalogue(source, 'msgid "Close"\nmsgstr "Fermer"\n')
    (source / "desk" / "locale").mkdir(parents=True)
    (source / "desk" / "a.py").write_text('_("Close")')
    messages.update()
    with (source / "desk" / messages.CATALOGUE).open("rb") as file:
        assert [each.string for each in messages.read_po(file, locale="fr") if each.id] == ["Fermer"]


def test_messages_of_templates_are_found(source: Path):
    (source / "templates" / "a.html").write_text(
        """{% load i18n %}
           <p title="{% translate "Close (now" %}">{{ _("It's") }} {% translate "Open" context "a door" %}
             {% blocktranslate count n=acts trimmed %}
               one act
             {% plural %}
               {{ n }} acts
             {% endblocktranslate %}"""
    )
    assert said(source) == {(None, "Close (now"), (None, "It's"), ("a door", "Open"), (None, "one act")}


@pytest.mark.parametrize(
    "entry",
    [
        "",
        'msgid "Close"\nmsgstr ""\n',
        '#, fuzzy\nmsgid "Close"\nmsgstr "Fermer"\n',
        'msgctxt "a door"\nmsgid "Close"\nmsgstr "Fermer"\n',
    ],
    ids=["absent", "empty", "fuzzy", "of another context"],
)
def test_a_message_without_french_is_a_fault(source: Path, entry: str):
    (source / "a.py").write_text('_("Close")')
    catalogue(source, entry)
    assert messages.faults() == ["src/homeshore/a.py:1: no French for 'Close'"]


def test_a_message_with_french_is_none(source: Path):
    (source / "a.py").write_text('_("Close")')
    catalogue(source, 'msgid "Close"\nmsgstr "Fermer"\n')
    assert messages.faults() == []


def test_french_that_forgets_a_variable_is_a_fault(source: Path):
    (source / "a.py").write_text('_("%(n)s acts")')
    catalogue(source, '#, python-format\nmsgid "%(n)s acts"\nmsgstr "des actes"\n')
    assert messages.faults() == ["src/homeshore/locale/fr/LC_MESSAGES/django.po:8: other variables: %(n)s"]


def test_an_update_keeps_the_french_and_adds_what_is_new(source: Path):
    (source / "a.py").write_text('_("Close")\n_("Open")')
    path = catalogue(source, 'msgid "Close"\nmsgstr "Fermer"\n\nmsgid "Gone"\nmsgstr "Parti"\n')
    messages.update()
    with path.open("rb") as file:
        kept = {each.id: each.string for each in messages.read_po(file, locale="fr") if each.id}
    assert kept == {"Close": "Fermer", "Open": ""}


def test_a_compiled_catalogue_speaks_french(source: Path):
    import gettext

    path = catalogue(
        source, 'msgid "one act"\nmsgid_plural "%(n)s acts"\nmsgstr[0] "%(n)s acte"\nmsgstr[1] "%(n)s actes"\n'
    )
    messages.compile_catalogue(path)
    with path.with_suffix(".mo").open("rb") as file:
        french = gettext.GNUTranslations(file)
    assert [french.ngettext("one act", "%(n)s acts", n) for n in (0, 1, 2)] == [
        "%(n)s acte",
        "%(n)s acte",
        "%(n)s actes",
    ]


def test_french_spaces_do_not_break_and_variables_keep_theirs():
    typed = ["Prêt ? « Oui » ; 80 % : bien !", "de %(name)s à %(n)d %%", "https://exemple.fr"]
    assert [messages.spaced(each) for each in typed] == [
        "Prêt\u202f? «\u202fOui\u202f»\u202f; 80\u202f%\u00a0: bien\u202f!",
        "de %(name)s à %(n)d\u202f%%",
        "https://exemple.fr",
    ]


def test_a_catalogue_that_says_a_day_for_itself_is_refused(source: Path):
    catalogue(source, 'msgid "Tuesday"\nmsgstr "Mardi"\n')
    assert [each.split(": ")[1] for each in messages.faults()] == ["all dates would say it too; use django.utils.dates"]
