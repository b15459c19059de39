import threading
from datetime import timedelta

import pytest
from django.db import connections

from homeshore.foundation import outbox
from homeshore.foundation.models import OutboxMessage
from homeshore.foundation.outbox import DeliveryError
from tests.clock import MORNING
from tests.factories import OperatorFactory
from tests.servers.ground import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(db):
    return OperatorFactory.create()


@pytest.fixture
def handled(monkeypatch):
    """Register a handler for the kind `test` that does what it is told; gives the keys it was handed."""
    keys = []
    monkeypatch.setattr(outbox, "_handlers", {})
    monkeypatch.setattr(outbox, "_given_up", {})

    def handle_with(error=None):
        @outbox.handles("test")
        def handle(message):
            keys.append(message.key)
            if error:
                raise error

        return keys

    return handle_with


def put(operator, key="k"):
    return outbox.put(operator_id=operator.pk, kind="test", key=key, payload={}, at=MORNING)


def state_of(message):
    message.refresh_from_db()
    return message.state, message.attempts, message.last_error


def test_a_message_is_delivered_once(operator, handled, clock):
    keys = handled()
    message = put(operator)

    assert outbox.deliver_due() == 1
    assert outbox.deliver_due() == 0
    assert keys == ["k"]
    assert state_of(message) == ("sent", 1, "")


def test_a_claim_lasts_from_its_own_moment_however_long_those_before_took(operator, clock, monkeypatch):
    seconds_left = []

    def takes_two_minutes(message):
        message.refresh_from_db()
        seconds_left.append((message.claimed_until - clock.now()).total_seconds())
        clock.advance(minutes=2)

    monkeypatch.setitem(outbox._handlers, "test", takes_two_minutes)
    for key in ("a", "b", "c"):
        put(operator, key)

    assert outbox.deliver_due() == 3
    assert seconds_left == [120, 120, 120]


def test_the_same_key_is_the_same_message(operator):
    assert put(operator).pk == put(operator).pk


def test_a_failure_is_tried_again_later_and_later(operator, handled, clock):
    handled(DeliveryError("the server is away"))
    message = put(operator)

    outbox.deliver_due()
    assert state_of(message) == ("pending", 1, "the server is away")
    assert message.due_at == MORNING + timedelta(seconds=5)
    clock.advance(seconds=4)
    assert outbox.deliver_due() == 0
    clock.advance(seconds=1)
    assert outbox.deliver_due() == 1
    message.refresh_from_db()
    assert message.due_at == MORNING + timedelta(seconds=35)


def test_a_permanent_failure_is_given_up_and_told(operator, handled, clock):
    handled(DeliveryError("no such mailbox", permanent=True))
    told = []
    outbox.gave_up("test")(lambda message: told.append((message.key, message.last_error)))
    message = put(operator)

    outbox.deliver_due()

    assert state_of(message) == ("failed", 1, "no such mailbox")
    assert told == [("k", "no such mailbox")]


def test_after_all_attempts_a_message_is_given_up(operator, handled, clock):
    keys = handled(DeliveryError("away"))
    message = put(operator)

    for _ in range(len(outbox.RETRY_AFTER) + 3):
        clock.advance(days=1)
        outbox.deliver_due()

    assert state_of(message)[0] == "failed"
    assert len(keys) == len(outbox.RETRY_AFTER) + 1


def test_an_error_nobody_foresaw_is_recorded_and_tried_again(operator, handled, clock):
    handled(ZeroDivisionError("division by zero"))
    message = put(operator)

    outbox.deliver_due()

    assert state_of(message) == ("pending", 1, "ZeroDivisionError: division by zero")


def test_a_kind_without_a_handler_here_waits_for_one(operator, handled, clock):
    handled()
    message = outbox.put(operator_id=operator.pk, kind="other", key="o", payload={}, at=MORNING)

    assert outbox.deliver_due() == 0
    assert state_of(message) == ("pending", 0, "")


def test_a_claim_of_a_worker_that_died_ends(operator, clock):
    put(operator)

    assert len(outbox.claim(now=clock.now())) == 1
    assert outbox.claim(now=clock.advance(minutes=1)) == []
    assert len(outbox.claim(now=clock.advance(minutes=2))) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_claim_the_same_message(transactional_db):
    operator = OperatorFactory.create()
    for number in range(20):
        put(operator, key=str(number))
    start = threading.Barrier(4)
    claimed = []

    def claim():
        start.wait()
        claimed.extend(message.key for message in outbox.claim(now=MORNING))
        connections.close_all()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(claimed, key=int) == [str(number) for number in range(20)]


@pytest.mark.django_db(transaction=True)
def test_the_worker_delivers_what_comes(transactional_db, handled, clock):
    handled()
    operator = OperatorFactory.create()
    stop = threading.Event()
    worker = threading.Thread(target=lambda: (outbox.work(stop), connections.close_all()))
    worker.start()

    put(operator)

    wait_until(lambda: OutboxMessage.objects.filter(state="sent").exists(), what="delivery")
    stop.set()
    worker.join(10)
    assert not worker.is_alive()
