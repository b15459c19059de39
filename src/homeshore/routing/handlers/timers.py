"""Time passes: what is due fires, in order, each timer once."""

from __future__ import annotations

from heapq import heappop
from typing import Any

from homeshore.routing.changes import forget_let_go, look_again, next_stage, requeue_lost, wait_again
from homeshore.routing.handlers.assignments import wrap_up_times_out
from homeshore.routing.handlers.contacts import come_due
from homeshore.routing.handlers.offers import time_out
from homeshore.routing.inputs import Tick
from homeshore.routing.matching import keep_watch, serve
from homeshore.routing.run import Run


def on_tick(run: Run, fact: Tick) -> None:
    """Fires every timer due now, those it sets itself included when they are due at once."""
    state = run.state
    while (due := state.next_due()) is not None and due <= run.now:
        _, what, whose = heappop(state.timers)
        _FIRE[what](run, whose)


def _offer(run: Run, id: str) -> None:
    time_out(run, run.state.offers[id])


def _wrap_up(run: Run, id: int) -> None:
    wrap_up_times_out(run, run.state.assignments[id])


def _keep(run: Run, id: int) -> None:
    requeue_lost(run, run.state.assignments[id])


def _agent_settles(run: Run, id: int) -> None:
    agent = run.state.agents[id]
    agent.settle_at = None
    serve(run, agent)


def _stage(run: Run, id: int) -> None:
    next_stage(run, run.state.contacts[id])


def _settle(run: Run, id: int) -> None:
    wait_again(run, run.state.contacts[id])


def _sticky(run: Run, id: int) -> None:
    look_again(run, run.state.contacts[id])


def _scheduled(run: Run, id: int) -> None:
    come_due(run, run.state.contacts[id])


def _watch(run: Run, id: int) -> None:
    keep_watch(run, run.state.queues[id])


def _reoffer(run: Run, id: int) -> None:
    contact = run.state.contacts[id]
    still = {agent: until for agent, until in (contact.let_go or {}).items() if until > run.now}
    if still:
        contact.let_go = still
        run.arm(min(still.values()), "reoffer", id)
    else:
        forget_let_go(run.state, contact)
    look_again(run, contact)


_FIRE: dict[str, Any] = {
    "offer": _offer,
    "wrap_up": _wrap_up,
    "keep": _keep,
    "agent_settles": _agent_settles,
    "stage": _stage,
    "settle": _settle,
    "sticky": _sticky,
    "reoffer": _reoffer,
    "watch": _watch,
    "scheduled": _scheduled,
}
