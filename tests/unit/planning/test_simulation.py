import numpy as np
import pytest

from homeshore.planning.engine.erlang import erlang_a
from homeshore.planning.engine.problems import Unusable
from homeshore.planning.engine.simulation import (
    Agent,
    Contacts,
    Day,
    Floor,
    Group,
    Queue,
    compare,
    draw_contacts,
    estimate,
    replicate,
    route_contacts,
    simulate,
    steady_queue,
)
from homeshore.planning.engine.simulation.floor import tables_of

MINUTE, HOUR = 60.0, 3600.0


def abandonment(day: Day) -> np.ndarray:
    return day.abandonment


def service(day: Day) -> np.ndarray:
    return day.service_level


def one_queue(calls_per_hour, agents, hours=8, handling=120.0, patience=60.0, target=20.0, length=1800.0) -> Floor:
    intervals = int(hours * HOUR / length)
    return Floor(
        [Queue("a", [calls_per_hour] * intervals, handling, patience_seconds=patience, target_seconds=target)],
        [Group("all", ["a"])],
        [Agent("all", [(0.0, hours * HOUR)]) for _ in range(agents)],
        length,
    )


def test_a_single_queue_reaches_the_exact_values_of_erlang_a():
    runs = [steady_queue(95 * 60, 60, 120, 100, calls=400_000, replication=r) for r in range(12)]
    exact = erlang_a(95 * 60, 60, 120, 100)
    figures = estimate(
        np.array([(run.waits, run.abandonment, run.mean_wait, run.service_level) for run in runs]), 0.999
    )
    for place, value in enumerate((exact.waits, exact.abandonment, exact.mean_wait, exact.service_level)):
        assert figures.low[place] < value < figures.high[place]


def test_the_multi_skill_floor_with_one_queue_reaches_the_exact_values_of_erlang_a():
    floor = one_queue(95 * 60, 100, hours=40, handling=60.0, patience=120.0)
    figures = replicate(floor, abandonment, replications=20, confidence=0.999)
    exact = float(erlang_a(95 * 60, 60, 120, 100).abandonment)
    assert figures.low[0] < exact < figures.high[0]


def law_of(states: list[tuple[int, ...]], flows) -> np.ndarray:
    """The long-run law of a Markov chain, by its balance equations; ``flows(state)`` gives (next state, rate)."""
    from scipy.sparse import lil_matrix
    from scipy.sparse.linalg import spsolve

    at = {state: place for place, state in enumerate(states)}
    rates = lil_matrix((len(states), len(states)))
    for state in states:
        for target, rate in flows(state):
            if rate and target in at:
                rates[at[target], at[state]] += rate
                rates[at[state], at[state]] -= rate
    rates[0, :] = 1.0
    ones = np.zeros(len(states))
    ones[0] = 1.0
    return spsolve(rates.tocsc(), ones)


def n_model_abandonment(l1, l2, n1, n2, leaving, limit=40):
    """The N-model: specialists (n1) take class 1, the flexible (n2) class 2 first, then 1; service rate 1 everywhere.

    State: busy specialists, flexible busy on anything, and the two queues.
    """
    states = [
        (s, x, q1, q2) for s in range(n1 + 1) for x in range(n2 + 1)
        for q1 in range(limit + 1 if s == n1 and x == n2 else 1) for q2 in range(limit + 1 if x == n2 else 1)
    ]  # fmt: skip

    def flows(state):
        s, x, q1, q2 = state
        yield ((s + 1, x, q1, q2) if s < n1 else (s, x + 1, q1, q2) if x < n2 else (s, x, q1 + 1, q2)), l1
        yield ((s, x + 1, q1, q2) if x < n2 else (s, x, q1, q2 + 1)), l2
        yield ((s, x, q1 - 1, q2) if q1 else (s - 1, x, q1, q2)), s
        yield ((s, x, q1, q2 - 1) if q2 else (s, x, q1 - 1, q2) if q1 else (s, x - 1, q1, q2)), x
        yield (s, x, q1 - 1, q2), q1 * leaving
        yield (s, x, q1, q2 - 1), q2 * leaving

    waiting = np.array([(q1, q2) for _, _, q1, q2 in states])
    return tuple(leaving * law_of(states, flows) @ waiting / np.array([l1, l2]))


