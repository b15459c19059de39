"""The cost that no policy can go below, against floors of which the best is known."""

from __future__ import annotations

import pytest

from tests.unit.routing.bound import least_possible_cost
from tests.unit.routing.exact import FLOORS, Chain, SmallFloor


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.name)
def test_nothing_costs_less_than_the_bound(floor: SmallFloor) -> None:
    best = Chain(floor, 14 if len(floor.pools) < 3 else 12).best_cost(2e-3)
    assert 0 < least_possible_cost(floor) <= 1.002 * best


def test_where_agents_differ_only_in_what_they_can_do_the_best_is_within_a_quarter_of_it() -> None:
    floor = FLOORS[0]
    assert Chain(floor, 14).best_cost(2e-3) < 1.25 * least_possible_cost(floor)


def test_where_all_are_alike_the_bound_is_the_best_itself() -> None:
    floor = SmallFloor("one pool", (1.0, 2.0), (0.5, 0.5), (1.0, 1.0), ((3, (1.0, 1.0)),))
    assert least_possible_cost(floor) == pytest.approx(Chain(floor, 24).best_cost(1e-4), rel=1e-3)


def test_twice_the_agents_of_one_kind_make_it_no_dearer() -> None:
    floor = FLOORS[2]
    (size, rates), flexible = floor.pools
    more = SmallFloor("more", floor.arrivals, floor.patience, floor.costs, ((2 * size, rates), flexible))
    assert least_possible_cost(more) <= least_possible_cost(floor)
