import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from homeshore.foundation import clock, feed, grants
from homeshore.foundation.transactions import write
from homeshore.push import replay
from homeshore.push.messages import entry_of
from tests.integration.push.streams import Received, StreamClient
from tests.servers.site import served_site

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def tell(operator, number, *topics):
    with write():
        feed.record(operator_id=operator.pk, topics=topics, kind="told", payload={"number": number}, at=NOON)


def grant(*topics, principal="user:1"):
    return feed.grant(principal=principal, topics=topics)


def status(site, *tokens, **place):
    with StreamClient(site.port, *tokens, **place) as client:
        return client.status


def numbers(events):
    return [event.data["number"] for event in events]


def test_an_event_arrives_with_its_place_time_and_topics(site, operator):
    with StreamClient(site.port, grant("agent:1")) as stream:
        tell(operator, 7, "agent:1")
        event = stream.next()

    assert event == Received("told", {"number": 7, "at": "2026-11-24T12:00:00.000Z"}, str(feed.position()), ["agent:1"])


def test_only_granted_topics_arrive(site, operator):
    with StreamClient(site.port, grant("agent:1", "floor:1")) as stream:
        tell(operator, 1, "agent:2")
        tell(operator, 2, "floor:1")
        tell(operator, 3, "agent:20")
        tell(operator, 4, "agent:1")

        assert numbers(stream.take(2)) == [2, 4]


def test_an_event_of_two_topics_arrives_once(site, operator):
    with StreamClient(site.port, grant("agent:1"), grant("floor:1")) as stream:
        tell(operator, 1, "agent:1", "floor:1")
        tell(operator, 2, "agent:1")

        assert numbers(stream.take(2)) == [1, 2]


def test_a_rolled_back_event_never_arrives(site, operator):
    with StreamClient(site.port, grant("agent:1")) as stream:
        with write():
            feed.record(operator_id=operator.pk, topics=["agent:1"], kind="told", payload={"number": 1}, at=NOON)
            transaction.set_rollback(True)
        tell(operator, 2, "agent:1")

        assert numbers(stream.take(1)) == [2]


def test_who_comes_back_gets_what_was_missed_and_then_goes_on(site, operator):
    start = feed.position()
    for number in range(5):
        tell(operator, number, "agent:1", "floor:1") if number != 2 else tell(operator, number, "agent:2")
    with StreamClient(site.port, grant("agent:1"), after=start) as stream:
        tell(operator, 5, "agent:1")

        assert numbers(stream.take(5)) == [0, 1, 3, 4, 5]


def test_what_was_missed_before_this_process_started_comes_from_the_database(operator):
    start = feed.position()
    tell(operator, 1, "agent:1")
    with served_site() as site, StreamClient(site.port, grant("agent:1"), after=start) as stream:
        tell(operator, 2, "agent:1")

        assert numbers(stream.take(2)) == [1, 2]


def test_of_what_was_missed_only_ones_own_topics_are_encoded_and_no_more_than_may_be_sent(operator, monkeypatch):
    start = feed.position()
    for number in range(30):
        tell(operator, number, "agent:1" if number % 10 == 0 else "agent:2")
    end, encoded = feed.position(), []
    monkeypatch.setattr(replay, "entry_of", lambda event: encoded.append(event.topics) or entry_of(event))

    found = replay.entries_between(start, end, frozenset({"agent:1"}), 100_000)
    assert (len(found), encoded) == (3, [["agent:1"]] * 3)
    assert replay.entries_between(start, end, frozenset({"agent:1"}), 20) is None
    monkeypatch.setattr(replay, "MOST_EVENTS", 10)
    assert replay.entries_between(start, end, frozenset({"agent:1"}), 100_000) is None


def test_the_last_event_id_wins_over_the_place_in_the_address(site, operator):
    start = feed.position()
    tell(operator, 1, "agent:1")
    middle = feed.position()
    tell(operator, 2, "agent:1")

    with StreamClient(site.port, grant("agent:1"), after=start, last_event_id=middle) as stream:
        assert numbers(stream.take(1)) == [2]


def test_a_place_ahead_of_the_hub_is_kept(site, operator):
    """A snapshot may be newer than what the hub has read; what it holds already is not sent again."""
    ahead = feed.Position(feed.position().transaction + 1_000_000, 10**9)

    with StreamClient(site.port, grant("agent:1"), after=ahead) as stream:
        tell(operator, 1, "agent:1")
        feed.whisper(operator_id=operator.pk, topics=["agent:1"], kind="typing", payload={})

        assert stream.next().kind == "typing"


def test_a_whisper_arrives_without_a_place(site, operator):
    with StreamClient(site.port, grant("agent:1")) as stream:
        feed.whisper(operator_id=operator.pk, topics=["agent:1"], kind="typing", payload={"conversation": 4})

        assert stream.next() == Received("typing", {"conversation": 4}, None, ["agent:1"])


