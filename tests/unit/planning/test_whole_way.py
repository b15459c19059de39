import json
import re
import zlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import import_module

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from homeshore.planning.command import plan
from homeshore.planning.engine.history import history_of
from homeshore.planning.engine.problems import Unusable
from homeshore.planning.people import people_of, rows_of_file, served_later
from homeshore.planning.report.page import routed_in_words
from homeshore.planning.way import Cancelled, Event, Terms, Wishes, demanded, whole_way
from homeshore.planning.way.future import Worker, few_enough, live_week, overflow_of
from tests import planning_files as files

WEDNESDAY = date(2026, 11, 25)


def quietly(step: str, share: float) -> None:
    """Nobody follows."""


@pytest.fixture(scope="module")
def calls_file(tmp_path_factory):
    """Eight weeks of single calls of two queues, nine to five."""
    rng = np.random.default_rng(1)
    rows = ["queue;arrived_at;wait;handling;outcome;agent"]
    monday = datetime(2026, 9, 7)  # noqa: DTZ001  a clock time in a file
    for d in range(56):
        day = monday + timedelta(days=d)
        for queue, mean in (("orders", 160), ("claims", 70)):
            for second in sorted(rng.uniform(0, 8 * 3600, rng.poisson(mean * (0.3 if day.weekday() > 4 else 1)))):
                lost, wait = rng.random() < 0.08, rng.exponential(20)
                rows.append(f"{queue};{day + timedelta(hours=9, seconds=int(second)):%d/%m/%Y %H:%M:%S};{wait:.0f};"
                            f"{0 if lost else rng.exponential(240):.0f};{'abandoned' if lost else 'answered'};a{rng.integers(8)}")  # fmt: skip
    path = tmp_path_factory.mktemp("calls") / "calls.csv"
    path.write_text("\n".join(rows))
    return path


@pytest.fixture(scope="module")
def told_terms():
    """How the queues of the file are answered, as the command and the library are told."""
    return ["--shared", "--queue", "orders=chat*2 85% 1min", "--queue", "claims=mail 4h"], Wishes(
        shared=True, queues={"orders": Terms("chat", 0.85, 60, 2), "claims": Terms("mail", None, 14_400)}
    )


@pytest.fixture(scope="module")
def planned(calls_file, told_terms, tmp_path_factory):
    """The folder of results of the whole command."""
    folder = tmp_path_factory.mktemp("planned") / "plan"
    done = CliRunner().invoke(
        plan, ["--language", "en", "run", str(calls_file), "--yes", "--to", str(folder), *told_terms[0]]
    )
    assert done.exit_code == 0, done.output
    return folder


def test_a_file_becomes_a_folder_of_results_in_one_command(planned):
    assert sorted(p.name for p in planned.iterdir()) == [
        "forecast.parquet", "history.parquet", "promises.parquet", "report.html", "result.json", "schedule.parquet",
    ]  # fmt: skip
    result = json.loads((planned / "result.json").read_text())
    assert result["schedule"]["faults"] == []
    assert result["schedule"]["gap"] < 0.1
    assert [queue["name"] for queue in result["forecast"]["queues"]] == ["orders", "claims"]
    assert result["forecast"]["queues"][0]["handling_seconds"] == pytest.approx(240, rel=0.05)
    promised = pl.read_parquet(planned / "promises.parquet")
    assert (promised["low_cents"] <= promised["expected_cents"]).all()
    assert (promised["expected_cents"] <= promised["high_cents"]).all()
    report = (planned / "report.html").read_text()
    assert "<script" not in report
    assert "http" not in report.replace("http://www.w3.org", "")
    assert "What an hour should pay" in report
    assert "95% within 4\N{NO-BREAK SPACE}h" in report


def test_notebook_and_command_give_the_same_numbers(calls_file, planned, told_terms):
    outcome = whole_way(calls_file, told_terms[1], lambda step, done: True)
    result = json.loads((planned / "result.json").read_text())
    assert result["schedule"]["cost"] == round(outcome.scheduled.plan.cost, 2)
    assert result["income"]["floor"]["expected"] == outcome.future.floor_cost.expected
    assert [row["service_level"] for row in result["income"]["service"]] == [
        round(level, 4) for level in outcome.future.service.mean
    ]


@pytest.mark.parametrize("said", ["orders", "orders=fax", "orders=mail soon", "orders=chat*99", "nowhere=mail"])
def test_terms_that_cannot_be_meant_are_refused_before_anything_is_computed(calls_file, tmp_path, said):
    done = CliRunner().invoke(
        plan, ["--language", "en", "run", str(calls_file), "--yes", "--to", str(tmp_path / "plan"), "--queue", said]
    )
    assert done.exit_code != 0
    assert "Error" in done.output
    assert not (tmp_path / "plan").exists()


