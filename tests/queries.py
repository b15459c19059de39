"""What a piece of code asks of the database, in a form that two databases and a reader agree on."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

TABLE = re.compile(r'(?:FROM|INTO|UPDATE|JOIN)\s+"?(\w+)"?', re.IGNORECASE)
MANY = re.compile(r"^\d+ times: ")
"""How Django logs one statement for many rows."""
COPIED = re.compile(r"^COPY (.+) FROM STDIN$")
"""How many rows go into a table of PostgreSQL at once."""
HOUSEKEEPING = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN", "COMMIT", "PRAGMA", "SET ")


@contextmanager
def queries_kept_as(snapshot) -> Iterator[None]:
    """Compare the queries made inside, by verb and first table, with the snapshot: one row more is one query more.

    `pytest --snapshot-update` writes the snapshot anew; look at the difference before you commit it.
    """
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [query["sql"] for query in captured.captured_queries if not query["sql"].upper().startswith(HOUSEKEEPING)]
    assert dict(sorted(Counter(map(summary, asked)).items())) == snapshot


def summary(sql: str) -> str:
    sql = COPIED.sub(r"INSERT INTO \1", MANY.sub("", sql))
    verb = sql.lstrip("( ").split(maxsplit=1)[0].upper()
    table = TABLE.search(sql)
    return f"{verb} {table[1]}" if table else verb
