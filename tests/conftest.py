"""What every test stands on. Fixtures for screens are in tests/e2e/conftest.py; the servers are in tests/servers/.

`pytest` runs on a SQLite file, `pytest -p tests.servers.on_postgres` on a PostgreSQL that lives as long; `make test`
runs the integration tests on both.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db.models.signals import post_migrate
from hypothesis import HealthCheck, settings

from tests.clock import ManualClock
from tests.servers.dovecot import Dovecot, dovecot_server
from tests.servers.postgres import postgres_server
from tests.servers.smtp import SmtpServer, smtp_server

ROOT = Path(__file__).resolve().parent.parent
DATABASE_URL = os.environ.get("HOMESHORE_DATABASE_URL", "")
ON_POSTGRES = DATABASE_URL.startswith("postgres")

# By hand Hypothesis looks for other examples each time; what is merely slow, on a busy machine, is no fault. CI has a profile of its own.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shuffle-seed", type=int, default=None, help="the seed that shuffles querysets without an order")
    parser.addoption(
        "--chaos-rounds", type=int, default=1, help="how long tests/chaos goes on: about half a minute a round"
    )
    parser.addoption("--chaos-seed", type=int, default=1, help="the seed from which faults and people are drawn")
    parser.addoption("--all-looks", action="store_true", help="look at screens in every language × width × theme")


def pytest_configure(config: pytest.Config) -> None:
    # Nobody's rights stand in Django's permissions; making them anew after each test that commits took a quarter of a second.
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    if config.option.shuffle_seed is None:
        config.option.shuffle_seed = int.from_bytes(os.urandom(2))


def pytest_report_header(config: pytest.Config) -> str:
    on_postgres = ON_POSTGRES or config.pluginmanager.has_plugin("tests.servers.on_postgres")
    database = "PostgreSQL" if on_postgres else "SQLite"
    return f"homeshore: on {database}, unordered querysets shuffled with --shuffle-seed={config.option.shuffle_seed}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that say they are about the other database."""
    other = "sqlite" if ON_POSTGRES else "postgres"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(other)]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite as in production: a file that several threads open, not a database in memory."""
    from django.db import connections

    default = connections["default"]
    if default.vendor == "sqlite":
        default.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("sqlite") / "homeshore.sqlite3")


@pytest.fixture(autouse=True)
def _unordered_querysets_are_shuffled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.shuffle import shuffle_unordered_querysets

    shuffle_unordered_querysets(monkeypatch, request.config.option.shuffle_seed)


@pytest.fixture(autouse=True)
def _what_is_said_is_said_in_english() -> Iterator[None]:
    """Whether or not the catalogues are compiled; requests choose their own language, French by default."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture
def queries_as_before(snapshot) -> Callable:
    """`with queries_as_before():` fails when the code inside asks the database for something else than it did."""
    from tests.queries import queries_kept_as

    return lambda: queries_kept_as(snapshot)


@pytest.fixture
def clock() -> Iterator[ManualClock]:
    """The time of the house stands still, on a Tuesday morning, until the test moves it."""
    from homeshore.foundation.clock import using

    manual = ManualClock()
    with using(manual):
        yield manual


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL database that is nobody else's, for tests that start processes of their own."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def running_dovecot() -> Iterator[Dovecot]:
    with dovecot_server() as server:
        yield server


@pytest.fixture
def dovecot(running_dovecot: Dovecot) -> Iterator[Dovecot]:
    """A real IMAP server: every user name is an empty mailbox. A test may stop it; it runs again for the next one."""
    yield running_dovecot
    if not running_dovecot.is_running:
        running_dovecot.start()


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    """A real SMTP server; `smtp.received` holds what came, `smtp.answer = "451 …"` makes it refuse."""
    with smtp_server() as server:
        yield server


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT
