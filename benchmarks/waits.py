"""How honest the expected waits are: what customers would have been told at their arrival, against what happened.

Days are simulated, and recorded where the bank's calls are beside the project. Of everybody who had to wait, told at
arrival: how often something was said; of those answered, the share that fell within the interval (worked out, and as
said in whole minutes), before it and after it; the error of the middle, beside that of published single-number
estimators. Who left before an answer is counted by Kaplan and Meier's estimate in `virtual_*`. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from statistics import mean, median
from typing import Any, NamedTuple

from homeshore.replay.calls import SERVED, read_calls
from homeshore.routing.inputs import ContactArrived, ContactCancelled, OfferAccepted
from homeshore.routing.policy import AgentRule, QueueRule
from homeshore.routing.simulator import Chances, Scenario, Shift, poisson_arrivals, simulate
from homeshore.routing.waits import Expected, Forecast, Waited, said

BANK = Path(__file__).resolve().parents[2] / "shared" / "data" / "bank_calls_february_1999.tsv"
HOUR = 3_600_000
OPEN, CLOSE = 8 * HOUR, 18 * HOUR
PROFILE = (0.5, 0.9, 1.2, 1.3, 1.0, 0.8, 0.9, 1.1, 1.0, 0.6)
_LOOK_BACK = 600
_LINES = {"PS": "PS", "NW": "PS", "PE": "PS", "NE": "NE", "IN": "IN"}
"""The bank's services that share agents are one line."""


class Told(NamedTuple):
    """Somebody who waited: how long, whether they were answered, what they were told, and what others would have said."""

    wait: int
    answered: bool
    expected: Expected | None
    others: dict[str, float]


def bank_days() -> list[list[Waited]]:
    """The lines of the recorded days, those with more than a hundred calls; empty where the file is not there."""
    if not BANK.exists():
        return []
    with BANK.open() as file:
        calls = read_calls(file)
    days = []
    for day in calls.days():
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the recording has no zone
        lines: dict[str, list[Waited]] = {}
        for call in calls.of_day(day):
            if call.queued and call.queue in _LINES:
                at = round((call.arrived - midnight).total_seconds() * 1000)
                line = lines.setdefault(_LINES[call.queue], [])
                line.append(Waited(at, at + round(call.waited * 1000), call.outcome == SERVED))
        days += [line for line in lines.values() if len(line) > 100]
    return days


def simulated_day(seed: int, *, agents: int, load: float, shared: bool = False) -> list[Waited]:
    """A day from eight to six, with shifts that begin and end, changing volume, ringing and wrap-up.

    `shared`: every third agent also answers a second, more urgent queue.
    """
    luck = random.Random(seed)
    queues = (QueueRule(1, "voice", target_seconds=60), QueueRule(2, "voice", target_seconds=20))
    rules = [AgentRule(id, (), (1, 2) if shared and id % 3 == 0 else (1,), {"voice": 1}) for id in range(1, agents + 1)]
    starts = [OPEN + luck.choice((0, 0, HOUR, 2 * HOUR)) for _ in rules]
    shifts = [
        Shift(rule.id, start, min(CLOSE, start + luck.choice((4, 6, 8)) * HOUR))
        for rule, start in zip(rules, starts, strict=True)
    ]
    arrivals = []
    for hour, part in enumerate(PROFILE):
        rate = part * load * agents * 0.62 / 300
        by_queue = {1: rate * 0.8, 2: rate * 0.2} if shared else {1: rate}
        arrivals += list(poisson_arrivals(luck, by_queue, OPEN + hour * HOUR, OPEN + (hour + 1) * HOUR))
    came: dict[int, ContactArrived] = {}
    over: list[Waited] = []

    def watch(input: Any, decisions: Any, now: int) -> None:
        if isinstance(input, ContactArrived):
            came[input.contact] = input
        elif isinstance(input, (OfferAccepted, ContactCancelled)):
            arrived = came.pop(input.contact)
            if arrived.queue == 1:
                over.append(Waited(arrived.arrived_at, now, isinstance(input, OfferAccepted)))

    chances = Chances(service_seconds=300, patience_seconds=240, wrap_up_seconds=20, answer_seconds=6)
    simulate(Scenario(queues, tuple(rules), tuple(shifts), arrivals, OPEN, CLOSE, chances=chances), seed, watch=watch)
    return sorted(over)


