"""Compiled walks along the Erlang chains. Units: offered load in Erlang, times in any one unit.

Every sum here is over the states of a birth-death chain. Far from its most likely state the terms fall like a
bell curve, so a walk outward from that state, until a term no longer counts in double precision, costs some
ten square roots of the load instead of the load itself, and neither overflows nor cancels.
"""

import math

import numpy as np

from homeshore.planning.engine.compiled import compiled

_NEGLIGIBLE = 1e-18
_WINDOW = 12.5  # bell-curve half width, in square roots of the load, beyond which terms are under 1e-33


@compiled
def inverse_blocking(load: float, servers: int) -> float:
    """1 / Erlang B: 1/B(n) = 1 + (n / load) / B(n-1), started where an earlier error has died out."""
    first = 0
    if load > 200.0:
        first = max(0, min(servers, int(load - _WINDOW * math.sqrt(load))))
    inverse = 1.0 if first == 0 else load / (load - first)
    per_load = 1.0 / load
    for n in range(first + 1, servers + 1):
        inverse = 1.0 + n * per_load * inverse
    return inverse


@compiled
def wait_probability_c(inverse: float, load: float, servers: int) -> float:
    """Erlang C from 1 / Erlang B."""
    return servers / (load + (servers - load) * inverse)


@compiled
def performance_c(load: float, handling: float, servers: int, target: float) -> tuple[float, float, float]:
    """P(wait), P(answered within target), mean wait of an M/M/n queue."""
    if load <= 0.0:
        return 0.0, 1.0, 0.0
    if servers <= load:
        return 1.0, 0.0, math.inf
    waits = wait_probability_c(inverse_blocking(load, servers), load, servers)
    spare = (servers - load) / handling
    return waits, 1.0 - waits * math.exp(-spare * target), waits / spare


@compiled
def staff_c(
    loads: np.ndarray, handling: np.ndarray, share: float, target: float, occupancy: float, mean_wait: float
) -> np.ndarray:
    """Fewest servers per interval that meet every goal: one pass up the recursion from the load."""
    staff = np.zeros(loads.size, np.int64)
    for i in range(loads.size):
        load = loads[i]
        if load <= 0.0:
            continue
        n = int(load) + 1
        inverse = inverse_blocking(load, n)
        while True:
            waits = wait_probability_c(inverse, load, n)
            spare = (n - load) / handling[i]
            answered = 1.0 - waits * math.exp(-spare * target)
            if answered >= share and load <= occupancy * n and waits <= mean_wait * spare:
                break
            n += 1
            inverse = 1.0 + n * inverse / load
        staff[i] = n
    return staff


@compiled
def log_waiting_sum(x: float, z: float) -> tuple[float, float]:
    """ln A and ln(A - 1), with A(x, z) = sum over k of z^k / ((x+1)...(x+k)), A being Palm's function.

    The terms are the states above "all servers busy", relative to that state.
    """
    total_above = 0.0
    if z <= x + 1.0:
        term = 1.0
        k = 1
        while term > _NEGLIGIBLE:
            term *= z / (x + k)
            total_above += term
            k += 1
        return math.log1p(total_above), math.log(total_above) if total_above > 0.0 else -math.inf
    peak = int(z - x)
    log_peak = peak * math.log(z) - math.lgamma(x + peak + 1.0) + math.lgamma(x + 1.0)
    term = 1.0
    k = peak
    while term > _NEGLIGIBLE:
        total_above += term
        k += 1
        term *= z / (x + k)
    term = 1.0
    k = peak
    while k > 1 and term > _NEGLIGIBLE:
        term *= (x + k) / z
        k -= 1
        total_above += term
    first = math.exp(-log_peak) if log_peak < 700.0 else 0.0
    return log_peak + math.log(total_above + first), log_peak + math.log(total_above)


@compiled
def performance_a(
    load: float, handling: float, patience: float, servers: int, target: float
) -> tuple[float, float, float, float, float]:
    """P(wait), P(abandon), P(answered within target), P(abandoned within target), mean wait of M/M/n+M.

    The offered wait has density proportional to exp(y (1 - exp(-v/patience)) - x v/patience), x = n patience /
    handling, y = arrivals x patience (Mandelbaum and Zeltyn, 2007), whose integrals are Palm's function.
    """
    if load <= 0.0:
        return 0.0, 0.0, 1.0, 0.0, 0.0
    y = load * patience / handling
    if servers == 0:
        gone = 1.0 - math.exp(-target / patience)
        return 1.0, 1.0, 0.0, gone, patience
    x = servers * patience / handling
    log_a, log_above = log_waiting_sum(x, y)
    # states below "all busy" weigh 1/B - 1 against state n; states from n up weigh A
    below = inverse_blocking(load, servers) - 1.0
    waits = 1.0 / (1.0 + below * math.exp(-log_a))
    answered_if_waits = math.exp(log_above - log_a) * x / y
    abandons = waits * max(0.0, 1.0 - answered_if_waits)
    shrunk = y * math.exp(-target / patience)
    log_a_late, log_above_late = log_waiting_sum(x, shrunk)
    drift = y - shrunk - x * target / patience
    still_offered_wait = waits * math.exp(drift + log_a_late - log_a)
    late = waits * math.exp(drift - target / patience + log_above_late - math.log(shrunk) - log_a + math.log(x))
    in_time = max(0.0, 1.0 - abandons - late)
    gone = max(0.0, 1.0 - in_time - still_offered_wait * math.exp(-target / patience))
    return waits, abandons, in_time, gone, abandons * patience


@compiled
def meets_a(
    load: float, handling: float, patience: float, servers: int,
    share: float, target: float, abandonment: float, occupancy: float, mean_wait: float,
) -> bool:  # fmt: skip
    _, abandons, in_time, gone, wait = performance_a(load, handling, patience, servers, target)
    if servers == 0 or abandons > abandonment or wait > mean_wait:
        return False
    if load * (1.0 - abandons) > occupancy * servers * (1.0 + 1e-9):  # rounding: fully busy is allowed at 1
        return False
    return in_time >= share * (1.0 - gone)


@compiled
def staff_a(
    loads: np.ndarray, handling: np.ndarray, patience: np.ndarray,
    share: float, target: float, abandonment: float, occupancy: float, mean_wait: float,
) -> np.ndarray:  # fmt: skip
    """Fewest servers per interval that meet every goal: gallop from the load, then halve."""
    staff = np.zeros(loads.size, np.int64)
    for i in range(loads.size):
        load = loads[i]
        if load <= 0.0:
            continue
        step = max(1, int(0.5 * math.sqrt(load)))
        n = int(load)
        if meets_a(load, handling[i], patience[i], n, share, target, abandonment, occupancy, mean_wait):
            high = n
            low = n - step
            while low > 0 and meets_a(
                load, handling[i], patience[i], low, share, target, abandonment, occupancy, mean_wait
            ):
                high = low
                step *= 2
                low -= step
            low = max(low, 0)
        else:
            low = n
            high = n + step
            while not meets_a(load, handling[i], patience[i], high, share, target, abandonment, occupancy, mean_wait):
                low = high
                step *= 2
                high += step
        while high - low > 1:
            middle = (low + high) // 2
            if meets_a(load, handling[i], patience[i], middle, share, target, abandonment, occupancy, mean_wait):
                high = middle
            else:
                low = middle
        staff[i] = high
    return staff
