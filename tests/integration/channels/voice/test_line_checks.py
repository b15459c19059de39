"""Line checks are kept, judged by the bars of the agent's queues, and a line below them all rests from calls."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from homeshore.channels.voice import queries, services
from homeshore.channels.voice.models import LineCheck, WeakLine
from homeshore.channels.voice.quality.line_check import Bar
from homeshore.channels.voice.services.line_checks import bars_of_agent, figures_of
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import AuditEntry, Event, Role
from tests.factories import AgentFactory, QueueFactory, user_as
from tests.unit.channels.voice.test_line_check import FINE, GOOD

pytestmark = pytest.mark.django_db

LOSSY = replace(FINE, media=(replace(GOOD, loss=0.2),) * 10)


@pytest.fixture
def calls(floor):
    return QueueFactory.create(floor=floor, brand__operator=floor.operator, channel="voice", name="Appels")


@pytest.fixture
def agent(floor, calls):
    return AgentFactory.create(operator=floor.operator, queues=[calls])


def check(agent, figures, clock) -> LineCheck:
    return services.record_line_check(agent_id=agent.pk, kind=LineCheck.Kind.SHIFT, figures=figures, now=clock.now())


def test_a_check_is_kept_as_it_was_measured(agent, clock):
    kept = check(agent, FINE, clock)

    assert figures_of(LineCheck.objects.get(pk=kept.pk)) == FINE
    assert (kept.seconds, kept.at) == (60, clock.now())


def test_a_weak_check_lets_calls_rest_and_a_good_one_ends_the_rest(agent, clock, floor):
    check(agent, LOSSY, clock)
    agent.refresh_from_db()
    told = Event.objects.get(kind="call.line")
    assert (agent.voice_line_ok, agent.voice_line_why) == (False, "weak_calls")
    assert told.topics == [f"agent:{agent.pk}", f"floor:{floor.pk}"]
    assert queries.weak_lines(agent.operator_id)[agent.pk] == told.payload["line"]

    clock.advance(minutes=2)
    check(agent, FINE, clock)
    agent.refresh_from_db()
    assert agent.voice_line_ok
    assert WeakLine.objects.get().ended_at == clock.now()
    assert queries.weak_lines(agent.operator_id) == {}


def test_the_lowest_bar_of_an_agents_queues_decides_whether_calls_rest(agent, calls, clock):
    supervisor = user_as(Role.SUPERVISOR, calls.operator)
    easy = Bar(mos=1.2)
    services.set_line_bar(operator_id=calls.operator_id, queue_id=calls.pk, bar=easy, by=supervisor, now=clock.now())
    check(agent, LOSSY, clock)

    agent.refresh_from_db()
    assert agent.voice_line_ok
    assert bars_of_agent(agent.pk) == {calls.pk: easy}
    assert AuditEntry.objects.get(verb="voice.line_bar").data == {
        "queue": calls.pk,
        "mos": 1.2,
        "kbps": 500,
        "headset": True,
        "wire": False,
    }


def test_without_a_relay_nothing_rests(agent, clock):
    kept = check(agent, replace(FINE, media=()), clock)

    agent.refresh_from_db()
    assert (kept.mos, agent.voice_line_ok) == (None, True)


def test_only_voice_queues_of_ones_own_operator_have_bars(calls, clock):
    by = user_as(Role.SUPERVISOR, calls.operator)
    chat, elsewhere = QueueFactory.create(brand=calls.brand), QueueFactory.create(channel="voice")
    for queue, refusal in ((chat, Invalid), (elsewhere, NotFound)):
        with pytest.raises(refusal):
            services.set_line_bar(operator_id=calls.operator_id, queue_id=queue.pk, bar=Bar(), by=by, now=clock.now())


def signed_in(user) -> Client:
    user.language = "en"
    user.save()
    client = Client(headers={"Accept": "application/json"})
    client.force_login(user)
    return client


def test_the_page_begins_with_passes_for_the_relay_and_keeps_what_it_is_sent(agent, clock, settings):
    settings.TURN_URLS, settings.TURN_SECRET, settings.STUN_URLS = (
        ["turn:relay.example:3478"],
        "secret",
        ["stun:relay.example"],
    )
    client = signed_in(agent.user)
    begun = client.get(reverse("line-begin")).json()
    assert [each["urls"] for each in begun["ice"]] == [["turn:relay.example:3478"]]

    answer = client.post(
        reverse("line-checks"),
        {
            "kind": "whole",
            "browser": "Chrome 131",
            "headset": "none",
            "connection": "wifi",
            "screen_width": 1920,
            "latency_ms": 18.4,
            "media": [{"loss": 0.0, "jitter_ms": 2, "round_trip_ms": 30, "buffer_ms": 20}] * 3,
        },
        content_type="application/json",
    ).json()["check"]

    assert [(each["weight"], each["text"]) for each in answer["findings"]] == [
        ("below", "You wear no headset. With one, customers hear you better and the house less."),
        ("better", "You are on Wi-Fi, which cuts out now and then. A cable to the box is surer."),
        ("good", "Calls would sound well: 4.4 out of 5, 3.6 is asked."),
    ]
    assert answer["queues"] == [{"name": "Appels", "meets": False}]
    assert client.get(reverse("line-begin")).json()["checks"] == [answer]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "other"},
        {"kind": "whole", "media": [{"loss": "much"}]},
        {"kind": "whole", "media": 3},
        {"kind": "whole", "media": [{}] * 121},
        {"kind": "whole", "headset": "tin can"},
        {"kind": "whole", "down_kbps": -1},
        {"kind": "whole", "sound": {"voice_db": 1e99}},
    ],
)
def test_what_no_browser_measures_is_refused(agent, clock, wrong):
    answer = signed_in(agent.user).post(reverse("line-checks"), wrong, content_type="application/json")

    assert answer.status_code == 422
    assert not LineCheck.objects.exists()


def test_leaders_see_each_line_and_set_the_bar(agent, calls, clock):
    check(agent, LOSSY, clock)
    client = signed_in(user_as(Role.SUPERVISOR, calls.operator))
    page = client.get(reverse("lines")).content.decode()
    assert agent.name in page
    assert "no calls now" in page

    refused = client.post(reverse("line-bar", args=[calls.pk]), {"mos": "9", "kbps": "100"})
    taken = client.post(reverse("line-bar", args=[calls.pk]), {"mos": "4.1", "kbps": "100", "wire": "on"})
    assert (refused.status_code, taken.status_code) == (422, 302)
    assert bars_of_agent(agent.pk)[calls.pk] == Bar(4.1, 100, headset=False, wire=True)
