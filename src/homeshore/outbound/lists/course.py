"""Pure: where somebody on a list stands, and what comes after each attempt to reach them."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from homeshore.outbound.gate.register import Result


class State(StrEnum):
    """Where an entry stands. To be called (from a moment on), read by an agent, in an agent's hands; then how it ended.

    *Stopped*: a rule stands against the call, and waiting does not mend it. *Skipped*: an agent found that calling is of no use. *Apart*:
    never taken in, since the number is on the list already, or a rule stood against it from the beginning. *Erased*: forgotten before they were called.
    """

    TO_CALL = "to_call"
    PREVIEWED = "previewed"
    CALLED = "called"
    REACHED = "reached"
    REFUSED = "refused"
    UNREACHED = "unreached"
    STOPPED = "stopped"
    SKIPPED = "skipped"
    APART = "apart"
    ERASED = "erased"


OPEN = frozenset({State.TO_CALL, State.PREVIEWED, State.CALLED})
ENDED = frozenset(State) - OPEN - {State.APART}


class Skip(StrEnum):
    """Why an agent does not call who is proposed to them: later; somebody else should; of no use to anybody."""

    LATER = "later"
    KNOWN = "known"
    USELESS = "useless"


@dataclass(frozen=True, slots=True)
class Pauses:
    """How often somebody is tried without an answer, and after what pause again."""

    most: int
    pause: timedelta


@dataclass(frozen=True, slots=True)
class Next:
    """Where an entry stands from now on: `due_at` is when it may be given out, None when it is over; `tried` counts calls without an answer."""

    state: State
    due_at: datetime | None
    tried: int
    asked_back: bool = False


def after_contact(
    results: Sequence[Result | None], *, tried: int, asked_back: bool, promised_for: datetime | None, pauses: Pauses, now: datetime
) -> Next:  # fmt: skip
    """What comes when the contact is over in which these calls were made, each with its result (None is not known).

    Who objects is not called again, whatever else was said. Who named a moment is called then; their attempts begin anew, since they were reached. `asked_back`
    stays with who asked to be called back and did not answer.
    """
    said = {each for each in results if each is not None}
    if Result.OPPOSED in said:
        return Next(State.REFUSED, None, tried)
    if promised_for is not None:
        return Next(State.TO_CALL, promised_for, 0, asked_back=True)
    if Result.REFUSED in said:
        return Next(State.REFUSED, None, tried)
    if Result.REACHED in said:
        return Next(State.REACHED, None, 0)
    tried += len(results)
    if tried >= pauses.most:
        return Next(State.UNREACHED, None, tried)
    return Next(State.TO_CALL, now + pauses.pause, tried, asked_back=asked_back)


def result_of(results: Sequence[Result | None]) -> Result:
    """What a contact came to, in one word: the gravest thing that was said, else whether anybody answered."""
    return next((each for each in (Result.OPPOSED, Result.REFUSED, Result.REACHED) if each in results), Result.NOBODY)


def after_skip(why: Skip, *, due_at: datetime, pauses: Pauses, now: datetime) -> tuple[State, datetime]:
    """Where an entry stands that an agent does not call, and from when on it may be given out again."""
    match why:
        case Skip.LATER:
            return State.TO_CALL, now + pauses.pause
        case Skip.KNOWN:
            return State.TO_CALL, due_at
        case Skip.USELESS:
            return State.SKIPPED, due_at


def is_open(weekdays: AbstractSet[int], opens: time | None, closes: time | None, *, local: datetime) -> bool:
    """Whether a list is called at this local time: on these weekdays (0 is Monday; none are all), from `opens` until before `closes`."""
    if weekdays and local.weekday() not in weekdays:
        return False
    clock = local.time().replace(tzinfo=None)
    return (opens is None or opens <= clock) and (closes is None or clock < closes)
