import itertools
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeshore.planning.engine.problems import Unusable
from homeshore.planning.engine.scheduling import Person, Rules, Window, problem, solve
from homeshore.planning.engine.scheduling.check import check
from homeshore.planning.engine.scheduling.conflicts import smallest_conflict, uncoverable
from homeshore.planning.engine.scheduling.fairness import fairness, gini
from homeshore.planning.engine.scheduling.replanning import replan
from homeshore.planning.engine.scheduling.rules import legal_rules, rules_for

SKILLS = ("a", "b")


def small_week(people=12, seed=1, days=3, hours=10, rules=None, load=0.8):
    """``hours`` open hours from 8, by half hours."""
    rng = np.random.default_rng(seed)
    slots = hours * 2
    crowd = []
    for k in range(people):
        windows = [
            Window(d, float(s), float(min(18, s + rng.integers(4, 8)))) for d in range(days)
            for s in [8 + rng.integers(0, 5)] if rng.random() < 0.9
        ]  # fmt: skip
        cost = 1 + 0.5 * rng.random((days, slots))
        skills = SKILLS if rng.random() < 0.3 else (SKILLS[int(rng.integers(2))],)
        crowd.append(Person(f"p{k}", skills, windows, 2.0, 14.0, cost, rules or Rules(2, 6, 11)))
    shape = np.sin(np.linspace(0.3, 2.8, slots))
    needed = {s: np.round(rng.uniform(0.7, 1.1, (days, slots)) * shape * people * load / 4) for s in SKILLS}
    return problem(crowd, needed, first_hour=8.0, slot_minutes=30)


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_is_lawful_and_near_its_bound(seed):
    plan = solve(small_week(40, seed))
    assert check(plan).faults == ()
    assert 0 <= plan.gap < 0.05


def every_week(person, given):
    """All lawful weeks of a person, by plain enumeration."""
    slot = given.slot_minutes / 60
    steps = np.arange(given.slots + 1) * slot + given.first_hour
    options = []
    for d in range(given.days):
        shifts = [None]
        for window in (w for w in person.windows if w.day == d):
            shifts += [
                (s, e) for s in steps for e in steps
                if window.start <= s and e <= window.end
                and person.rules.shortest_shift <= e - s <= person.rules.longest_shift
            ]  # fmt: skip
        options.append(shifts)
    for week in itertools.product(*options):
        hours = sum(s[1] - s[0] for s in week if s)
        worked = [(d, *s) for d, s in enumerate(week) if s]
        rests = [24 * (b[0] - a[0]) + b[1] - a[2] for a, b in itertools.pairwise(worked)]
        if person.least_hours <= hours <= person.most_hours and all(r >= person.rules.rest_between for r in rests):
            yield week


def test_a_lone_persons_week_is_the_best_of_all_weeks():
    rng = np.random.default_rng(3)
    for _ in range(5):
        rules = Rules(2, 5, rest_between=17)
        windows = [Window(0, 10, 18), Window(1, 8, 14), Window(2, 9, 16)]
        person = Person("only", ["a"], windows, 3.0, 11.0, 1 + rng.random((3, 10)), rules)
        given_week = problem(
            [person], {"a": rng.integers(0, 2, (3, 10))}, first_hour=8.0, slot_minutes=60, shortage_cost=3.0
        )
        best = np.inf
        for week in every_week(person, given_week):
            cost, cover = 0.0, np.zeros((3, 10), int)
            for d, shift in enumerate(week):
                if shift:
                    first, last = int(shift[0] - 8), int(shift[1] - 8)
                    cost += person.cost[d, first:last].sum()
                    cover[d, first:last] += 1
            best = min(best, cost + 3.0 * np.maximum(given_week.needed[0] - cover, 0).sum())
        plan = solve(given_week)
        assert plan.cost == pytest.approx(best)
        assert plan.bound <= best + 1e-9