def w_model_abandonment(rates, agents, speeds, leaving, limit=40):
    """The W-model: one pool serves both classes, class 2 before 1, each at its own speed.

    State: agents busy on class 1 and on class 2, and the two queues.
    """
    states = [
        (b1, b2, q1, q2) for b1 in range(agents + 1) for b2 in range(agents + 1 - b1)
        for q1 in range(limit + 1 if b1 + b2 == agents else 1) for q2 in range(limit + 1 if b1 + b2 == agents else 1)
    ]  # fmt: skip

    def then(b1, b2, q1, q2):
        """An agent is free: the one who waits in the queue served first comes in."""
        return (b1, b2 + 1, q1, q2 - 1) if q2 else (b1 + 1, b2, q1 - 1, q2) if q1 else (b1, b2, q1, q2)

    def flows(state):
        b1, b2, q1, q2 = state
        full = b1 + b2 == agents
        yield ((b1, b2, q1 + 1, q2) if full else (b1 + 1, b2, q1, q2)), rates[0]
        yield ((b1, b2, q1, q2 + 1) if full else (b1, b2 + 1, q1, q2)), rates[1]
        yield then(b1 - 1, b2, q1, q2), b1 * speeds[0]
        yield then(b1, b2 - 1, q1, q2), b2 * speeds[1]
        yield (b1, b2, q1 - 1, q2), q1 * leaving
        yield (b1, b2, q1, q2 - 1), q2 * leaving

    waiting = np.array([(q1, q2) for _, _, q1, q2 in states])
    return tuple(leaving * law_of(states, flows) @ waiting / np.array(rates))


@pytest.mark.parametrize(
    ("rates", "agents", "speeds", "leaving"),
    [((3.0, 2.0), 5, (1.0, 1.0), 0.5), ((3.0, 2.5), 5, (1.0, 0.7), 1.0), ((2.0, 4.0), 4, (0.6, 1.5), 0.5)],
)
def test_the_w_model_reaches_the_values_of_its_markov_chain(rates, agents, speeds, leaving):
    exact = w_model_abandonment(rates, agents, speeds, leaving)
    hours = 1500
    floor = Floor(
        [
            Queue(name, [rate * 60.0], MINUTE / speed, patience_seconds=MINUTE / leaving)
            for name, rate, speed in zip("12", rates, speeds, strict=True)
        ],
        [Group("pool", ["2", "1"], queues_in_order=True)],
        [Agent("pool", [(0, hours * HOUR)])] * agents,
        interval_seconds=hours * HOUR,
    )
    figures = replicate(floor, abandonment, replications=10, confidence=0.999)
    assert (figures.low < exact).all()
    assert (figures.high > exact).all()
    assert (figures.high - figures.low < 0.009).all()


def test_a_w_model_of_two_like_classes_is_erlang_a():
    exact = w_model_abandonment((2.0, 2.0), 4, (1.0, 1.0), 0.5)
    assert np.mean(exact) == pytest.approx(float(erlang_a(240, 60, 120, 4).abandonment), abs=1e-6)


