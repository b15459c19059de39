"""Sweeps in which agents answer each other's weeks, and the bound that prices give; each agent's own week is `week_kernel`'s."""

import numpy as np

from homeshore.planning.engine.compiled import compiled
from homeshore.planning.engine.scheduling.week_kernel import NOTHING, best_allowed_week


@compiled
def worth_of_one(price: float, penalty: float, missing: float, shortage: float) -> float:
    """What one more agent on a slot saves, when ``missing`` are missing (negative: to spare).

    The integral over one unit of the price clipped to [0, shortage], risen by ``penalty`` for each one missing.
    """
    return min(shortage, max(0.0, price + penalty * (missing - 0.5)))


@compiled
def sweep(
    order: np.ndarray, prices: np.ndarray, penalty: float, shortage: np.ndarray, needed: np.ndarray, cover: np.ndarray,
    cost: np.ndarray, skills: np.ndarray, first_window: np.ndarray,
    day: np.ndarray, earliest: np.ndarray, latest_start: np.ndarray, earliest_end: np.ndarray, latest_end: np.ndarray,
    must: np.ndarray, rules: np.ndarray, days: int, slots: int,
    shifts: np.ndarray, duty: np.ndarray, worth: np.ndarray,
) -> int:  # fmt: skip
    """Each agent of ``order`` in turn drops its week and takes the best one, given all others' weeks.

    ``cover`` [skill, slot], ``shifts`` [agent, day, 3] and ``duty`` [agent, slot] (skill worked, or -1) change in
    place; ``worth`` [skill, slot] is kept in step with them. Returns how many agents have no lawful week at all.
    """
    most = 0
    longest = 0
    reach = slots
    for a in range(rules.shape[0]):
        most, longest, reach = max(most, rules[a, 1]), max(longest, rules[a, 3]), min(reach, rules[a, 4])
    bounds = max(1, slots - reach + 1)
    value = np.empty((days + 1, bounds, most + 1))
    daily = np.empty((bounds, longest + 1))
    chosen, trial = np.empty((days, 3), np.int64), np.empty((days, 3), np.int64)
    reward = np.zeros(days * slots)
    task = np.zeros(days * slots, np.int8)
    stuck = 0
    for a in order:
        first, last = first_window[a], first_window[a + 1]
        for t in range(days * slots):
            s = duty[a, t]
            if s >= 0:
                cover[s, t] -= 1
                worth[s, t] = worth_of_one(prices[s, t], penalty, needed[s, t] - cover[s, t], shortage[s])
                duty[a, t] = -1
        for w in range(first, last):
            base = day[w] * slots
            for t in range(base + earliest[w], base + latest_end[w]):
                best, which = -1.0, -1
                for k in range(skills.shape[1]):
                    s = skills[a, k]
                    if s < 0:
                        break
                    if worth[s, t] > best:
                        best, which = worth[s, t], s
                reward[t] = best - cost[a, t]
                task[t] = which
        gained = best_allowed_week(
            reward, first, last, day, earliest, latest_start, earliest_end, latest_end, must, days, slots, rules[a],
            value, daily, chosen, trial,
        )  # fmt: skip
        if gained == NOTHING:
            stuck += 1
            shifts[a] = -1
            continue
        shifts[a] = chosen
        for d in range(days):
            if chosen[d, 0] < 0:
                continue
            for slot in range(chosen[d, 0], chosen[d, 1]):
                if chosen[d, 2] >= 0 and chosen[d, 2] <= slot < chosen[d, 2] + rules[a, 6]:
                    continue
                t = d * slots + slot
                s = task[t]
                duty[a, t] = s
                cover[s, t] += 1
                worth[s, t] = worth_of_one(prices[s, t], penalty, needed[s, t] - cover[s, t], shortage[s])
    return stuck


@compiled
def lagrangian(
    prices: np.ndarray, needed: np.ndarray, cost: np.ndarray, skills: np.ndarray, first_window: np.ndarray,
    day: np.ndarray, earliest: np.ndarray, latest_start: np.ndarray, earliest_end: np.ndarray, latest_end: np.ndarray,
    must: np.ndarray, rules: np.ndarray, days: int, slots: int, asked: np.ndarray,
) -> float:  # fmt: skip
    """No plan costs less than this: prices x need, plus each agent's best week at these prices (0 <= price <= shortage).

    ``asked`` [skill, slot] receives the cover that those best weeks would give: need - asked is a subgradient.
    """
    most = 0
    longest = 0
    reach = slots
    for a in range(rules.shape[0]):
        most, longest, reach = max(most, rules[a, 1]), max(longest, rules[a, 3]), min(reach, rules[a, 4])
    bounds = max(1, slots - reach + 1)
    value = np.empty((days + 1, bounds, most + 1))
    daily = np.empty((bounds, longest + 1))
    chosen, trial = np.empty((days, 3), np.int64), np.empty((days, 3), np.int64)
    reward = np.zeros(days * slots)
    task = np.zeros(days * slots, np.int8)
    asked[:] = 0
    total = 0.0
    for s in range(needed.shape[0]):
        for t in range(needed.shape[1]):
            total += prices[s, t] * needed[s, t]
    for a in range(rules.shape[0]):
        first, last = first_window[a], first_window[a + 1]
        for w in range(first, last):
            base = day[w] * slots
            for t in range(base + earliest[w], base + latest_end[w]):
                best, which = -1.0, -1
                for k in range(skills.shape[1]):
                    s = skills[a, k]
                    if s < 0:
                        break
                    if prices[s, t] > best:
                        best, which = prices[s, t], s
                reward[t] = best - cost[a, t]
                task[t] = which
        gained = best_allowed_week(
            reward, first, last, day, earliest, latest_start, earliest_end, latest_end, must, days, slots, rules[a],
            value, daily, chosen, trial,
        )  # fmt: skip
        if gained == NOTHING:
            continue
        total -= gained
        for d in range(days):
            if chosen[d, 0] < 0:
                continue
            for slot in range(chosen[d, 0], chosen[d, 1]):
                if chosen[d, 2] >= 0 and chosen[d, 2] <= slot < chosen[d, 2] + rules[a, 6]:
                    continue
                asked[task[d * slots + slot], d * slots + slot] += 1
    return total
