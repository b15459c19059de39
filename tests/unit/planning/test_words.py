"""What the engine says in codes and plain texts, as a French reader finds it."""

from datetime import date

import pytest
from django.utils import translation

from homeshore.planning.engine.problems import Problem, counted
from homeshore.planning.engine.scenarios import defaults_for
from homeshore.planning.figures.plain import problems
from homeshore.planning.report.language import figure, short_day, written_day
from homeshore.planning.report.parts import gap_in_words
from homeshore.planning.report.words import layout_in_words, pattern_in_words, read_as, said, source_in_words


@pytest.fixture(autouse=True)
def in_french():
    with translation.override("fr"):
        yield


def test_how_a_file_was_read_is_said_in_the_readers_language():
    assert layout_in_words("UTF-8, separated by tab") == "UTF-8, séparé par des tabulations"
    assert layout_in_words("Excel, first sheet") == "Excel, première feuille"
    assert layout_in_words("Parquet") == "Parquet"


def test_the_source_of_an_employees_hour_keeps_its_reference():
    source = defaults_for(date(2026, 11, 22))["on_site"]["paid_hour"].source
    said = source_in_words(source)
    assert said.startswith(
        "coût pour l’employeur de 1,1 fois le SMIC, 35 h par semaine, aux taux en vigueur depuis le "
    )
    assert "modele-social 11.1" in said
    assert said.endswith("licence MIT, table du 22 novembre 2026")
    assert "rates since" not in said
    assert source_in_words("agreement of the works council: 2026") == "agreement of the works council: 2026"


def test_what_nobody_covers_names_the_day_and_the_clock():
    text = "day %(day)d, %(start)g h to %(end)g h: up to %(worst)d agents are missing for %(skills)s, even if all who offered work"
    (gap,) = problems([Problem(text, {"day": 3, "start": 6.5, "end": 9.0, "skills": "PS", "worst": 2})])
    one = {**gap, "values": {**gap["values"], "worst": 1}}
    assert "il manque un agent sur PS" in gap_in_words(one, "2026-11-23")
    assert gap_in_words(gap, "2026-11-23") == (
        "mer 25 nov, 06:30–09:00\u202f: il manque jusqu’à 2 agents sur PS, même si tous ceux qui se proposent travaillent"
    )


def test_numbers_and_days_are_written_as_the_reader_does():
    text = "open from %(first)g h to %(last)g h: %(outside).1f calls a day come outside and are not staffed"
    told = Problem(text, {"first": 6.5, "last": 24.0, "outside": 1234.56})
    assert (
        said(told)
        == "ouvert de 06:30 à 24:00\xa0: 1\u202f234,6 appels par jour arrivent en dehors et ne sont pas couverts"
    )
    assert (figure(-1234.5, 1), written_day(date(2026, 9, 1), "l j F"), short_day("2026-09-01")) == (
        "−1\u202f234,5",
        "mardi 1er septembre",
        "mar 1er sep",
    )
    with translation.override("en"):
        assert (figure(-1234.5, 1), written_day("2026-09-01", "l j F")) == ("−1,234.5", "Tuesday 1 September")


def test_one_thing_and_several_are_told_apart_also_when_kept_as_data():
    one, several = (
        counted("%(count)d row is lost", "%(count)d rows are lost", count, field="arrived") for count in (1, 2)
    )
    assert (str(one), str(several)) == ("field “arrived”: 1 row is lost", "field “arrived”: 2 rows are lost")
    few, many = (
        counted("%(count)d contact is ignored, by its outcome (%(values)s)",
                "%(count)d contacts are ignored, by their outcome (%(values)s)", count, field="outcome", values="LOST")
        for count in (1, 2_000)
    )  # fmt: skip
    assert said(few) == "champ «\u202fissue\u202f»\xa0: 1 contact est ignoré d’après son issue (LOST)"
    assert [said(each) for each in problems([few, many])] == [said(few), said(many)]
    assert "2\u202f000 contacts sont ignorés" in said(many)


def test_the_format_of_dates_is_told_in_letters():
    assert pattern_in_words("%d/%m/%Y %H:%M:%S%.f") == "JJ/MM/AAAA HH:mm:ss,000"


def test_what_is_wrong_with_a_file_or_a_setting_names_it_in_the_readers_words():
    text = "the header reads “%(text)s” and the lines below it are separated by %(separator)s: use one separator throughout"
    mixed = Problem(text, {"text": "start;calls", "separator": "comma"}, line=1)
    assert said(mixed).endswith(
        "les lignes suivantes sont séparées par des virgules\xa0: employez partout le même séparateur"
    )
    assert said(Problem("%(count)d", {"count": 1}, field="windows")).startswith("champ «\u202fheures proposées\u202f»")
    assert (read_as("date format", "%d/%m/%Y"), read_as("outcome “X”", "ignored"), read_as("queue", "ignored")) == (
        "JJ/MM/AAAA", "ignoré", "ignored",
    )  # fmt: skip
