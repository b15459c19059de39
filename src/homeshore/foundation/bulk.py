"""Many rows by plain SQL, where the ORM's own bulk insert is the bottleneck (measured: four fifths of a router's commit)."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of the fields `names` (foreign keys by their id); fields left out must have a default in `rows` or none.

    Values are plain: JSON-able data for JSON fields, aware datetimes for times. Runs in the open transaction, in order.
    """
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    prepare = [_preparation(field) for field in fields]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {connection.ops.quote_name(str(model._meta.db_table))} ({columns}) VALUES ({places})",  # noqa: S608 - names of our own tables
            [[ready(value) for ready, value in zip(prepare, row, strict=True)] for row in rows],
        )


def _preparation(field: Any) -> Callable[[Any], Any]:
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.DateTimeField):
        return lambda value: None if value is None else connection.ops.adapt_datetimefield_value(value)
    return _as_it_is


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _as_it_is(value: Any) -> Any:
    return value