def test_the_bound_is_below_the_optimum_found_by_another_solver():
    from ortools.sat.python import cp_model

    given_week = small_week(4, 2, days=2, hours=7)
    model = cp_model.CpModel()
    cost_terms, covering = [], {}
    for person in given_week.people:
        weeks = list(every_week(person, given_week))
        if not weeks:
            continue
        chosen = [model.new_bool_var("") for _ in weeks]
        model.add_exactly_one(chosen)
        for week, picked in zip(weeks, chosen, strict=True):
            for d, shift in enumerate(week):
                if shift:
                    for t in range(round((shift[0] - 8) * 2), round((shift[1] - 8) * 2)):
                        covering.setdefault((person.name, d, t), []).append(picked)
    for s, skill in enumerate(given_week.skills):
        for d in range(given_week.days):
            for t in range(given_week.slots):
                duty = []
                for person in given_week.people:
                    if skill in person.skills and (person.name, d, t) in covering:
                        on = model.new_bool_var("")
                        covering.setdefault((person.name, d, t, "duty"), []).append(on)
                        duty.append(on)
                short = model.new_int_var(0, 100, "")
                model.add(sum(duty) + short >= int(given_week.needed[s, d, t]))
                cost_terms.append(10_000 * short)
    for person in given_week.people:
        for d in range(given_week.days):
            for t in range(given_week.slots):
                if (person.name, d, t) in covering:
                    model.add(sum(covering.get((person.name, d, t, "duty"), [])) == sum(covering[person.name, d, t]))
                    cost_terms.append(round(1000 * person.cost[d, t]) * sum(covering[person.name, d, t]))
    model.minimize(sum(cost_terms))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = 20
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    optimum = solver.objective_value / 1000
    plan = solve(given_week)
    assert plan.bound <= optimum + 0.1
    assert optimum <= plan.cost + 0.1
    assert plan.cost <= 1.03 * optimum


def test_breaks_are_given_inside_long_shifts_and_do_not_count_as_work():
    rules = Rules(2, 8, 11, break_after_hours=6, break_minutes=30)
    windows = [Window(d, 8, 18) for d in range(3)]
    crowd = [Person(f"p{k}", ["a"], windows, 20, 24, rules=rules) for k in range(4)]
    plan = solve(problem(crowd, {"a": np.full((3, 20), 3)}, first_hour=8.0, slot_minutes=30))
    assert check(plan).faults == ()
    long = [s for s in plan.shifts if s.end - s.start >= 6.5]
    assert long
    assert all(s.break_start is not None and s.break_end - s.break_start == 0.5 for s in long)


def test_no_more_days_than_the_rules_allow():
    crowd = [
        Person(f"p{k}", ["a"], [Window(d, 8, 13) for d in range(5)], 0, 40, rules=Rules(2, 5, 11, most_days=3))
        for k in range(5)
    ]
    plan = solve(problem(crowd, {"a": np.full((5, 10), 5)}, first_hour=8.0, slot_minutes=30))
    assert check(plan).faults == ()
    assert {sum(s.person == p.name for s in plan.shifts) for p in crowd} == {3}


@given(seed=st.integers(0, 10_000), people=st.integers(1, 12), rest=st.sampled_from([0, 11, 15, 18]))
@settings(max_examples=40, deadline=None)
def test_any_plan_passes_the_check(seed, people, rest):
    plan = solve(small_week(people, seed, rules=Rules(1.5, 6, rest, 4, 30)), rounds=2)
    assert check(plan).faults == ()


def test_the_check_sees_what_is_broken():
    plan = solve(small_week(10))
    first = plan.shifts[0]
    for broken in (
        replace(first, end=first.end + 9),
        replace(first, day=2 if first.day != 2 else 1),
        replace(first, tasks=(("b" if first.tasks[0][0] == "a" else "a", first.start, first.end),)),
    ):
        assert check(replace(plan, shifts=(broken, *plan.shifts[1:]))).faults
    assert check(replace(plan, cost=plan.cost - 1)).faults
    assert check(replace(plan, bound=plan.cost * 2)).faults


