import io
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from homeshore.planning.engine.history import guess_mapping, history_of, history_of_contacts, read_table
from homeshore.planning.engine.history.marks import outlying_days
from homeshore.planning.engine.history.measures import agent_paces, kaplan_meier, mean_patience, measures
from homeshore.planning.engine.problems import Unusable

MONDAY = datetime(2026, 1, 5)  # noqa: DTZ001  a clock time in a file


def volumes_csv(days=14, minutes=30, separator=",", form="%Y-%m-%d %H:%M", start=MONDAY, calls=lambda t: t.hour):
    moments = [start + timedelta(minutes=minutes * k) for k in range(days * 24 * 60 // minutes)]
    return (
        separator.join(["start", "calls"])
        + "\n"
        + "".join(f"{t.strftime(form)}{separator}{calls(t)}\n" for t in moments)
    )


def said(history):
    return [str(problem) for problem in history.problems]


@pytest.mark.parametrize(("separator", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_any_usual_separator_is_recognised(separator, name):
    history = history_of(volumes_csv(separator=separator).encode())
    assert history.layout == f"UTF-8, separated by {name}"
    assert history.volumes["calls"].sum() == 14 * 2 * sum(range(24))


def test_the_same_history_comes_from_csv_parquet_and_excel():
    csv = history_of(volumes_csv().encode())
    frame = pl.read_csv(io.StringIO(volumes_csv()), try_parse_dates=True)
    parquet, excel = io.BytesIO(), io.BytesIO()
    frame.write_parquet(parquet)
    _write_excel(frame, excel)
    assert history_of(parquet.getvalue()).volumes.equals(csv.volumes)
    assert history_of(excel.getvalue()).volumes.equals(csv.volumes)


def _write_excel(frame, target):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(frame.columns)
    for row in frame.iter_rows():
        book.active.append(row)
    book.save(target)


def test_french_files_with_accents_in_windows_encoding_are_read():
    text = "Période;Appels;Compétence\n05/01/2026 08:00;3;Dépannage\n05/01/2026 08:30;4;Dépannage\n"
    history = history_of(text.encode("cp1252"))
    assert history.layout == "Windows-1252, separated by semicolon"
    assert history.mapping.described() == [
        ("arrived", "Période"), ("calls", "Appels"), ("queue", "Compétence"), ("date format", "%d/%m/%Y %H:%M"),
    ]  # fmt: skip
    assert history.queues == ["Dépannage"]
    assert history.volumes["calls"].sum() == 7


def test_the_bank_file_of_single_calls_is_mapped_without_help(bank_calls):
    history = history_of(bank_calls, zone="Asia/Jerusalem")
    assert history.mapping.columns == {
        "day": "date", "time": "vru_exit", "queue": "type", "wait": "q_time", "handling": "ser_time",
        "outcome": "outcome", "agent": "server",
    }  # fmt: skip
    assert history.mapping.outcomes == {"AGENT": "answered", "HANG": "abandoned", "PHANTOM": "ignored"}
    assert history.contacts.height == 33_344 - 278
    assert 1 - history.contacts["answered"].mean() == pytest.approx(0.179, abs=0.001)


def test_the_bank_file_of_volumes_says_its_change_of_clocks(bank_volumes):
    history = history_of(bank_volumes, zone="Asia/Jerusalem")
    assert said(history) == [
        "10 rows are at clock times that do not exist in Asia/Jerusalem (clocks went forward on 1999-04-02): "
        "read one hour later"
    ]
    assert np.isnan(history.series("all").calls).sum() == 2  # the two half hours that were skipped


def test_a_mapping_can_be_changed_before_use():
    table = read_table(b"start,calls,calls2\n2026-01-05 08:00,1,5\n2026-01-05 08:30,2,6\n")
    mapping = guess_mapping(table).confirmed(calls="calls2")
    assert history_of(table, mapping).volumes["calls"].sum() == 11
    with pytest.raises(Unusable, match=r"field “calls”: there is no column “nope” \(columns: start, calls, calls2\)"):
        history_of(table, mapping.confirmed(calls="nope"))


def test_an_empty_file_is_refused_in_words():
    for content in (b"", b"  \n \n"):
        with pytest.raises(Unusable, match="the file is empty"):
            history_of(content)
    with pytest.raises(Unusable, match="a header and no usable line"):
        history_of(b"start,calls\n")


def test_a_file_without_separator_or_dates_is_refused_with_what_was_seen():
    with pytest.raises(Unusable, match=r"line 1: no separator found: the first line reads “hello”"):
        history_of(b"hello\nworld\n")
    with pytest.raises(Unusable, match=r"no column holds dates \(columns: a, b\)"):
        history_of(b"a,b\n1,2\n")
    with pytest.raises(Unusable, match="neither a text file, nor Parquet, nor Excel"):
        history_of(bytes(range(256)))


def test_one_row_is_a_history_of_one_interval():
    history = history_of(b"start,calls\n2026-01-05 08:00,7\n")
    assert history.volumes["calls"].sum() == 7


def test_bad_lines_are_named_and_the_rest_is_used():
    text = volumes_csv(days=2)
    lines = text.splitlines()
    lines[3] = "2026-01-05 01:00,-4"
    lines[5] = "yesterday,3"
    lines[7] = "2026-01-05 03:00,3,extra"
    lines[9] = "2026-01-05 04:00,many"
    history = history_of("\n".join(lines).encode())
    assert said(history)[:4] == [
        "line 8: has 3 fields instead of 2: left out",
        "line 6, field “arrived”: “yesterday” is no date that can be read: left out",
        "line 10, field “calls”: “many” is no number of calls: this interval counts as missing",
        "line 4, field “calls”: a number of calls cannot be -4: this interval counts as missing",
    ]
    assert said(history)[-1] == "queue “all”: 4 single intervals are missing"


def test_mixed_date_formats_are_read_and_said():
    text = "start,calls\n2026-01-05 08:00,1\n2026-01-05 08:30,2\n2026-01-05 09:00,3\n05/01/2026 09:30,4\n"
    history = history_of(text.encode())
    assert history.volumes["calls"].sum() == 10
    assert said(history)[0].startswith("line 5, field “arrived”: “05/01/2026 09:30” is written unlike the others")


def test_a_missing_week_is_said_and_left_empty():
    text = volumes_csv(days=28)
    kept = [line for line in text.splitlines() if not "2026-01-12" <= line[:10] < "2026-01-19"]
    history = history_of("\n".join(kept).encode())
    assert said(history) == [
        "queue “all”: nothing from 2026-01-12 to 2026-01-18 (7 days): left out of fitting"
    ]  # fmt: skip
    assert np.isnan(history.series("all").calls[7:14]).all()


def test_hours_at_which_no_day_has_anything_are_closed_not_missing():
    lines = [
        f"2026-01-{day:02} {hour:02}:{minute:02},{hour % 3}"
        for day in range(5, 12) for hour in range(9, 18) for minute in (0, 30)
    ]  # fmt: skip
    closed = "times of day at which no day of the file has a count are taken as closed: they count as zero"
    whole = history_of("\n".join(["start,calls", *lines]).encode())
    assert said(whole) == [closed]
    assert whole.series("all").calls[:, :18].sum() == 0
    fewer = history_of("\n".join(["start,calls", *lines[:40], *lines[41:]]).encode())
    assert said(fewer) == [closed, "queue “all”: 1 single interval is missing"]


def test_an_interval_given_twice_is_kept_once():
    history = history_of(b"start,calls\n2026-01-05 08:00,1\n2026-01-05 08:30,2\n2026-01-05 08:00,9\n")
    assert history.volumes["calls"].sum() == 3
    assert "line 4, field “arrived”: this interval was already given for this queue: the first is kept" in said(history)


def calls_by_the_minute(minutes=90, ids=False):
    """Three calls a minute from nine on, alike but for the length of the third; with an identifier or without."""
    lines = ["call;arrived;queue;outcome;handling"] if ids else ["arrived;queue;outcome;handling"]
    for k in range(3 * minutes):
        minute = (MONDAY + timedelta(hours=9, minutes=k // 3)).strftime("%Y-%m-%d %H:%M")
        lines.append((f"{k};" if ids else "") + f"{minute};orders;answered;{240 if k % 3 else 180}")
    return lines


def contacts_of(lines):
    history = history_of("\n".join(lines).encode())
    assert history.contacts is not None
    return history.contacts.height, said(history)


def test_contacts_of_one_minute_that_read_the_same_are_not_copies():
    assert contacts_of(calls_by_the_minute()) == (
        270,
        [
            "90 lines read like earlier ones and count as contacts of their own: nothing in them says that they are copies"
        ],
    )


def test_lines_with_the_identifier_of_an_earlier_one_are_copies():
    lines = calls_by_the_minute(ids=True)
    assert contacts_of(lines) == (270, [])
    assert contacts_of([*lines, *lines[5:8]]) == (
        270,
        ["line 272: 3 lines repeat earlier ones, with the same “call”: left out"],
    )


def test_a_block_pasted_twice_counts_once():
    lines = calls_by_the_minute()
    height, words = contacts_of([*lines, *lines[1:61]])
    assert height == 270
    assert words[0] == "line 272: up to line 331, 60 lines repeat those from line 2 on, in the same order: left out"
    assert words[1].startswith("90 lines read like earlier ones")


def test_the_hour_that_comes_twice_in_autumn_is_counted_twice():
    text = volumes_csv(days=3, start=MONDAY.replace(month=10, day=24))
    lines = text.splitlines()
    at = next(k for k, line in enumerate(lines) if line.startswith("2026-10-25 03:00"))
    repeated = [line.split(",")[0] + ",10" for line in lines[at - 2 : at]]
    history = history_of("\n".join(lines[:at] + repeated + lines[at:]).encode())
    night = history.volumes.filter(
        pl.col("start").is_between(datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    )
    assert night["calls"].to_list() == [2, 2, 10, 10]
    assert "clocks went back on 2026-10-25" in said(history)[0]


def test_a_spring_day_misses_an_hour_and_nothing_else():
    text = volumes_csv(days=3, start=MONDAY.replace(month=3, day=28), calls=lambda t: t.hour % 3)
    lines = [line for line in text.splitlines() if not line.startswith("2026-03-29 02")]
    history = history_of("\n".join(lines).encode())
    assert history.problems == ()
    calls = history.series("all").calls
    assert np.argwhere(np.isnan(calls)).tolist() == [[1, 4], [1, 5]]


def test_quoted_fields_may_hold_the_separator():
    text = 'start,calls,queue\n2026-01-05 08:00,1,"sales, after"\n2026-01-05 08:30,2,"sales, after"\n'
    assert history_of(text.encode()).queues == ["sales, after"]


def test_kaplan_meier_gives_the_textbook_curve():
    """Six callers: abandons at 3 and 8 s, answered at 3, 5, 8 and 12 s."""
    waits = np.array([3.0, 3, 5, 8, 8, 12])
    gone = np.array([True, False, False, True, False, False])
    curve = kaplan_meier(waits, gone)
    assert curve.seconds.tolist() == [3, 8]
    assert curve.share == pytest.approx([5 / 6, 5 / 6 * 2 / 3])
    assert [curve.at(2.9), curve.at(3), curve.at(100)] == pytest.approx([1, 5 / 6, 5 / 9])
    assert mean_patience(waits, gone) == 39 / 2


def test_patience_is_found_again_in_censored_waits():
    rng = np.random.default_rng(1)
    patience, offered = rng.exponential(120, 40_000), rng.exponential(60, 40_000)
    waits, gone = np.minimum(patience, offered), patience < offered
    assert mean_patience(waits, gone) == pytest.approx(120, rel=0.03)
    assert kaplan_meier(waits, gone).at(60) == pytest.approx(np.exp(-0.5), abs=0.01)


def test_handling_times_of_a_file_of_counts_weigh_by_calls():
    history = history_of(b"start,calls,aht\n2026-01-05 08:00,1,100\n2026-01-05 08:30,3,200\n2026-01-05 09:00,0,\n")
    figures = measures(history, "all")
    assert (figures.contacts, figures.handling_seconds) == (4, 175)
    assert figures.handling_by_interval[16:18] == pytest.approx([(30 * 175 + 100) / 31, (30 * 175 + 600) / 33])


def contacts_frame():
    start = datetime(2026, 1, 5, 8, tzinfo=UTC)
    rng = np.random.default_rng(2)
    size = 4000
    return pl.DataFrame({
        "queue": ["sales"] * size,
        "arrived": sorted(start + timedelta(seconds=float(s)) for s in rng.uniform(0, 5 * 86_400, size)),
        "answered": rng.random(size) < 0.9,
        "wait": rng.exponential(30, size),
        "agent": [f"agent {k % 4}" for k in range(size)],
    }).with_columns(
        pl.when("answered").then(200.0 + 40.0 * (pl.col("agent") == "agent 0")).alias("handling")
    ).with_columns(pl.col("arrived").cast(pl.Datetime("us", "UTC")))  # fmt: skip


def test_handling_times_are_measured_by_queue_and_agent():
    history = history_of_contacts(contacts_frame(), zone="Europe/Paris")
    figures = measures(history, "sales")
    assert figures.contacts == 4000
    assert figures.handling_seconds == pytest.approx(210, abs=1)
    assert figures.patience_seconds == pytest.approx(300, rel=0.1)
    paces = agent_paces(history, "sales")
    assert paces["agent 0"] == pytest.approx(240 / 210, rel=0.01)
    assert paces["agent 1"] == pytest.approx(200 / 210, rel=0.01)


def test_outlying_days_are_marked_and_the_data_stays_as_it_was(bank_volumes):
    series = history_of(bank_volumes, zone="Asia/Jerusalem").series("all")
    before = series.calls.copy()
    marked = {mark.day for mark in outlying_days(series)}
    assert {date(1999, 4, 1), date(1999, 4, 7), date(1999, 5, 21)} <= marked
    assert len(marked) < 25
    assert np.array_equal(series.calls, before, equal_nan=True)


@pytest.mark.slow
def test_five_million_rows_are_read_in_less_than_two_gigabytes(tmp_path):
    day = "".join(f"DAY {m // 60:02}:{m % 60:02},{queue},3\n" for m in range(1440) for queue in "abcd").encode()
    first, days = date(2020, 1, 1), 869
    file = tmp_path / "calls.csv"
    with file.open("wb") as written:
        written.write(b"start,queue,calls\n")
        for k in range(days):
            written.write(day.replace(b"DAY", str(first + timedelta(days=k)).encode()))
    script = Path(__file__).with_name("five_million_rows.py")
    done = subprocess.run([sys.executable, str(script), str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    queues, calls, memory = map(int, done.stdout.split())
    assert (queues, calls) == (4, 3 * days * 5760)
    assert calls // 3 > 5_000_000
    assert memory < 2_000_000_000


@pytest.mark.parametrize("kind", ["csv", "parquet", "excel"])
def test_a_file_too_large_for_memory_is_refused_before_it_is_unpacked(kind, tmp_path):
    frame = pl.read_csv(io.StringIO(volumes_csv(days=200, calls=lambda t: 7)), try_parse_dates=True)
    file = tmp_path / "calls"
    write = {"csv": frame.write_csv, "parquet": frame.write_parquet, "excel": partial(_write_excel, frame)}[kind]
    write(file)
    most = max(100_000, file.stat().st_size if kind != "csv" else 0)
    for source in (file, file.read_bytes(), io.BytesIO(file.read_bytes())):
        with pytest.raises(Unusable, match=r"at most 0 MB are read, so that memory suffices: take fewer months"):
            read_table(source, most_bytes=most)
    assert read_table(file, most_bytes=10_000_000).rows.height == 9600


def test_a_broken_parquet_file_is_refused_in_words():
    with pytest.raises(Unusable, match="this Parquet file cannot be opened"):
        history_of(b"PAR1 and nothing of the kind")


def test_lines_may_end_as_on_any_system():
    text = volumes_csv()
    for ending in ("\r\n", "\r", "\n"):
        history = history_of(text.replace("\n", ending).encode())
        assert history.volumes["calls"].sum() == 14 * 2 * sum(range(24))
        assert said(history) == []
