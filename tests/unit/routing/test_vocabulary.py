"""Records of a journal: written plainly, read back exactly, refused when they are of another time."""

from __future__ import annotations

import json
from enum import Enum
from typing import Any

import pytest

from homeshore.routing.inputs import AgentSet, ContactArrived, PolicySet, PresenceSet, QueueSet, Tick
from homeshore.routing.policy import AgentRule, Overflow, Policy, QueueRule, Ring
from homeshore.routing.vocabulary import UnreadableRecord, read


@pytest.mark.parametrize(
    "word",
    [
        Tick(),
        PolicySet(Policy()),
        QueueSet(QueueRule(1, "voice", ((1, 3),), rings=(Ring(30, ()),), overflow=(Overflow(60, 2),))),
        AgentSet(AgentRule(1, ((1, 3),), (1, 2), {"voice": 1}, reserved_for=(2,))),
        ContactArrived(1, 2, 3, None, None, 4, (5, 6)),
    ],
    ids=lambda word: type(word).__name__,
)
def test_a_word_comes_back_from_its_record(word: Any) -> None:
    assert read(json.loads(json.dumps(word.to_dict()))) == word


def test_a_text_that_is_a_choice_is_written_as_text() -> None:
    class Why(str, Enum):  # noqa: UP042 - as Django's choices are
        LUNCH = "lunch"

    record = json.loads(json.dumps(PresenceSet(1, False, Why.LUNCH).to_dict()))
    assert read(record) == PresenceSet(1, False, "lunch")


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"kind": "Gone", "v": 2}, "called 'Gone'"),
        ({"kind": "Tick", "v": 0}, "version 0"),
        ({"kind": "Tick", "v": 2, "speed": 3}, "no field speed"),
        ({"kind": "PresenceSet", "v": 2, "agent": "one", "ready": True}, "not of type int"),
        ({"kind": "PresenceSet", "v": 2}, "cannot be read"),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_with_its_reason(record: dict[str, Any], why: str) -> None:
    with pytest.raises(UnreadableRecord, match=why):
        read(record)