def test_the_same_seed_gives_the_same_plan():
    assert solve(small_week(20)).shifts == solve(small_week(20)).shifts


def test_a_search_that_is_stopped_gives_the_best_so_far():
    plan = solve(small_week(20), keep_going=lambda progress: progress.sweeps < 2)
    assert check(plan).faults == ()


def test_overlapping_windows_are_joined_and_said():
    person = Person("p", ["a"], [Window(0, 8, 12), Window(0, 11, 15)])
    given_week = problem([person], {"a": np.ones((1, 20))}, first_hour=8.0, slot_minutes=30)
    assert given_week.people[0].windows == (Window(0, 8, 15),)
    assert [str(w) for w in given_week.warnings] == ["“p”, day 1: windows overlap and are joined"]


def test_impossible_wishes_are_refused_by_name():
    with pytest.raises(Unusable, match="“p” wants 20 hours at least and 10 at most"):
        problem([Person("p", ["a"], [], 20, 10)], {"a": np.ones((1, 20))})
    with pytest.raises(Unusable, match="window ends"):
        problem([Person("p", ["a"], [Window(0, 12, 9)])], {"a": np.ones((1, 20))})
    with pytest.raises(Unusable, match="nobody to schedule"):
        solve(problem([], {"a": np.ones((1, 20))}))


def test_the_smallest_conflicting_rules_are_named():
    windows = [Window(0, 8, 11), Window(1, 8, 11)]
    wants_too_much = Person("p", ["a"], windows, least_hours=9, most_hours=20, rules=Rules(2, 6, 11))
    long_shifts = Person("q", ["a"], windows, least_hours=2, most_hours=20, rules=Rules(4, 6, 11))
    fine = Person("r", ["a"], windows, least_hours=2, most_hours=20, rules=Rules(2, 6, 11))
    given_week = problem([wants_too_much, long_shifts, fine], {"a": np.ones((2, 20))}, first_hour=8.0, slot_minutes=30)
    plan = solve(given_week)
    assert plan.without_week == ("p", "q")
    assert check(plan).faults == ()
    assert smallest_conflict(given_week, "p").rules == ("least hours of the week", "availability")
    assert smallest_conflict(given_week, "q").rules == ("least hours of the week", "availability", "shortest shift")
    assert smallest_conflict(given_week, "r") is None


def test_times_that_nobody_can_cover_are_named_with_the_skills_concerned():
    crowd = [Person("p", ["a", "b"], [Window(0, 8, 12)]), Person("q", ["b"], [Window(0, 8, 10)])]
    needed = {"a": np.array([[1, 1, 1, 1]]), "b": np.array([[1, 1, 1, 1]])}
    given_week = problem(crowd, needed, first_hour=8.0, slot_minutes=60)
    assert [str(p) for p in uncoverable(given_week)] == [
        "day 1, 10 h to 12 h: up to 1 agents are missing for a + b, even if all who offered work"
    ]


def test_fairness_tells_hours_against_wishes():
    plan = solve(small_week(20))
    report = fairness(plan, weekend=(2,))
    assert len(report.people) == 20
    assert sum(row.hours for row in report.people) == pytest.approx(plan.cover.sum() / 2)
    assert all(0 <= row.liking <= 1 for row in report.people)
    assert (gini(np.array([1, 1, 1])), gini(np.array([0, 0, 0, 4]))) == (0, 0.75)


