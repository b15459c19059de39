"""How the rest of the house opens transactions: to write, or to read one consistent picture."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from homeshore.foundation.sqlite.base import deferred


@contextmanager
def write() -> Iterator[None]:
    """A transaction that writes; on SQLite it waits for its turn in line. Joins an open one."""
    with transaction.atomic():
        yield


@contextmanager
def snapshot() -> Iterator[None]:
    """A transaction that only reads, all of it as of one moment, and holds up no writer.

    Inside an open transaction it joins that one.
    """
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "sqlite":
        with deferred(connection), transaction.atomic():
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
