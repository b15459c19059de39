"""Who calls while the house has no time for them."""

import pytest

from homeshore.channels.voice.sip.telephone.arrivals import LONGEST_WAIT_SECONDS, Arrivals
from tests.unit.channels.voice.sip.trunk import OFFER, Trunk, statuses

LATE = LONGEST_WAIT_SECONDS + 0.1


class Door:
    """Calls that come and wait, with a clock that stands still."""

    def __init__(self) -> None:
        self.trunk = Trunk()
        self.arrivals = Arrivals(self.trunk.house)
        self.tags: dict[str, str] = {}

    def call(self, name: str, *, at: float = 0.0) -> None:
        invite = self.trunk.request("INVITE", branch=name, sdp=OFFER, Call_ID=name)
        [event] = self.trunk.says(invite)
        self.tags[name] = event.tag
        self.arrivals.came(event, at=at)

    def next(self, *, now: float) -> str | None:
        event = self.arrivals.next(now=now)
        return next((name for name, tag in self.tags.items() if event and event.tag == tag), None)

    def refused(self) -> list[tuple[str, int, str | None]]:
        return [(each.call_id, each.status_code, each.get_header("Reason")) for each in self.trunk.hears()]


@pytest.fixture
def door() -> Door:
    return Door()


def test_they_are_let_in_one_by_one_in_the_order_in_which_they_came(door):
    for name in ("first", "second"):
        door.call(name)
    assert [door.next(now=0.1), door.next(now=0.2), door.next(now=0.3)] == ["first", "second", None]
    assert door.refused() == []


def test_who_waited_too_long_is_told_that_the_house_is_full_and_who_came_later_is_let_in(door):
    door.call("early")
    door.call("also early")
    door.call("late", at=1.0)
    assert door.next(now=LATE) == "late"
    full = 'Q.850;cause=42;text="The house is full"'
    assert door.refused() == [("early", 503, full), ("also early", 503, full)]


def test_an_invite_that_is_sent_again_while_it_waits_is_one_call(door):
    door.call("waits")
    assert door.trunk.says(door.trunk.request("INVITE", branch="waits", sdp=OFFER, Call_ID="waits")) == []
    assert [door.next(now=1), door.next(now=1)] == ["waits", None]


def test_a_refusal_is_given_again_to_who_asks_again(door):
    door.call("waits")
    door.next(now=LATE)
    assert len(door.refused()) == 1
    door.trunk.says(door.trunk.request("INVITE", branch="waits", sdp=OFFER, Call_ID="waits"))
    assert [each[:2] for each in door.refused()] == [("waits", 503)]


def test_who_takes_the_call_back_while_it_waits_is_never_let_in(door):
    door.call("waits")
    [cancelled] = door.trunk.says(door.trunk.request("CANCEL", branch="waits", Call_ID="waits"))
    door.arrivals.gave_up(cancelled.tag)
    assert statuses(door.trunk.hears()) == [("CANCEL", 200), ("INVITE", 487)]
    assert (door.next(now=1), door.next(now=LATE), len(door.arrivals)) == (None, None, 0)
    assert door.refused() == []


def test_what_is_within_a_call_is_answered_however_many_wait(door):
    door.trunk.calls()
    door.trunk.is_answered()
    for name in ("first", "second"):
        door.call(name)
    door.trunk.within("BYE")
    assert statuses(door.trunk.hears()) == [("BYE", 200)]