def test_an_illness_is_repaired_with_few_changes_and_the_past_stays():
    plan = solve(small_week(40, 1, load=0.7))
    ill = next(s.person for s in plan.shifts if s.day == 1)
    repaired = replan(plan, day=1, hour=9.0, absent={ill: {1}})
    assert check(replace(repaired.plan, bound=0.0)).faults == ()
    past = [s for s in plan.shifts if s.day == 0]
    assert [(s.person, s.start, s.end) for s in repaired.plan.shifts if s.day == 0] == [
        (s.person, s.start, s.end) for s in past
    ]
    assert all((s.person, s.day) != (ill, 1) for s in repaired.plan.shifts)
    assert repaired.plan.missing <= repaired.missing_before
    assert 1 <= len(repaired.changes) <= 10


def test_who_falls_ill_at_work_keeps_the_hours_that_were_worked():
    plan = solve(small_week(40, 1, load=0.7))
    shift = max((s for s in plan.shifts if s.day == 1), key=lambda s: s.end - s.start)
    now = shift.start + 1
    repaired = replan(plan, day=1, hour=now, absent={shift.person: {1}})
    (worked,) = repaired.worked
    assert (worked.person, worked.start, worked.end) == (shift.person, shift.start, now)
    assert sum(end - start for _, start, end in worked.tasks) <= 1
    (change,) = [each for each in repaired.changes if each.person == shift.person and each.day == 1]
    assert (change.before, change.after) == (shift, worked)


def test_what_was_done_before_the_repair_stays_and_breaks_lie_ahead_or_where_they_were_taken():
    plan = solve(small_week(40, 1, load=0.7, rules=Rules(2, 6, 11, break_after_hours=3, break_minutes=30)))
    before = {(s.person, s.day): s for s in plan.shifts}
    now = 13.0
    at_work = [s for s in before.values() if s.day == 1 and s.start < now < s.end]
    taken = [s for s in at_work if s.break_start is not None and s.break_start < now]
    to_come = [s for s in at_work if s.break_start is not None and s.break_start >= now]
    assert taken
    assert to_come
    ill = at_work[0].person
    more = {s: plan.problem.needed[k] + (np.arange(3) == 1)[:, None] for k, s in enumerate(SKILLS)}
    repaired = replan(plan, day=1, hour=now, absent={ill: {1}}, needed=more).plan
    assert check(replace(repaired, bound=0.0)).faults == ()
    after = {(s.person, s.day): s for s in repaired.shifts}
    assert {k: s for k, s in after.items() if s.day == 0} == {k: s for k, s in before.items() if s.day == 0}
    for was in (s for s in at_work if s.person != ill):
        shift = after[was.person, 1]
        assert until(shift, now) == until(was, now)
        if was in taken:
            assert (shift.break_start, shift.break_end) == (was.break_start, was.break_end)
        elif shift.break_start is not None:
            assert shift.break_start >= now


def until(shift, now):
    """What was done before: queues and times."""
    return [(queue, start, min(end, now)) for queue, start, end in shift.tasks if start < now]


def test_nothing_changes_when_nothing_happened():
    plan = solve(small_week(40, 1))
    assert replan(plan, day=1, hour=9.0, change_cost=20.0).changes == ()


def test_a_peak_is_met_by_people_who_are_free():
    plan = solve(small_week(40, 1, load=0.5))
    more = {s: plan.problem.needed[k] + (np.arange(3) == 2)[:, None] * 2 for k, s in enumerate(SKILLS)}
    repaired = replan(plan, day=1, hour=9.0, needed=more)
    assert repaired.plan.missing < 0.5 * repaired.missing_before
    assert check(replace(repaired.plan, bound=0.0)).faults == ()


def test_the_law_tightens_what_people_wish_for_employees_only():
    wish = Rules(2, 12, 0)
    assert rules_for("employee", date(2026, 11, 22), wish) == Rules(2, 10, 11, 6, 20, 6)
    assert rules_for("portage", date(2026, 11, 22), wish) == Rules(2, 10, 11, 6, 20, 6)
    assert rules_for("independent", date(2026, 11, 22), wish) == wish
    assert all(row.source for row in legal_rules())
