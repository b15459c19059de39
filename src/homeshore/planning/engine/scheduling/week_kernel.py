"""The best week of one agent for given prices, exactly.

Time is cut in slots, numbered over the week without the closed hours. A price is what covering one slot of one skill
is worth. An agent's week is at most one shift a day; its value is what it covers minus what it costs.
"""

import numpy as np

from homeshore.planning.engine.compiled import compiled

NOTHING = -1e18


@compiled
def best_week(
    reward: np.ndarray, first: int, last: int,
    day: np.ndarray, earliest: np.ndarray, latest_start: np.ndarray, earliest_end: np.ndarray, latest_end: np.ndarray,
    must: np.ndarray, days: int, slots: int, least: int, most: int, shortest: int, longest: int,
    reach: int, pause_after: int, pause: int, allowed: int,
    value: np.ndarray, daily: np.ndarray, chosen: np.ndarray,
) -> float:  # fmt: skip
    """Dynamic programme over days, slots worked so far, and how late the last shift ended.

    Windows ``first`` to ``last`` are the agent's, sorted by day: a shift starts in [earliest, latest_start] and ends in
    [earliest_end, latest_end]. ``reach``: a shift that ends at slot e forbids the next day's starts before e - reach.
    A shift of ``pause_after`` slots or more loses ``pause`` slots to a break, put where it costs least, off its ends.
    ``allowed`` is a bit mask of days that may be worked. Slots worked in the week lie in [least, most].

    ``chosen`` [day, 3] receives start, end, and start of the break (or -1); a day off has start -1. Returns the value,
    or NOTHING when no week obeys.
    """
    bounds = max(1, slots - reach + 1)
    # value[d][b][h]: best of the days before d, with h slots worked, the shift of day d starting at b or later
    for b in range(bounds):
        for h in range(most + 1):
            value[0, b, h] = NOTHING
    value[0, 0, 0] = 0.0
    states = 1
    window = first
    for d in range(days):
        begin = window
        while window < last and day[window] == d:
            window += 1
        for b in range(bounds):
            for h in range(most + 1):
                value[d + 1, b, h] = NOTHING
        forced = False
        for w in range(begin, window):
            forced = forced or must[w]
        if not forced:
            for b in range(states):
                for h in range(most + 1):
                    if value[d, b, h] > value[d + 1, 0, h]:
                        value[d + 1, 0, h] = value[d, b, h]
        next_states = 1
        if window > begin and (allowed >> d) & 1:
            tightest = slots
            if d + 1 < days and window < last and day[window] == d + 1:
                tightest = earliest[window]
            for b in range(states):
                if value[d, b, 0] == NOTHING and value[d, b, :].max() == NOTHING:
                    continue
                high = day_values(
                    reward, d, begin, window, earliest, latest_start, earliest_end, latest_end, must,
                    slots, shortest, longest, reach, pause_after, pause, b, tightest, daily,
                )  # fmt: skip
                next_states = max(next_states, high)
                for e in range(high):
                    for length in range(shortest, longest + 1):
                        gain = daily[e, length]
                        if gain == NOTHING:
                            continue
                        work = length - pause if pause_after > 0 and length >= pause_after else length
                        before, after = value[d, b], value[d + 1, e]
                        for h in range(work, most + 1):
                            candidate = before[h - work] + gain
                            if candidate > after[h]:
                                after[h] = candidate
        states = next_states
    best, at_h, at_b = NOTHING, -1, 0
    for b in range(states):
        for h in range(least, most + 1):
            if value[days, b, h] > best:
                best, at_h, at_b = value[days, b, h], h, b
    if best <= 0.5 * NOTHING:
        return NOTHING
    trace(
        reward, first, last, day, earliest, latest_start, earliest_end, latest_end, must, days, slots, shortest, longest,
        reach, pause_after, pause, allowed, value, daily, chosen, at_h, at_b, bounds,
    )  # fmt: skip
    return best


