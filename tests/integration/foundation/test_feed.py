import contextlib
from datetime import timedelta

import pytest

from homeshore.foundation import feed, hints, housekeeping
from homeshore.foundation.feed import Position
from homeshore.foundation.models import AuditEntry, Event
from homeshore.foundation.transactions import write
from tests.clock import MORNING
from tests.factories import OperatorFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def operator(transactional_db):
    return OperatorFactory.create()


def record(operator, number, at=MORNING):
    with write():
        feed.record(operator_id=operator.pk, topics=["floor:1"], kind="told", payload={"number": number}, at=at)


def numbers_after(position):
    return [event.payload["number"] for event in feed.read(position)]


def test_events_after_a_position_are_read_in_order(operator):
    record(operator, 1)
    position = feed.position()
    record(operator, 2)
    record(operator, 3)

    assert numbers_after(position) == [2, 3]
    assert numbers_after(Position(0, 0)) == [1, 2, 3]
    assert [event.payload["number"] for event in feed.read(Position(0, 0), limit=2)] == [1, 2]


def test_events_recorded_together_keep_their_order_and_are_written_at_the_end(operator):
    with write(), feed.together():
        record(operator, 1)
        with feed.together():
            record(operator, 2)
        assert not Event.objects.exists()
        record(operator, 3)

    assert numbers_after(Position(0, 0)) == [1, 2, 3]


def test_nothing_is_written_of_events_recorded_together_when_the_work_fails(operator):
    with contextlib.suppress(ZeroDivisionError), feed.together():
        record(operator, 1)
        raise ZeroDivisionError
    record(operator, 2)

    assert numbers_after(Position(0, 0)) == [2]


def test_a_position_is_read_as_it_was_written():
    assert Position.parse(str(Position(12, 34))) == Position(12, 34)


@pytest.mark.parametrize("text", ["", "12", "a.b", "1.2.3"])
def test_what_is_no_position_is_refused(text):
    with pytest.raises(ValueError, match="invalid literal"):
        Position.parse(text)


def test_old_events_are_forgotten_and_the_feed_says_since_when(operator):
    record(operator, 1, at=MORNING - timedelta(days=9))
    record(operator, 2, at=MORNING - timedelta(days=8))
    before = feed.position()
    record(operator, 3)

    assert feed.purge(before=MORNING - timedelta(days=7)) == 2
    assert feed.kept_since() == before
    assert numbers_after(before) == [3]
    assert numbers_after(Position(0, 0)) == [3]


def test_purging_twice_forgets_nothing_more(operator):
    record(operator, 1, at=MORNING - timedelta(days=9))
    record(operator, 2)
    feed.purge(before=MORNING)

    assert feed.purge(before=MORNING) == 0
    assert feed.purge(before=MORNING + timedelta(days=1)) == 1
    assert Event.objects.count() == 1
    assert feed.read(Position(0, 0)) == []


def test_nothing_purged_means_everything_is_kept(operator):
    assert feed.kept_since() == Position(0, 0)


def test_the_audit_trail_outlives_the_purge(operator):
    AuditEntry.objects.create(operator=operator, verb="x", target="y", at=MORNING - timedelta(days=900))

    housekeeping.purge(now=MORNING)

    assert AuditEntry.objects.count() == 1


@pytest.mark.sqlite
def test_readers_are_woken_after_the_commit(operator):
    woken = []
    forget = feed.on_hint(lambda: woken.append(Event.objects.count()))

    record(operator, 1)
    forget()
    record(operator, 2)

    assert woken == [1]


def test_a_hint_that_a_notify_cannot_carry_is_refused(operator):
    with pytest.raises(ValueError, match="at most 7900 bytes"):
        hints.after_commit("whispers", "é" * 4000)
