"""A pytest plugin: the tests run on PostgreSQL, each worker of pytest-xdist on a cluster of its own.

python -m pytest -p tests.servers.on_postgres -n 2 tests/integration

Workers cannot share one: transaction ids belong to the whole cluster, so one test's open transaction would hold up the
feed of another.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from tests.servers.postgres import postgres_server


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Start the cluster before pytest-django reads the settings; a process that only hands out tests needs none."""
    if not hands_out_tests(early_config):
        running = ExitStack()
        os.environ["HOMESHORE_DATABASE_URL"] = running.enter_context(postgres_server(hasty=True))
        early_config.add_cleanup(running.close)
    return (yield)


def hands_out_tests(config: pytest.Config) -> bool:
    """Whether this process leaves the tests to workers."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    return not is_worker and bool(getattr(config.known_args_namespace, "numprocesses", None))
