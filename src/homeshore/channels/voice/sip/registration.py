"""Pure: for how long a registration is asked for, when it is asked for again, and what a refusal of one means."""

from datetime import timedelta

ASKED_SECONDS = 600
"""Short, so that a trunk that forgot us brings our calls again within five minutes."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)
"""Between two tries that are in vain (RFC 5626 §4.5): who asks too often with a wrong password is shut out by many trunks."""
ANSWERED_WITHIN = timedelta(seconds=45)
"""A request and what may follow it: who asked has heard by then, or is gone."""
SHORTEST_PAUSE = timedelta(seconds=5)
WRONG_PASSWORD = (401, 403, 407)
UNKNOWN = 404
NOBODY_SAID = (408, 430, 478)
"""Nobody at the trunk said anything: it does not answer, or is not found in the network."""


def refresh_after(granted: int) -> timedelta:
    """How long to wait, when the trunk keeps us for so many seconds, before it is asked again."""
    return max(SHORTEST_PAUSE, timedelta(seconds=min(granted, ASKED_SECONDS) / 2))


def again_after(tries: int, *, retry_after: int) -> timedelta:
    """How long to wait after so many tries in vain; never shorter than the trunk wants, by `retry_after` seconds."""
    doublings: int = 2 ** min(tries - 1, 10)
    pause = min(FIRST_PAUSE * doublings, LONGEST_PAUSE)
    return max(pause, timedelta(seconds=retry_after))


def is_no_answer(status: int) -> bool:
    """Whether nobody at the trunk has decided anything: nobody answers, it is not found in the network, or it cannot work now."""
    return status in NOBODY_SAID or 500 <= status < 600