def test_a_whisper_in_a_transaction_that_fails_is_not_told(site, operator):
    with StreamClient(site.port, grant("agent:1")) as stream:
        with write():
            feed.whisper(operator_id=operator.pk, topics=["agent:1"], kind="lost", payload={})
            transaction.set_rollback(True)
        feed.whisper(operator_id=operator.pk, topics=["agent:1"], kind="told", payload={})

        assert stream.next().kind == "told"


def wait_until(holds, *, seconds=30):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_who_is_older_than_what_is_kept_is_told_to_start_afresh(site, operator):
    start = feed.position()
    tell(operator, 1, "agent:1")
    tell(operator, 2, "agent:1")
    wait_until(lambda: site.application.hub.position >= feed.position())
    feed.purge(before=NOON + timedelta(seconds=1))
    site.application.hub._kept_since = feed.position()

    with StreamClient(site.port, grant("agent:1"), after=start) as stream:
        assert stream.next().kind == "reset"
        tell(operator, 3, "agent:1")
        assert numbers(stream.take(1)) == [3]


def test_no_event_is_lost_or_doubled_or_out_of_order_while_many_write(site, operator):
    writers, each = 6, 25
    start = feed.position()

    def write_some(writer):
        for number in range(each):
            tell(operator, (writer, number), "floor:1")
        connections.close_all()

    threads = [threading.Thread(target=write_some, args=(writer,)) for writer in range(writers)]
    with StreamClient(site.port, grant("floor:1")) as first:
        for thread in threads:
            thread.start()
        begun = first.take(20)
        first.close()
        with StreamClient(site.port, grant("floor:1"), last_event_id=begun[-1].id) as second:
            events = begun + second.take(writers * each - len(begun))
    for thread in threads:
        thread.join()

    places = [feed.Position.parse(event.id) for event in events]
    assert places == sorted(set(places))
    for writer in range(writers):
        assert [event.data["number"][1] for event in events if event.data["number"][0] == writer] == list(range(each))
    assert [event.position for event in feed.read(start)] == places


@pytest.mark.postgres
def test_a_transaction_that_commits_late_holds_back_those_after_it(site, operator):
    """Sequence numbers are given before the commit: read naively, the late one would be skipped for ever."""
    written, go_on = threading.Event(), threading.Event()

    def commit_late():
        with write():
            feed.record(operator_id=operator.pk, topics=["floor:1"], kind="told", payload={"number": 1}, at=NOON)
            written.set()
            go_on.wait(10)
        connection.close()

    late = threading.Thread(target=commit_late)
    with StreamClient(site.port, grant("floor:1")) as stream:
        late.start()
        written.wait(10)
        tell(operator, 2, "floor:1")
        assert feed.has_unsettled()
        assert feed.read(feed.Position(0, 0)) == []
        go_on.set()
        late.join()

        assert numbers(stream.take(2)) == [1, 2]


def test_a_stream_ends_when_its_subscription_is_revoked(site, operator):
    theirs, other = grant("agent:1", principal="user:5"), grant("agent:1", principal="user:6")
    with StreamClient(site.port, theirs) as ended, StreamClient(site.port, other) as going_on:
        grants.revoke(principal="user:5", at=clock.now())

        assert ended.next().kind == "reset"
        assert ended.next() is None
        tell(operator, 1, "agent:1")
        assert numbers(going_on.take(1)) == [1]


def test_a_revoked_subscription_opens_no_stream(site):
    revoked = grant("agent:1", principal="user:5")
    grants.revoke(principal="user:5", at=clock.now())

    assert status(site, revoked) == 403
    assert status(site, grant("agent:1", principal="user:5")) == 200


@pytest.mark.parametrize("tokens", [[], ["nonsense"], ["a" * 5000]])
def test_without_a_subscription_of_ours_there_is_no_stream(site, tokens):
    with StreamClient(site.port, *tokens) as client:
        assert client.status == 403
        assert client.response.headers["Access-Control-Allow-Origin"] == "*"


def test_a_subscription_of_yesterday_has_ended(site):
    old = grants.sign(principal="user:1", topics=["agent:1"], now=clock.now() - timedelta(days=1, seconds=1))

    assert status(site, old) == 403


def test_a_changed_subscription_is_refused(site):
    head, _, signature = grant("agent:1").rpartition(":")

    assert status(site, f"{head}x:{signature}") == 403


def test_a_place_that_is_none_is_refused(site):
    assert status(site, grant("agent:1"), after="yesterday") == 400


def test_one_principal_may_hold_forty_streams(site):
    token = grant("agent:1")
    clients = [StreamClient(site.port, token) for _ in range(41)]

    assert [client.status for client in clients] == [200] * 40 + [429]
    for client in clients:
        client.close()


def test_a_reader_who_goes_is_forgotten(site, operator):
    token = grant("agent:1")
    with StreamClient(site.port, token):
        assert len(site.application.hub) == 1
    with StreamClient(site.port, token) as probe:
        while len(site.application.hub) > 1:
            feed.whisper(operator_id=operator.pk, topics=["agent:1"], kind="probe", payload={})
            assert probe.next().kind == "probe"
