"""People on lists are forgotten with their conversations, with their customer, when asked, and some time after their list has ended."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from homeshore.contacts.events import WordsForgotten
from homeshore.foundation import audit, retention
from homeshore.foundation.errors import Invalid
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.outbound import numbers
from homeshore.outbound.lists.course import OPEN, State
from homeshore.outbound.models import ListDeed, ListEntry

BATCH = 1000
"""Entries forgotten in one transaction."""


def forget_with_words(going: WordsForgotten) -> None:
    """Who was called in these conversations; with a customer, everybody of the brand on a list under their number too."""
    who = Q(deeds__contact__conversation__in=going.conversations)
    if going.brand_id is not None and going.phone:
        with suppress(Invalid):  # what is no number is on no list
            who |= Q(call_list__brand=going.brand_id, number=numbers.read(going.phone))
    _forget(ListEntry.objects.filter(who))


def forget_number(*, operator_id: int, number: str, by: User, now: datetime) -> int:
    """A person asks to be forgotten who was never talked to: whoever has this number on a list of the operator. How many entries
    there were. Raises Invalid for a number that is none."""
    digits = numbers.read(number)
    with write():
        gone = _forget(ListEntry.objects.filter(call_list__operator=operator_id, number=digits))
        audit.record(
            operator_id=operator_id, actor=by, verb="list.person_erased", target="list entries", data={"entries": gone}, at=now
        )  # fmt: skip
    return gone


def forget_old_entries(*, now: datetime) -> int:
    """Housekeeping: a batch of people on lists that ended as long ago as words of conversations are kept, or whom nobody called for as
    long as customers are kept. How many there were."""
    forgotten = 0
    for operator_id, periods in retention.operators_and_periods(at=now):
        over = Q(call_list__ended_at__lt=now - timedelta(days=periods.conversation_days))
        old = Q(imported_at__lt=now - timedelta(days=periods.customer_days))
        named = ListEntry.objects.filter(over | old, call_list__operator=operator_id).exclude(number="")
        forgotten += _forget(ListEntry.objects.filter(pk__in=list(named.values_list("pk", flat=True)[:BATCH])))
    return forgotten


def _forget(entries: QuerySet[ListEntry]) -> int:
    """Who they are, in the open transaction; that they were called, and how it ended, stays for the counts."""
    ids = list(entries.order_by().values_list("pk", flat=True).distinct())
    ListDeed.objects.filter(entry__in=ids).update(note="")
    kept = ListEntry.objects.filter(pk__in=ids)
    kept.filter(state__in=OPEN - {State.CALLED}).update(state=State.ERASED, agent=None, until=None)
    return kept.update(number="", name="", told={}, wanted_agent=None)