@pytest.mark.parametrize(("l1", "l2", "n1", "n2", "leaving"), [(5, 4.5, 5, 5, 1.0), (3.9, 2.6, 4, 3, 0.5)])
def test_the_n_model_reaches_the_values_of_its_markov_chain(l1, l2, n1, n2, leaving):
    exact = n_model_abandonment(l1, l2, n1, n2, leaving)
    if leaving == 1.0:
        assert exact == pytest.approx((0.081031, 0.194371), abs=2e-6)
    hours = 1500
    floor = Floor(
        [
            Queue("1", [l1 * 60.0], MINUTE, patience_seconds=MINUTE / leaving, groups=["special", "flexible"]),
            Queue("2", [l2 * 60.0], MINUTE, patience_seconds=MINUTE / leaving),
        ],
        [Group("special", ["1"]), Group("flexible", ["2", "1"], queues_in_order=True)],
        [Agent("special", [(0, hours * HOUR)])] * n1 + [Agent("flexible", [(0, hours * HOUR)])] * n2,
        interval_seconds=hours * HOUR,
    )
    figures = replicate(floor, abandonment, replications=10, confidence=0.999)
    assert (figures.low < exact).all()
    assert (figures.high > exact).all()
    assert (figures.high - figures.low < 0.009).all()


def published_figures(day: Day) -> np.ndarray:
    answered = day.answered.sum()
    return np.array([day.abandoned.sum(), day.in_time.sum(), day.wait_of_answered.sum() / answered / MINUTE])


def test_the_published_figures_of_contact_centers_are_met():
    """MMCAb of the Université de Montréal: 4.2 calls a minute, 2 minutes, patience 1 minute, 12 agents, 8 hours."""
    floor = one_queue(4.2 * 60, 12, handling=2 * MINUTE, patience=MINUTE, target=20.0)
    figures = replicate(floor, published_figures, replications=1000)
    assert 57.660 < figures.mean[0] < 59.558  # abandoned in a day, inside the published interval
    assert figures.low[0] < 58.609 < figures.high[0]  # and the published mean inside ours
    assert figures.mean[1] == pytest.approx(1906.0, abs=4.0)
    assert figures.mean[2] == pytest.approx(0.024, abs=0.0015)


def test_the_same_seed_gives_the_same_day_and_another_replication_another():
    floor = one_queue(300, 11)
    once, again, other = simulate(floor), simulate(floor), simulate(floor, replication=1)
    assert np.array_equal(once.left_queue_at, again.left_queue_at)
    assert once.arrivals.sum() != other.arrivals.sum()


def test_changing_one_queue_leaves_the_contacts_of_the_other_as_they_were():
    def floor(calls):
        queues = [Queue("a", [60.0] * 4, 200), Queue("b", [calls] * 4, 100)]
        return Floor(queues, [Group("all", ["a", "b"])], [Agent("all", [(0, 7200)])])

    few, many = draw_contacts(floor(30)), draw_contacts(floor(90))
    assert np.array_equal(few.time[few.queue == 0], many.time[many.queue == 0])
    assert np.array_equal(few.work[few.queue == 0], many.work[many.queue == 0])


def test_common_random_numbers_tell_two_plans_apart_sooner():
    fewer, more = one_queue(300, 11), one_queue(300, 12)
    paired = compare(fewer, more, service, replications=30)
    before, after = (np.array([simulate(f, s, r).service_level for r in range(30)])
                     for f, s in ((fewer, 1), (more, 2)))  # fmt: skip
    apart = estimate(after - before)
    assert paired.low[0] > 0
    assert paired.high[0] - paired.low[0] < 0.8 * (apart.high[0] - apart.low[0])


