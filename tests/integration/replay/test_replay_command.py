"""The command as people type it, in a process of its own: a small invented day, on both databases."""

import json
import os
import re
import sqlite3
import subprocess
import sys

import click
import psycopg
import pytest
from django.utils.translation import override

from homeshore.replay.commands import choose_day, columns_of, read, zone_of

# Each command makes a database of its own, whichever these tests run on.
pytestmark = pytest.mark.sqlite

NO_BREAK = "\u00a0"
HEADER = "arrived,queue,waited,served,agent\n"


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("HOMESHORE_") and name != "DJANGO_SETTINGS_MODULE"
    }
    return subprocess.run(
        [sys.executable, "-m", "homeshore.cli", "replay", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**clean, **environment},
    )


@pytest.fixture
def small_day(tmp_path):
    """Two agents; six calls in ten minutes, one of which is left after 40 s, one line broken."""
    rows = [
        "2026-11-20 09:00:00,sales,0,120,Nadia",
        "2026-11-20 09:00:30,sales,0,300,Karim",
        "2026-11-20 09:01:00,sales,60,60,Nadia",
        "2026-11-20 09:01:10,help,40,0,",
        "this line is broken",
        "2026-11-20 09:04:00,help,5,120,Nadia",
        "2026-11-20 09:08:00,sales,0,30,Karim",
    ]
    file = tmp_path / "day.csv"
    file.write_text(HEADER + "\n".join(rows) + "\n")
    return file


def check(done: subprocess.CompletedProcess[str], folder) -> None:
    assert done.returncode == 0, done.stderr
    told = json.loads((folder / "replay-2026-11-20.json").read_text())
    assert told["left_out"] == [{"line": 6, "why": "columns: 1 instead of 5"}]
    assert told["recorded"]["offered"] == told["replayed"]["offered"] == 6
    assert told["replayed"]["answered"] + told["replayed"]["abandoned"] == 6
    assert told["acts"] == told["replayed"]["answered"]
    assert told["agents"] == 2
    page = (folder / "replay-2026-11-20.html").read_text()
    assert "<svg" in page
    assert "http" not in page.replace("http://www.w3.org", "")


def test_a_day_is_replayed_and_reported_the_same_from_the_same_seed_on_both_databases(
    small_day, tmp_path, postgres_url
):
    on_sqlite = command("calls", str(small_day), "--out", str(tmp_path / "one"), "--seed", "5", "--language", "en")
    on_postgres = command(
        "calls", str(small_day), "--out", str(tmp_path / "two"), "--seed", "5", "--database", postgres_url
    )

    check(on_sqlite, tmp_path / "one")
    check(on_postgres, tmp_path / "two")
    assert "Left out · line 6: columns: 1 instead of 5" in on_sqlite.stderr
    assert "Offered" in on_sqlite.stdout
    assert f"Écartée · ligne 6{NO_BREAK}: colonnes{NO_BREAK}: 1 au lieu de 5" in on_postgres.stderr
    assert "Présentés" in on_postgres.stdout
    one, two = (
        json.loads((tmp_path / name / "replay-2026-11-20.json").read_text())["replayed"] for name in ("one", "two")
    )
    assert one == two
    assert not list(tmp_path.rglob("*.sqlite3"))
    with psycopg.connect(postgres_url) as connection:
        left = connection.execute(
            "SELECT count(*) FROM information_schema.schemata WHERE schema_name LIKE 'replay%'"
        ).fetchone()
    assert left == (0,)


def test_the_journal_of_a_replay_is_decided_the_same_again_and_a_changed_one_is_told(small_day, tmp_path):
    done = command("calls", str(small_day), "--out", str(tmp_path), "--keep", TMPDIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    (data,) = tmp_path.glob("homeshore-replay-*")

    same = command("journal", HOMESHORE_DATA_DIR=str(data))
    assert same.returncode == 0, same.stderr
    assert "all the same" in same.stdout

    with sqlite3.connect(data / "homeshore.sqlite3") as connection:
        entry = "(SELECT min(id) FROM contacts_journalentry WHERE decided != '')"
        connection.execute(f"UPDATE contacts_journalentry SET decided = 'x' WHERE id = {entry}")
    changed = command("journal", HOMESHORE_DATA_DIR=str(data))
    assert changed.returncode == 1
    assert "is decided otherwise now" in changed.stderr


def test_what_cannot_be_replayed_is_said_in_words_by_a_command_that_fails(tmp_path):
    file = tmp_path / "day.csv"
    file.write_text("time,queue\n")

    done = command("calls", str(file), "--out", str(tmp_path), TMPDIR=str(tmp_path))

    assert done.returncode == 1
    assert "Il manque des colonnes" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("content", "mapped", "said"),
    [
        ("time,queue\n", (), "lacks columns: arrived, waited, served. It has: time, queue."),
        (HEADER, (), "holds no call that can be used"),
        (HEADER + "2026-11-20 09:00:00,a,0,1,x\n2026-11-21 09:00:00,a,0,1,x\n", (), "Say which day with --day"),
        (HEADER, ("when=Time",), "when: the fields are"),
    ],
)
def test_each_reason_why_nothing_can_be_replayed_has_its_words(tmp_path, content, mapped, said):
    file = tmp_path / "day.csv"
    file.write_text(content)

    with override("en"), pytest.raises(click.ClickException, match=re.escape(said)):
        choose_day(read(file, columns_of(mapped)), None)


def test_a_zone_that_is_none_is_said_so():
    with override("en"), pytest.raises(click.ClickException, match="Mars/Base is no time zone"):
        zone_of("Mars/Base")
