"""Files of people, as people make them."""

from __future__ import annotations

from datetime import date

import pytest

from homeshore.foundation.errors import Invalid
from homeshore.outbound.lists import reading
from homeshore.outbound.lists.reading import Consent, Person, read

TODAY = date(2026, 11, 23)


def test_a_file_of_a_french_spreadsheet_is_read_with_its_free_columns():
    told = (
        "Nom;Téléphone;Langue;Facture\r\nClaire Vasseur;01 45 06 07 08;;F-204\r\nPaul Ames;+44 20 7946 0958;en;=1+1\r\n"
    )
    expected = [
        Person(2, "+33145060708", "Claire Vasseur", "fr", {"Facture": "F-204"}),
        Person(3, "+442079460958", "Paul Ames", "en", {"Facture": "=1+1"}),
    ]
    for encoded in (told.encode("utf-8-sig"), told.encode("cp1252")):
        found = read(encoded, today=TODAY)
        assert (found.people, found.columns, found.wrong) == (expected, ["Facture"], [])


def test_each_wrong_line_is_named_as_an_editor_counts_it_and_the_others_are_read():
    told = 'number,name,language,note\n0145060708,Claire,fr,"two\nlines"\n12,Paul,fr,\n,Zoé,fr,\n\n0145060709,Ida,xx,\n0145060710,Max,en,\n'
    found = read(told.encode(), today=TODAY)
    assert [(each.line, each.name) for each in found.people] == [(2, "Claire"), (8, "Max")]
    assert [each.line for each in found.wrong] == [4, 5, 7]
    assert "“12”" in str(found.wrong[0].why)


def test_a_line_that_cannot_be_kept_is_wrong():
    found = read(("number;name\n0145060708;a\x01b\n0145060708;" + "x" * 121).encode(), today=TODAY)
    assert ([each.line for each in found.wrong], found.people) == ([2, 3], [])


@pytest.mark.parametrize("told", [b"", b"name;city\nClaire;Lyon\n", b"number;name\n", b"\xff\xfe\x00"])
def test_a_file_in_which_nobody_can_be_found_says_so(told):
    with pytest.raises(Invalid) as refused:
        read(told, today=TODAY)
    assert set(refused.value.fields) == {"file"}


def test_a_file_of_too_many_people_or_columns_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_PEOPLE", 1)
    with pytest.raises(Invalid):
        read(b"number\n0145060708\n0145060709\n", today=TODAY)
    with pytest.raises(Invalid):
        read(("number;" + ";".join(f"c{n}" for n in range(31)) + "\n0145060708\n").encode(), today=TODAY)


WORDS = "J’accepte d’être appelé par Maison Lavande pour ses offres."
COLUMNS = "number;date du consentement;consent source;Texte du consentement;ville"


def test_a_consent_is_read_with_its_day_source_and_words_which_agents_are_not_shown():
    told = f"""{COLUMNS}
0145060708;2026-11-02;Formulaire du site;{WORDS};Lyon
0145060709;02/11/2026 00:00:00;Salon;{WORDS};
0145060710;;;;Nice
"""
    found = read(told.encode(), today=TODAY)
    assert [(each.consent, each.told) for each in found.people] == [
        (Consent(date(2026, 11, 2), "Formulaire du site", WORDS), {"ville": "Lyon"}),
        (Consent(date(2026, 11, 2), "Salon", WORDS), {"ville": ""}),
        (None, {"ville": "Nice"}),
    ]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (f"2026-11-02;;{WORDS}", "all three, or none"),
        ("2026-11-02;Salon;", "all three, or none"),
        (f"hier;Salon;{WORDS}", "“hier” is no date"),
        (f"2026-11-24;Salon;{WORDS}", "lies in the future"),
        (f"2026-11-02;Salon;{'x' * 2001}", "at most 2000"),
    ],
)
def test_a_consent_that_proves_nothing_is_a_wrong_line(cells, says):
    found = read(f"{COLUMNS}\n0145060708;{cells};\n".encode(), today=TODAY)
    assert ([each.line for each in found.wrong], found.people) == ([2], [])
    assert says in str(found.wrong[0].why)


def test_a_consent_of_which_a_column_is_missing_is_told_of_the_whole_file():
    with pytest.raises(Invalid) as refused:
        read(b"number;consent date\n0145060708;2026-11-02\n", today=TODAY)
    assert "three columns" in str(refused.value.fields["file"])
