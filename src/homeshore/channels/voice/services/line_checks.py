"""Checks of the line at home: kept as they were measured, judged by what the agent's calls ask for."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from homeshore.brands import queries as brands
from homeshore.channels.voice.models import LineBar, LineCheck
from homeshore.channels.voice.quality.emodel import Measure
from homeshore.channels.voice.quality.line_check import (
    Bar,
    Connection,
    Figures,
    Headset,
    Sound,
    lowest,
    score,
)
from homeshore.channels.voice.services.quality import end_rest_of, rest_line
from homeshore.channels.voice.services.queues import check_takes_calls
from homeshore.foundation import audit
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.missions import queries as missions


def record_line_check(
    *, agent_id: int, kind: LineCheck.Kind, figures: Figures, browser: str = "", now: datetime
) -> LineCheck:
    """Keep a check. Sound below the bar of every voice queue of the agent lets their calls rest, as a weak call does; sound that
    meets one of them ends a rest.
    """
    with write():
        got = score(figures)
        check = LineCheck.objects.create(
            agent_id=agent_id,
            at=now,
            kind=kind,
            seconds=len(figures.media),
            mos=got,
            lowest_mos=lowest(figures),
            figures=asdict(figures),
            browser=browser[:120],
        )
        if got is not None:
            least = min((bar.mos for bar in bars_of_agent(agent_id).values()), default=Bar().mos)
            if got < least:
                rest_line(agent_id=agent_id, mos=got, now=now)
            else:
                end_rest_of(agent_id=agent_id, now=now)
    return check


def set_line_bar(*, operator_id: int, queue_id: int, bar: Bar, by: User, now: datetime) -> None:
    """What the calls of a queue ask of a line from now on. Raises NotFound for another operator's queue, Invalid for one
    that takes no calls."""
    with write():
        check_takes_calls(queue_id, operator_id=operator_id)
        asked = asdict(bar)
        LineBar.objects.update_or_create(queue_id=queue_id, defaults=asked)
        data = {"queue": queue_id, **asked}
        audit.record(operator_id=operator_id, actor=by, verb="voice.line_bar", target="", data=data, at=now)


def bars_of_agent(agent_id: int) -> dict[int, Bar]:
    """The bars of the voice queues that an agent is engaged for, by queue."""
    return bars_of(
        queue for queue in missions.queues_of_agent(agent_id) if brands.queue_rules(queue).channel == "voice"
    )


def bars_by_agent(operator_id: int) -> dict[int, dict[int, Bar]]:
    """The same for every engaged agent of an operator, with no question for each of them."""
    bars = bars_of(queue.id for queue in brands.queues_of_operator(operator_id) if queue.channel == "voice")
    engaged = missions.queues_by_agent(operator_id)
    return {agent: {queue: bars[queue] for queue in queues if queue in bars} for agent, queues in engaged.items()}


def bars_of(queue_ids: Iterable[int]) -> dict[int, Bar]:
    """The bars of these queues."""
    ids = list(queue_ids)
    set_ones = {each.queue_id: each for each in LineBar.objects.filter(queue_id__in=ids)}
    return {
        queue: Bar(each.mos, each.kbps, each.headset, each.wire) if (each := set_ones.get(queue)) else Bar()
        for queue in ids
    }


def figures_of(check: LineCheck) -> Figures:
    """What a kept check measured."""
    kept = dict(check.figures)
    sound = kept.pop("sound")
    return Figures(
        media=tuple(Measure(**each) for each in kept.pop("media")),
        sound=Sound(**sound) if sound else None,
        headset=Headset(headset) if (headset := kept.pop("headset")) else None,
        connection=Connection(connection) if (connection := kept.pop("connection")) else None,
        **kept,
    )