@compiled
def day_values(
    reward: np.ndarray, d: int, begin: int, end: int,
    earliest: np.ndarray, latest_start: np.ndarray, earliest_end: np.ndarray, latest_end: np.ndarray, must: np.ndarray,
    slots: int, shortest: int, longest: int, reach: int, pause_after: int, pause: int,
    bound: int, tightest: int, daily: np.ndarray,
) -> int:  # fmt: skip
    """daily[e, length]: best reward of a shift of day ``d`` that starts at ``bound`` or later and leaves bound ``e``.

    Ends that forbid nothing the next day offers (its first start is ``tightest``) all leave bound 0.
    Returns how many bounds were filled.
    """
    filled = 1
    for e in range(daily.shape[0]):
        for length in range(shortest, longest + 1):
            daily[e, length] = NOTHING
    base = d * slots
    forced = False
    for w in range(begin, end):
        forced = forced or must[w]
    for w in range(begin, end):
        if forced and not must[w]:
            continue
        for start in range(max(earliest[w], bound), latest_start[w] + 1):
            if start + shortest > latest_end[w]:
                break
            total = 0.0
            for t in range(start, start + shortest - 1):
                total += reward[base + t]
            lightest = 1e18
            for length in range(shortest, min(longest, latest_end[w] - start) + 1):
                stop = start + length
                total += reward[base + stop - 1]
                if stop < earliest_end[w]:
                    continue
                gain = total
                if pause_after > 0 and length >= pause_after:
                    lightest = 1e18
                    for p in range(start + pause_after // 3, stop - pause_after // 3 - pause + 1):
                        lost = 0.0
                        for t in range(p, p + pause):
                            lost += reward[base + t]
                        lightest = min(lightest, lost)
                    gain = total - lightest
                e = stop - reach
                if e <= tightest:
                    e = 0
                elif e + 1 > filled:
                    filled = e + 1
                if gain > daily[e, length]:
                    daily[e, length] = gain
    return filled


@compiled
def trace(
    reward: np.ndarray, first: int, last: int,
    day: np.ndarray, earliest: np.ndarray, latest_start: np.ndarray, earliest_end: np.ndarray, latest_end: np.ndarray,
    must: np.ndarray, days: int, slots: int, shortest: int, longest: int, reach: int, pause_after: int, pause: int,
    allowed: int, value: np.ndarray, daily: np.ndarray, chosen: np.ndarray, h: int, e: int, bounds: int,
) -> None:  # fmt: skip
    """Walk the best values back into shifts, finding each choice again by its equality."""
    window_end = last
    for back in range(days):
        d = days - 1 - back
        begin = window_end
        while begin > first and day[begin - 1] == d:
            begin -= 1
        target = value[d + 1, e, h]
        chosen[d, 0] = chosen[d, 1] = chosen[d, 2] = -1
        forced = False
        for w in range(begin, window_end):
            forced = forced or must[w]
        found = False
        if e == 0 and not forced:
            for b in range(bounds):
                if value[d, b, h] == target:
                    found, e = True, b
                    break
        if not found:
            tightest = slots
            if d + 1 < days and window_end < last and day[window_end] == d + 1:
                tightest = earliest[window_end]
            for b in range(bounds):
                if value[d, b, :].max() == NOTHING:
                    continue
                day_values(
                    reward, d, begin, window_end, earliest, latest_start, earliest_end, latest_end, must,
                    slots, shortest, longest, reach, pause_after, pause, b, tightest, daily,
                )  # fmt: skip
                for length in range(shortest, longest + 1):
                    work = length - pause if pause_after > 0 and length >= pause_after else length
                    if work > h or daily[e, length] == NOTHING:
                        continue
                    if value[d, b, h - work] + daily[e, length] == target:
                        place(
                            reward, d, begin, window_end, earliest, latest_start, earliest_end, latest_end, must,
                            slots, length, reach, pause_after, pause, b, tightest, e, daily[e, length], chosen,
                        )  # fmt: skip
                        found, h, e = True, h - work, b
                        break
                if found:
                    break
        window_end = begin


@compiled
def place(
    reward: np.ndarray, d: int, begin: int, end: int,
    earliest: np.ndarray, latest_start: np.ndarray, earliest_end: np.ndarray, latest_end: np.ndarray, must: np.ndarray,
    slots: int, length: int, reach: int, pause_after: int, pause: int,
    bound: int, tightest: int, wanted: int, gain_wanted: float, chosen: np.ndarray,
) -> None:  # fmt: skip
    """Find the start, and the break, of the shift of this length that has this gain."""
    base = d * slots
    forced = False
    for w in range(begin, end):
        forced = forced or must[w]
    for w in range(begin, end):
        if forced and not must[w]:
            continue
        for start in range(max(earliest[w], bound), latest_start[w] + 1):
            stop = start + length
            if stop > latest_end[w]:
                break
            if stop < earliest_end[w]:
                continue
            e = stop - reach
            if e <= tightest:
                e = 0
            if e != wanted:
                continue
            total = 0.0
            for t in range(start, stop):
                total += reward[base + t]
            rest_at = -1
            if pause_after > 0 and length >= pause_after:
                lightest = 1e18
                for p in range(start + pause_after // 3, stop - pause_after // 3 - pause + 1):
                    lost = 0.0
                    for t in range(p, p + pause):
                        lost += reward[base + t]
                    if lost < lightest:
                        lightest, rest_at = lost, p
                total -= lightest
            if total == gain_wanted:
                chosen[d, 0], chosen[d, 1], chosen[d, 2] = start, stop, rest_at
                return


@compiled
def best_allowed_week(
    reward: np.ndarray, first: int, last: int,
    day: np.ndarray, earliest: np.ndarray, latest_start: np.ndarray, earliest_end: np.ndarray, latest_end: np.ndarray,
    must: np.ndarray, days: int, slots: int, rule: np.ndarray,
    value: np.ndarray, daily: np.ndarray, chosen: np.ndarray, trial: np.ndarray,
) -> float:  # fmt: skip
    """``best_week`` over every way to respect the most days worked. ``rule``: least, most, shortest, longest, reach,
    pause after, pause, most days."""
    offered = 0
    for w in range(first, last):
        offered |= 1 << day[w]
    count = 0
    for d in range(days):
        count += (offered >> d) & 1
    if count <= rule[7]:
        return best_week(
            reward, first, last, day, earliest, latest_start, earliest_end, latest_end, must, days, slots,
            rule[0], rule[1], rule[2], rule[3], rule[4], rule[5], rule[6], offered, value, daily, chosen,
        )  # fmt: skip
    best = NOTHING
    for mask in range(1 << days):
        if mask & ~offered:
            continue
        size = 0
        for d in range(days):
            size += (mask >> d) & 1
        if size != rule[7]:
            continue
        worth = best_week(
            reward, first, last, day, earliest, latest_start, earliest_end, latest_end, must, days, slots,
            rule[0], rule[1], rule[2], rule[3], rule[4], rule[5], rule[6], mask, value, daily, trial,
        )  # fmt: skip
        if worth > best:
            best = worth
            chosen[:] = trial
    return best
