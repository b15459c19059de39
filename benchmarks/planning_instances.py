"""The benchmark's schedule instances: one tight week, 07:00 to 23:00 by quarters, five skills."""

import numpy as np

from homeshore.planning.engine.scheduling import Person, Rules, ScheduleProblem, Window, problem

SKILLS = ("a", "b", "c", "d", "e")


def tight_week(size: int, seed: int = 1) -> ScheduleProblem:
    """Demand is 85 % of the sum of maximum hours; see docs/explanation/planning.md for every number here."""
    rng = np.random.default_rng(seed)
    hour = 7 + np.arange(64) / 4
    people = []
    most_total = 0.0
    for a in range(size):
        count = rng.choice([1, 2, 3], p=[0.45, 0.35, 0.20])
        skills = rng.choice(5, count, replace=False, p=[0.30, 0.25, 0.20, 0.15, 0.10])
        centre = {0: 10.0, 1: 19.0, 2: 14.0}[int(rng.choice(3, p=[0.4, 0.3, 0.3]))]
        works = rng.random(7) < np.array([0.75] * 5 + [0.5] * 2)
        while works.sum() < 3:
            works[rng.integers(7)] = True
        windows = []
        for day in np.flatnonzero(works):
            length, middle = rng.uniform(3, 12), centre + rng.uniform(-2, 2)
            start = float(np.clip(np.round((middle - length / 2) * 4) / 4, 7, 20))
            end = float(np.clip(np.round((middle + length / 2) * 4) / 4, start + 3, 23))
            windows.append(Window(int(day), start, end))
        offered = sum(min(8.0, w.end - w.start) for w in windows)
        most = min(float(rng.choice([15, 20, 25, 30, 35])), offered)
        least = min(float(rng.choice([4, 6, 8, 12])), most / 2)
        most_total += most
        cost = np.tile(1 + 0.5 * np.minimum(1, np.abs(hour - centre) / 8), (7, 1))
        people.append(Person(f"agent {a + 1}", [SKILLS[s] for s in skills], windows, least, most, cost, Rules()))

    def bump(centre: float, width: float) -> np.ndarray:
        return np.exp(-0.5 * ((hour - centre) / width) ** 2)

    day_shape = bump(10.5, 2.0) + 0.75 * bump(16.5, 2.0) + 0.35 * bump(20.0, 1.5)
    week = np.array([1.15, 1.05, 1, 1, 0.95, 0.6, 0.4])
    shares = np.array([0.32, 0.25, 0.20, 0.14, 0.09])
    raw = (
        shares[:, None, None]
        * week[None, :, None]
        * day_shape[None, None, :]
        * rng.normal(1, 0.05, (5, 7, 64)).clip(0.5)
    )
    needed = np.round(raw * (0.85 * most_total * 4 / raw.sum()))
    return problem(people, dict(zip(SKILLS, needed, strict=True)))
