"""What every turn of a router asks of the database, as plain SQL: by the ORM, putting the statements together took two thirds of a turn (measured).

What is rarer stays with the ORM, in `commit`. Both databases understand all of it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from django.db import connection

from homeshore.contacts.models import Contact
from homeshore.contacts.queries.shapes import ContactRow
from homeshore.foundation import bulk


def waiting_facts(floor_id: int, *, at_most: int) -> list[tuple[int, str]]:
    """The facts that the floor's router has yet to consume, oldest first: id, and input as JSON."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, input FROM contacts_fact WHERE floor_id = %s ORDER BY id LIMIT %s", [floor_id, at_most]
        )
        return list(cursor.fetchall())


def advance(floor_id: int, *, epoch: int, from_seq: int, to_seq: int) -> bool:
    """Move the floor's sequence on; False when the epoch, or the sequence, is no longer ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_floor SET seq = %s WHERE id = %s AND epoch = %s AND seq = %s",
            [to_seq, floor_id, epoch, from_seq],
        )
        return bool(cursor.rowcount)


def take_away(fact_ids: Sequence[int]) -> None:
    """Delete facts that have been consumed."""
    ids = bulk.among(fact_ids)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM contacts_fact WHERE id IN ({ids.sql})", ids.params)  # noqa: S608


def mark_offered(queues: Mapping[int, int]) -> tuple[dict[int, ContactRow], set[int]]:
    """Those of the contacts that still wait in the queue named of each, which are offered from now on; and which of them are
    customers to be called back.
    """
    ids = bulk.among(queues)
    lock = "FOR UPDATE OF c" if connection.features.has_select_for_update_of else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {_CONTACT_COLUMNS}, EXISTS (
                SELECT 1 FROM contacts_callback b WHERE b.contact_id = c.id AND b.withdrawn_at IS NULL)
            FROM contacts_contact c WHERE c.id IN ({ids.sql}) AND c.state = %s ORDER BY c.id {lock}""",  # noqa: S608
            [*ids.params, Contact.State.WAITING],
        )
        found = [row for row in cursor.fetchall() if row[_QUEUE] == queues[row[0]]]
        still = bulk.among(row[0] for row in found)
        cursor.execute(
            f"UPDATE contacts_contact SET state = %s WHERE id IN ({still.sql})",  # noqa: S608
            [Contact.State.OFFERED, *still.params],
        )
    contacts = {row[0]: _contact_row(row[:-1]) for row in found}
    return contacts, {row[0] for row in found if row[-1]}


_QUEUE = ContactRow._fields.index("queue_id")
_CONTACT_COLUMNS = ", ".join(f"c.{name}" for name in ("id", *ContactRow._fields[1:]))


def _contact_row(columns: Sequence[Any]) -> ContactRow:
    row = ContactRow(*columns)
    return row._replace(
        state=Contact.State.OFFERED.value,
        arrived_at=_time(row.arrived_at),
        due_at=_time(row.due_at),
        answered_at=_time(row.answered_at),
        closed_at=_time(row.closed_at),
    )


def _time(value: Any) -> Any:
    """A time, or none, with its zone, which SQLite does not keep: both databases have all times in UTC."""
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value