def told_in(day: list[Waited], *, every: int = 1) -> Iterator[Told]:
    """What everybody who had to wait would have been told at their arrival, or every so many of them."""
    day, number = sorted(day), 0
    for index, (arrived, ended, answered) in enumerate(day):
        if ended - arrived < 1_000:
            continue
        number += 1
        if number % every:
            continue
        before = day[max(0, index - _LOOK_BACK) : index]
        over = [wait for wait in before if wait.ended_at <= arrived]
        waiting = [wait.arrived_at for wait in before if wait.ended_at > arrived]
        expected = Forecast(over, waiting, arrived).wait_at(len(waiting) + 1)
        yield Told(ended - arrived, answered, expected, _others(over, waiting, arrived) if expected else {})


def _others(over: list[Waited], waiting: list[int], now: int) -> dict[str, float]:
    """Last to enter service and head of the line (Ibrahim and Whitt 2009); place times the mean gap of half an hour."""
    answered = sorted((wait.ended_at, wait.ended_at - wait.arrived_at) for wait in over if wait.answered)
    recent = [ended_at for ended_at, _ in answered if ended_at > now - HOUR // 2]
    found = {"last_to_enter_service": float(answered[-1][1]), "head_of_line": float(now - min(waiting, default=now))}
    if len(recent) >= 5:
        found["place_times_gap"] = (len(waiting) + 1) * (now - recent[0]) / len(recent)
    return found


def report(told: list[Told]) -> dict[str, Any]:
    """The figures of the module's description, times in seconds."""
    spoken = [(each, each.expected) for each in told if each.expected]
    answered = [(each, expected) for each, expected in spoken if each.answered]
    count = len(answered)
    return {
        "waited": len(told),
        "said": round(len(spoken) / len(told), 3),
        "covered": round(sum(e.low_ms <= each.wait <= e.high_ms for each, e in answered) / count, 3),
        "covered_as_said": round(
            sum(said(e)[0] * 1000 <= each.wait <= said(e)[1] * 1000 for each, e in answered) / count, 3
        ),
        "before": round(sum(each.wait < e.low_ms for each, e in answered) / count, 3),
        "after": round(sum(each.wait > e.high_ms for each, e in answered) / count, 3),
        "virtual_before": round(_reached([(each.wait / max(e.low_ms, 1), each.answered) for each, e in spoken]), 3),
        "virtual_after": round(1 - _reached([(each.wait / e.high_ms, each.answered) for each, e in spoken]), 3),
        "width_median_s": round(median(e.high_ms - e.low_ms for _, e in answered) / 1000),
        "wait_mean_s": round(mean(each.wait for each, _ in answered) / 1000, 1),
        "bias_s": round(mean(e.middle_ms - each.wait for each, e in answered) / 1000, 1),
        "error_s": round(mean(abs(e.middle_ms - each.wait) for each, e in answered) / 1000, 1),
        "error_s_of_others": {
            name: round(
                mean(abs(each.others[name] - each.wait) for each, _ in answered if name in each.others) / 1000, 1
            )
            for name in ("last_to_enter_service", "head_of_line", "place_times_gap")
        },
    }


def _reached(ratios: list[tuple[float, bool]]) -> float:
    """The share whose wait would have ended before a ratio of 1, had nobody left (Kaplan and Meier)."""
    survived, left_over = 1.0, len(ratios)
    for ratio, answered in sorted(ratios, key=lambda one: (one[0], not one[1])):
        if ratio >= 1:
            break
        if answered:
            survived *= 1 - 1 / left_over
        left_over -= 1
    return 1 - survived


def main() -> None:
    """Plays, reads, compares and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=8, help="simulated days of each kind")
    parser.add_argument("--every", type=int, default=2, help="tell every so many of those who waited")
    wanted = parser.parse_args()
    seeds = range(1, wanted.days + 1)
    kinds = {
        "simulated, 14 agents": [simulated_day(seed, agents=14, load=1.0) for seed in seeds],
        "simulated, 14 agents, overloaded": [simulated_day(seed, agents=14, load=1.35) for seed in seeds],
        "simulated, 4 agents": [simulated_day(seed, agents=4, load=1.1) for seed in seeds],
        "simulated, 20 agents, a third shared": [
            simulated_day(seed, agents=20, load=1.2, shared=True) for seed in seeds
        ],
        "bank, February 1999": bank_days(),
    }
    figures = {}
    for kind, days in kinds.items():
        if days:
            figures[kind] = report([each for day in days for each in told_in(day, every=wanted.every)])
            print(kind, figures[kind], flush=True)
        else:
            print(f"{kind}: left out, there is no {BANK}")
    print(json.dumps({"waits": figures}))


if __name__ == "__main__":
    main()
