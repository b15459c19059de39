"""A database of a replay's own: a temporary SQLite file, or a schema in a PostgreSQL database; gone at the end.

Must be entered before Django is started: it speaks through the environment, as any site's settings do.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

A_YEAR = str(365 * 24 * 3600)


@contextmanager
def own_database(url: str = "", *, keep: bool = False) -> Iterator[Path]:
    """Point the settings at a fresh database, with leases that no replay outlives; yields the folder of its files.

    `url` is a PostgreSQL address in which a schema is made; empty means SQLite in the folder. Kept on request.
    """
    folder = Path(tempfile.mkdtemp(prefix="homeshore-replay-"))
    schema = f"replay_{secrets.token_hex(4)}"
    os.environ["HOMESHORE_DATA_DIR"] = str(folder)
    os.environ["HOMESHORE_DATABASE_URL"] = url
    os.environ["HOMESHORE_ROUTER_LEASE_SECONDS"] = os.environ["HOMESHORE_PRESENCE_LEASE_SECONDS"] = A_YEAR
    os.environ["HOMESHORE_LOG_LEVEL"] = os.environ.get("HOMESHORE_LOG_LEVEL", "WARNING")
    if url:
        _in_postgres(url, f'CREATE SCHEMA "{schema}"')
        os.environ["PGOPTIONS"] = f"-c search_path={schema}"
    try:
        yield folder
    finally:
        _disconnect()
        if url and not keep:
            _in_postgres(url, f'DROP SCHEMA "{schema}" CASCADE')
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _in_postgres(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True, options="") as connection:
        connection.execute(statement)


def _disconnect() -> None:
    from django.apps import apps

    if apps.ready:
        from django.db import connections

        connections.close_all()
        for alias in connections:
            close_pool = getattr(connections[alias], "close_pool", None)
            if close_pool:
                close_pool()