def test_every_contact_is_answered_or_abandoned_and_no_agent_holds_two():
    rng = np.random.default_rng(5)
    queues = [Queue(n, [200.0, 400.0, 0.0, 300.0], 180, law="lognormal", patience_seconds=90) for n in "abc"]
    groups = [Group("ab", ["a", "b"]), Group("bc", ["b", "c"]), Group("c", ["c"])]
    agents = [
        Agent(
            ("ab", "bc", "c")[k % 3],
            [(rng.uniform(0, 1800), 3000 + rng.uniform(0, 900)), (4500, 7200)],
            pace=0.8 + 0.05 * k,
        )
        for k in range(25)
    ]
    floor = Floor(queues, groups, agents)
    contacts = draw_contacts(floor)
    day = route_contacts(floor, contacts, record_acts=True)
    assert (day.answered + day.abandoned == day.arrivals).all()
    assert day.acts.sum() == (day.agent >= 0).sum() == day.answered.sum()
    handling = tables_of(floor).handling
    for a, agent in enumerate(agents):
        mine = np.flatnonzero(day.agent == a)
        mine = mine[np.argsort(day.left_queue_at[mine])]
        start = day.left_queue_at[mine]
        end = start + contacts.work[mine] * handling[a, contacts.queue[mine]]
        assert (start[1:] >= end[:-1] - 1e-9).all()
        assert set(contacts.queue[mine]) <= {"abc".index(name) for name in agent.group}
        on_shift = np.zeros(len(start), bool)
        for begin, finish in agent.shifts:
            on_shift |= (start >= begin) & (start < finish)
        assert on_shift.all()
    gone = day.agent < 0
    assert np.allclose(day.left_queue_at[gone], contacts.time[gone] + contacts.patience[gone])
    assert (day.left_queue_at[~gone] <= contacts.time[~gone] + contacts.patience[~gone]).all()


def test_the_most_urgent_contact_goes_to_the_agent_idle_longest():
    floor = Floor(
        [Queue("slow", [1.0], 100, target_seconds=60), Queue("fast", [1.0], 100, target_seconds=10)],
        [Group("all", ["slow", "fast"])],
        [Agent("all", [(0, 3600)]), Agent("all", [(5, 3600)])],
        3600.0,
    )
    contacts = Contacts(
        time=np.array([10.0, 11.0, 20.0, 30.0, 400.0, 401.0]),
        queue=np.array([0, 0, 0, 1, 0, 0], np.int32),
        work=np.array([1.0, 0.5, 1.0, 0.5, 1.0, 1.0]),
        patience=np.full(6, np.inf),
    )
    day = route_contacts(floor, contacts)
    # 10 s: the first idle; 11 s: the second, until 61 s. Then the fast contact of 30 s (due 40 s) passes that of 20 s
    # (due 80 s), which gets the first agent at 110 s. At 400 s the second is idle since 111 s, the first since 210 s.
    assert day.agent.tolist() == [0, 1, 0, 1, 1, 0]
    assert day.left_queue_at.tolist() == [10.0, 11.0, 110.0, 61.0, 400.0, 401.0]


def test_a_contact_goes_to_the_group_preferred_even_when_others_are_idle_longer():
    floor = Floor(
        [Queue("a", [1.0], 100, groups=["third", "first"])],
        [Group("first", ["a"]), Group("second", ["a"]), Group("third", ["a"])],
        [Agent("first", [(0, 3600)]), Agent("second", [(1, 3600)]), Agent("third", [(2, 3600)])],
        3600.0,
    )
    contacts = Contacts(np.array([10.0, 11.0, 12.0]), np.zeros(3, np.int32), np.ones(3), np.full(3, np.inf))
    assert route_contacts(floor, contacts).agent.tolist() == [2, 0, 1]


def test_nobody_at_work_means_nobody_is_answered():
    queue = Queue("a", [10.0, 10.0], 60, patience_seconds=30)
    day = simulate(Floor([queue], [Group("all", ["a"])], []))
    assert day.answered.sum() == 0
    assert day.abandoned.sum() == day.arrivals.sum() > 0


def test_a_policy_that_the_kernel_does_not_know_is_refused():
    with pytest.raises(Unusable, match="does not know the routing policy “learned”"):
        Floor([Queue("a", [1.0], 60)], [Group("all", ["a"])], [], policy="learned")


def test_a_group_that_serves_an_unknown_queue_is_refused():
    with pytest.raises(Unusable, match="group “all” serves “b”, which is no queue"):
        Floor([Queue("a", [1.0], 60)], [Group("all", ["b"])], [])
