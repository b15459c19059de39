"""A colleague is asked about a call: from the ringing at their desk to whatever comes of it. Pure.

ask ─► asked ─► alone ─► joined
         │        │         │
         └────────┴─────────┴─► over (`Over` says how)
"""

from enum import StrEnum


class Stage(StrEnum):
    """How far it is."""

    ASKED = "asked"
    """Their desk rings; nobody hears anybody."""
    ALONE = "consult"
    """The two speak with each other, as long as the customer is on hold."""
    JOINED = "join"
    """All three speak."""


class Over(StrEnum):
    """How it ended."""

    REFUSED = "refused"
    UNANSWERED = "unanswered"
    TAKEN_BACK = "taken_back"
    LEFT = "left"
    LOST = "lost"
    HANDED_OVER = "handed_over"


class Act(StrEnum):
    """What somebody does, or what happens: the colleague's, the asker's, the house's."""

    ANSWER = "answer"
    LEAVE = "leave"
    JOIN = "join"
    TAKE_BACK = "take_back"
    HAND_OVER = "hand_over"
    FALL_SILENT = "fall_silent"


COURSE: dict[Stage, dict[Act, Stage | Over]] = {
    Stage.ASKED: {
        Act.ANSWER: Stage.ALONE,
        Act.LEAVE: Over.REFUSED,
        Act.TAKE_BACK: Over.TAKEN_BACK,
        Act.FALL_SILENT: Over.UNANSWERED,
    },
    Stage.ALONE: {
        Act.JOIN: Stage.JOINED,
        Act.LEAVE: Over.LEFT,
        Act.TAKE_BACK: Over.TAKEN_BACK,
        Act.HAND_OVER: Over.HANDED_OVER,
        Act.FALL_SILENT: Over.LOST,
    },
    Stage.JOINED: {
        Act.LEAVE: Over.LEFT,
        Act.TAKE_BACK: Over.TAKEN_BACK,
        Act.HAND_OVER: Over.HANDED_OVER,
        Act.FALL_SILENT: Over.LOST,
    },
}


def after(stage: Stage, act: Act) -> Stage | Over | None:
    """What an act leads to; None where it has no place."""
    return COURSE[stage].get(act)