def test_cancelling_leaves_nothing_behind(calls_file, tmp_path):
    before = set(tmp_path.iterdir())
    with pytest.raises(Cancelled):
        whole_way(calls_file, Wishes(), lambda step, done: step != "simulating")
    assert set(tmp_path.iterdir()) == before


def test_a_folder_with_other_things_is_left_alone(calls_file, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "letter.txt").write_text("dear")
    done = CliRunner().invoke(plan, ["--language", "en", "run", str(calls_file), "--yes", "--to", str(folder)])
    assert done.exit_code == 1
    assert "holds other things" in done.output
    assert [p.name for p in folder.iterdir()] == ["letter.txt"]


def test_a_week_that_memory_does_not_hold_is_refused_in_words_before_it_is_begun(calls_file, tmp_path, settings):
    with pytest.raises(Unusable, match=r"would take \d+ MB of memory, and 1 MB are allowed"):
        whole_way(history_of(calls_file), Wishes(memory_bytes=1e6), lambda step, share: True)
    settings.PLANNING_MEMORY_BYTES = 1_000_000
    done = CliRunner().invoke(
        plan, ["--language", "fr", "run", str(calls_file), "--yes", "--to", str(tmp_path / "plan")]
    )
    assert done.exit_code == 1
    assert "Mo de mémoire, et 1 Mo sont permis" in done.output
    assert not (tmp_path / "plan").exists()


def test_a_look_at_a_file_shows_mapping_and_measures(calls_file):
    done = CliRunner().invoke(plan, ["--language", "en", "look", str(calls_file)])
    assert done.exit_code == 0, done.output
    assert "date and time of arrival (arrived)   arrived_at" in done.output
    assert "orders: " in done.output


@pytest.mark.parametrize("what", [*files.WRONG, "nothing"])
def test_a_bad_file_is_refused_in_words_and_nothing_is_written(tmp_path, what):
    content, words = files.WRONG.get(what, (b"", "the file is empty"))
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    done = CliRunner().invoke(plan, ["--language", "en", "run", str(bad), "--yes", "--to", str(tmp_path / "plan")])
    assert done.exit_code == 1
    assert words in done.output
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize("what", files.ODD)
def test_what_is_odd_in_a_file_is_told_with_its_measures(tmp_path, what):
    content, words = files.ODD[what]
    odd = tmp_path / "odd.csv"
    odd.write_bytes(content)
    done = CliRunner().invoke(plan, ["--language", "en", "look", str(odd)])
    assert done.exit_code == 0, done.output
    assert words in done.output
    assert "contacts, handling" in done.output


def test_a_staffing_question_is_answered_at_once():
    done = CliRunner().invoke(plan, ["--language", "en", "staff", "--calls", "120", "--handling", "300"])
    assert done.output.startswith("14 agents: 86.7% answered within 20 s")
    done = CliRunner().invoke(
        plan, ["--language", "en", "staff", "--calls", "120", "--handling", "300", "--share", "1"]
    )
    assert "no staffing answers every call in time" in done.output


def test_a_history_without_calls_is_refused(tmp_path):
    quiet = tmp_path / "quiet.csv"
    quiet.write_text("start,calls\n2026-01-05 08:00,0\n2026-01-05 08:30,0\n")
    with pytest.raises(Unusable, match="holds no call at all"):
        whole_way(quiet, Wishes(), lambda step, done: True)


def test_one_odd_interval_at_night_does_not_close_the_day():
    by_day = [line for line in files.LINES if "08:00" <= line[11:16] < "18:00"]
    history = history_of(files.file_of([*by_day, "2026-01-14 23:30,40", "2026-01-15 23:30,0"]))
    assert demanded(history, Wishes(days=7), quietly).open_slots == (16, 36)


def test_people_come_from_a_file_with_the_rules_of_their_status(tmp_path):
    rows = rows_of_file(json.dumps([
        {"name": "Ada", "queues": ["orders"], "status": "employee", "windows": [["mon", 9, 13], ["wed", 14, 18]], "most_hours": 10},
        {"name": "Bo", "queues": ["orders", "old"], "windows": [["sun", 9, 12]]},
        {"name": "Cleo", "queues": ["old"], "windows": []},
    ]).encode())  # fmt: skip
    (ada, bo), told = people_of(rows, WEDNESDAY, {"orders": "orders"})
    assert [(w.day, w.start, w.end) for w in ada.person.windows] == [(5, 9, 13), (0, 14, 18)]
    assert (ada.person.rules.break_minutes, bo.person.rules.break_minutes) == (20, 0)
    assert bo.person.skills == ["orders"]
    assert [str(problem) for problem in told] == ["“Cleo” serves none of the planned queues: left out"]


