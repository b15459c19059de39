"""Reading recorded calls: what is of use is used, and what is not is told by its line."""
# ruff: noqa: DTZ001 (recorded times are local, without a zone)

from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.replay.calls import (
    LEFT,
    SERVED,
    BadLine,
    Call,
    Columns,
    Problem,
    UnknownColumns,
    day_of,
    read_calls,
    seconds,
)

BANK = (
    "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start\tq_exit\tq_time\toutcome\t"
    "ser_start\tser_exit\tser_time\tserver\n"
)
REAL = Path(__file__).parents[4] / "shared" / "data" / "bank_calls_february_1999.tsv"


def bank(*rows: str) -> StringIO:
    return StringIO(BANK + "".join(row.replace(" ", "\t") + "\n" for row in rows))


def test_a_call_of_the_bank_that_was_answered_after_a_wait():
    read = read_calls(bank("AA 1 0 1 PS 990203 7:39:23 7:39:29 6 7:39:29 7:39:52 23 AGENT 7:39:52 7:40:37 45 IDIT"))

    assert read.calls == [Call(2, datetime(1999, 2, 3, 7, 39, 29), "PS", 23, SERVED, 45, "IDIT", 1)]


def test_a_call_of_the_bank_that_was_answered_at_once_arrives_when_its_service_starts():
    (call,) = read_calls(
        bank("AA 1 0 0 PS 990203 8:15:53 8:16:04 11 0:00:00 0:00:00 0 AGENT 8:16:03 8:28:10 727 TOVA")
    ).calls

    assert (call.arrived, call.waited, call.queued) == (datetime(1999, 2, 3, 8, 16, 3), 0, True)


def test_a_caller_who_hung_up_before_the_queue_could_not_have_been_answered():
    (call,) = read_calls(
        bank("AA 1 0 0 PS 990203 6:58:30 6:59:08 38 0:00:00 0:00:00 0 HANG 0:00:00 0:00:00 0 NO_SERVER")
    ).calls

    assert (call.outcome, call.arrived, call.queued) == (LEFT, datetime(1999, 2, 3, 6, 59, 8), False)


def test_phantoms_are_ignored_and_bad_lines_told_by_number():
    read = read_calls(
        bank(
            "AA 1 0 0 PS 990203 8:00:00 8:00:10 10 0:00:00 0:00:00 0 PHANTOM 0:00:00 0:00:00 0 NO_SERVER",
            "AA 2 0 0 PS 990203 8:00:00",
            "AA 3 0 0 PS 990231 8:00:00 8:00:10 10 8:00:10 8:00:20 10 AGENT 8:00:20 8:01:20 60 TOVA",
            "AA 4 0 0 PS 990203 8:00:00 8:00:10 10 8:00:10 8:00:20 -5 AGENT 8:00:20 8:01:20 60 TOVA",
            "AA 5 0 0 PS 990203 8:00:00 8:00:10 10 8:00:10 8:00:20 10 WHAT 8:00:20 8:01:20 60 TOVA",
            "",
            "AA 6 0 0 PS 990203 8:00:00 8:00:10 10 8:00:10 8:00:20 10 AGENT 8:00:20 8:01:20 60 TOVA",
        )
    )

    assert (len(read.calls), read.ignored) == (1, 1)
    assert read.problems == [
        Problem(3, "columns: %(found)d instead of %(named)d", {"found": 7, "named": 17}),
        Problem(4, "%(column)s: “%(cell)s” is no date and time", {"column": "q_start", "cell": "990231 8:00:10"}),
        Problem(5, "%(column)s: “%(cell)s” is not between 0 seconds and a day", {"column": "q_time", "cell": "-5"}),
        Problem(6, "outcome: “%(cell)s” is none that is known", {"cell": "WHAT"}),
    ]
    assert read.problems[0].why == "columns: 7 instead of 17"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_separated_file_with_the_plain_columns_is_read(separator):
    rows = [
        ["arrived", "queue", "waited", "served", "agent"],
        ["2026-11-20 09:00:05", "sales", "12", "180", "Nadia"],
        ["2026-11-20T09:01:00", "sales", "0:00:45", "0", ""],
    ]
    read = read_calls(StringIO("\ufeff" + "\n".join(separator.join(row) for row in rows)))

    assert read.calls == [
        Call(2, datetime(2026, 11, 20, 9, 0, 5), "sales", 12, SERVED, 180, "Nadia"),
        Call(3, datetime(2026, 11, 20, 9, 1), "sales", 45, LEFT),
    ]
    assert read.days() == [date(2026, 11, 20)]


def test_columns_with_other_names_are_mapped():
    file = StringIO(
        "Jour;Heure;File;Attente;Durée;Issue\n20/11/2026;09:00;SAV;10;60;answered\n20/11/2026;09:05;SAV;30;0;lost\n"
    )
    columns = Columns(date="Jour", arrived="Heure", queue="File", waited="Attente", served="Durée", outcome="Issue")

    assert [(call.outcome, call.arrived.hour) for call in read_calls(file, columns).calls] == [(SERVED, 9), (LEFT, 9)]


def test_a_file_without_a_needed_column_says_which_it_lacks_and_which_it_has():
    with pytest.raises(UnknownColumns, match="arrived, waited, served; time, queue"):
        read_calls(StringIO("time,queue\n"))


@pytest.mark.parametrize(("text", "expected"), [("12", 12), ("1,5", 1.5), ("0:01:30", 90), ("2:05", 125)])
def test_lengths_of_time(text, expected):
    assert seconds(text, "waited") == expected


@pytest.mark.parametrize("text", ["", "x", "-1", "1e9", "nan", "inf"])
def test_what_is_no_length_of_time_is_refused(text):
    with pytest.raises(BadLine):
        seconds(text, "waited")


def test_dates_in_three_ways():
    assert {day_of("990203"), day_of("03/02/1999"), day_of("1999-02-03")} == {date(1999, 2, 3)}


@given(st.text(max_size=300))
def test_whatever_follows_the_header_is_read_or_told(text):
    read = read_calls(StringIO("arrived,queue,waited,served,agent\n" + text))

    assert all(call.waited >= 0 for call in read.calls)


def test_the_busiest_day_of_the_bank():
    if not REAL.exists():
        pytest.skip(f"{REAL} is not there: the recorded calls are not part of the project")
    with REAL.open(encoding="utf-8") as file:
        read = read_calls(file)

    assert (len(read.calls), read.ignored, read.problems) == (33_066, 278, [])
    assert len(read.of_day(date(1999, 2, 3))) == 1939