def test_people_come_from_a_table_with_a_line_for_each_time_offered():
    table = "name;queues;status;day;from;to\nAda;orders+claims;employee;Monday;9h30;13:00\nAda;orders+claims;employee;tue;14;18\n"
    (ada,), _ = people_of(rows_of_file(table.encode()), WEDNESDAY, {"orders": "orders", "claims": "claims"})
    assert [(w.day, w.start, w.end) for w in ada.person.windows] == [(5, 9.5, 13), (6, 14, 18)]
    assert (ada.status, ada.person.skills) == ("employee", ["orders", "claims"])


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"name": "Ada", "queues": []}, "person 1 has no “windows”"),
        ({"name": "Ada", "queues": ["orders"], "windows": [["mon", 14, 9]]}, "from 14 to 9 is no time of a day"),
        ({"name": "Ada", "queues": ["orders"], "windows": [["lundi", 9, 12]]}, "“lundi” is no day"),
        ({"name": "Ada", "queues": ["orders"], "windows": [], "status": "boss"}, "“boss” is no status"),
        ({"name": "Ada", "queues": ["orders"], "windows": [], "pace": "fast"}, "“fast” is no number"),
        ({"name": "Ada", "queues": ["orders"], "windows": [], "later": {"claims": "soon"}}, "gives seconds by queue"),
        ({"name": "Ada", "queues": ["old"], "windows": []}, "nobody serves a planned queue"),
    ],
)
def test_a_person_who_cannot_be_understood_is_refused_by_place_and_field(row, why):
    with pytest.raises(Unusable, match=why):
        people_of([row], WEDNESDAY, {"orders": "orders"})


def test_queues_add_up_to_their_brand_and_an_event_moves_its_days(calls_file):
    event = Event("Sales", date(2026, 11, 4), date(2026, 11, 5), 1.5)
    usual, special = (
        demanded(
            history_of(calls_file), Wishes(brands={"orders": "Lavande", "claims": "Lavande"}, events=events), quietly
        )
        for events in ((), (event,))
    )
    (brand,) = usual.brands
    assert brand.queue == "Lavande"
    np.testing.assert_allclose(brand.mean, sum(queue.forecast.mean for queue in usual.queues))
    moved = [day.queues[0].forecast.mean.sum(axis=1) for day in (usual, special)]
    assert moved[1][2] == pytest.approx(1.5 * moved[0][2], rel=0.05)
    assert moved[1][4] == pytest.approx(moved[0][4], rel=0.05)


def test_an_event_is_told_to_the_command(calls_file, tmp_path):
    people = tmp_path / "people.csv"  # few, so that the paper is soon written
    people.write_text("name;queues;day;from;to\nAda;orders+claims;mon;9;17\nBo;orders+claims;tue;9;17\n")
    command = ["--language", "en", "run", str(calls_file), "--yes", "--to", str(tmp_path / "plan"), "--pdf", "--days", "7",
               "--rule", "longest_idle", "--people", str(people), "--event", "Sales=2026-11-04*1.5", "--brand", "orders=Lavande", "--brand", "claims=Lavande"]  # fmt: skip
    done = CliRunner().invoke(plan, command)
    assert done.exit_code == 0, done.output
    told = json.loads((tmp_path / "plan" / "result.json").read_text())
    assert told["forecast"]["special_days"] == {"2026-11-04": "Sales"}
    assert [brand["name"] for brand in told["forecast"]["brands"]] == ["Lavande"]
    assert told["income"]["rule"] == "longest_idle"
    paper = (tmp_path / "plan" / "report.pdf").read_bytes()
    drawn = b"".join(zlib.decompress(each) for each in re.findall(rb"stream\n(x.*?)\nendstream", paper, re.DOTALL))
    assert paper.startswith(b"%PDF")
    assert drawn.count(b"0.764706 0.827451 0.823529 rg") > 10  # columns of cover, in their colour
    refused = CliRunner().invoke(plan, ["run", str(calls_file), "--event", "Sales=soon"])
    assert "is not like Sales=2026-12-01..2026-12-05*1.4" in refused.output


def test_models_are_compared_on_the_same_file(calls_file, tmp_path):
    page = tmp_path / "comparison.html"
    changes = tmp_path / "changes.json"
    changes.write_text('{"offshore": {"paid_hour": 9.5}}')
    command = ["--language", "en", "compare", str(calls_file), "--to", str(page), "--assumptions", str(changes)]
    done = CliRunner().invoke(plan, command)
    assert done.exit_code == 0, done.output
    models = json.loads(page.with_suffix(".json").read_text())["models"]
    assert [row["model"] for row in models][:2] == ["on_site", "offshore"]
    assert models[1]["assumptions"]["paid_hour"] == {
        "value": 9.5,
        "unit": "€ an hour paid",
        "source": "given by the user",
    }
    assert "CO₂ is left open" in page.read_text()


def test_the_command_finds_a_mix_of_the_skills_that_people_have(calls_file, tmp_path):
    people = tmp_path / "people.json"
    windows = [["mon", 9, 17]]
    people.write_text(json.dumps([
        {"name": "Ada", "queues": ["orders"], "windows": windows},
        {"name": "Bo", "queues": ["orders", "claims"], "windows": windows},
    ]))  # fmt: skip
    command = ["--language", "en", "mix", str(calls_file), "--people", str(people), "--from", "10", "--until", "12"]
    done = CliRunner().invoke(plan, command)
    assert done.exit_code == 0, done.output
    assert "agents at work let each queue keep its goal on at least 90% of such days." in done.output
    assert re.search(r"^ +\d+  orders$", done.output, re.MULTILINE)
    assert re.search(r"^ +\d+  orders, claims$", done.output, re.MULTILINE)
    assert "the routing core itself decided, by least cost" in done.output
    quick = CliRunner().invoke(plan, [*command, "--rule", "longest_idle"])
    assert quick.exit_code == 0, quick.output
    assert "Contacts go to the agent idle longest" in quick.output


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--from", "3", "--until", "5"], "the hours must lie in a day of the forecast, between 09:00 and 17:00"),
        (["--from", "10", "--until", "12", "--day", "99"], "the hours must lie in a day of the forecast"),
        (["--from", "10", "--until", "12", "--probability", "1"], "a probability lies between 0 and 1"),
        (["--from", "10", "--until", "12", "--queue", "claims=mail 4h"], "needs two queues of calls or chats"),
    ],
)
def test_a_mix_that_cannot_be_meant_is_refused(calls_file, options, why):
    done = CliRunner().invoke(plan, ["--language", "en", "mix", str(calls_file), *options])
    assert done.exit_code == 1
    assert why in done.output


def test_a_week_too_large_for_the_routing_core_is_lived_by_the_fast_simulation_and_says_so(calls_file, monkeypatch):
    wishes = Wishes(replications=2)
    found = demanded(history_of(calls_file, None, zone=wishes.zone), wishes, quietly)
    assert few_enough(found, 7, wishes)
    assert not few_enough(found, 7, replace(wishes, replications=5_000))
    names = [queue.name for queue in found.queues]
    worker = Worker(tuple(names[:1]), 1.0, 0.0, [[(0.0, 7200.0)]] * 7, ((names[1], 5.0),))
    by_core = live_week(found, [worker], 1, wishes, quietly)
    assert (by_core.rule, by_core.as_routed) == ("least_cost", True)
    assert by_core.samples[0].in_time[:, 1].sum() > 0
    monkeypatch.setattr(import_module("homeshore.planning.way.future"), "MOST_BY_CORE", 10)
    fast = live_week(found, [worker], 1, wishes, quietly)
    assert (fast.rule, fast.as_routed) == ("longest_idle", False)
    assert fast.samples[0].in_time[:, 1].sum() == 0


def test_agents_of_a_queue_planned_with_others_help_nobody(calls_file):
    wishes = Wishes(queues={"orders": Terms(overflow=((30, "claims"), (60, "gone")))})
    found = demanded(history_of(calls_file, None, zone=wishes.zone), wishes, quietly)
    assert overflow_of(found.queues) == {"orders": ((30, "claims"),), "claims": ()}
    pooled = [replace(q, members=(q.name, "more")) if q.name == "claims" else q for q in found.queues]
    assert overflow_of(pooled) == {"orders": (), "claims": ()}


def test_people_serve_queues_later_that_they_do_not_serve_at_once():
    planned = {"orders": "orders", "claims": "small", "returns": "small"}
    row = {"queues": ["orders"], "later": {"claims": 60, "returns": 30, "orders": 10, "gone": 5}}
    assert served_later(row, planned) == {"small": 30.0}


def test_what_is_promised_says_by_which_rule_contacts_were_given_out():
    floor = {"rule": "least_cost", "as_routed": True}
    assert "given out by least cost" in routed_in_words(floor)
    assert "take too long" not in routed_in_words(floor)
    assert "take too long to give out as the floor does" in routed_in_words(
        {"rule": "longest_idle", "as_routed": False}
    )
    assert "to who is idle longest" in routed_in_words({})  # kept before promises knew any other
