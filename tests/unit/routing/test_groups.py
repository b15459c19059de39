"""A centre is split along the groups of queues and agents that share work."""

from hypothesis import given
from hypothesis import strategies as st

from homeshore.routing.groups import Group, connected_groups, packed

ids = st.integers(1, 12)
floors = st.dictionaries(ids, st.lists(ids, max_size=2), max_size=12)
people = st.dictionaries(st.integers(100, 120), st.lists(ids, max_size=3), max_size=12)


def test_queues_without_anybody_in_common_can_be_routed_apart():
    assert connected_groups({1: [], 2: [], 3: []}, {100: [1], 101: [2], 102: [2]}) == [
        Group((2,), (101, 102)),
        Group((1,), (100,)),
        Group((3,), ()),
    ]


def test_an_agent_or_an_overflow_keeps_two_queues_together():
    assert connected_groups({1: [], 2: [3], 3: []}, {100: [1, 2]}) == [Group((1, 2, 3), (100,))]


def test_what_is_not_routed_here_links_nothing():
    assert connected_groups({1: [9], 2: [9]}, {100: [1, 9], 101: [9], 102: []}) == [
        Group((1,), (100,)),
        Group((2,), ()),
    ]


@given(floors, people)
def test_every_queue_and_every_agent_is_in_one_group_and_no_link_leaves_it(overflows, engaged):
    groups = connected_groups(overflows, engaged)
    home = {queue: number for number, group in enumerate(groups) for queue in group.queues}

    assert sorted(queue for group in groups for queue in group.queues) == sorted(overflows)
    assert {(home[queue], home[other]) for queue in overflows for other in overflows[queue] if other in home} <= {
        (number, number) for number in range(len(groups))
    }
    for agent, queues in engaged.items():
        assert [number for number, group in enumerate(groups) if agent in group.agents] == sorted(
            {home[queue] for queue in queues if queue in home}
        )


@given(floors, people, people)
def test_more_agents_only_ever_join_groups(overflows, engaged, more):
    joined = connected_groups(overflows, engaged | {1000 + agent: queues for agent, queues in more.items()})
    for group in connected_groups(overflows, engaged):
        assert any(set(group.queues) <= set(larger.queues) for larger in joined)


def test_groups_are_put_on_floors_as_evenly_as_they_can_be():
    groups = [
        Group((1,), tuple(range(10))),
        Group((2, 3), tuple(range(10, 16))),
        Group((4,), (20, 21, 22)),
        Group((5,), ()),
    ]
    assert packed(groups, 2) == [
        Group((1,), tuple(range(10))),
        Group((2, 3, 4, 5), (*range(10, 16), 20, 21, 22)),
    ]
    assert packed(groups[:1], 3) == groups[:1]


@given(floors, people, st.integers(1, 5))
def test_no_queue_is_lost_when_groups_are_put_on_floors(overflows, engaged, count):
    groups = connected_groups(overflows, engaged)
    together = packed(groups, count)
    assert len(together) == min(count, len(groups))
    assert sorted(queue for each in together for queue in each.queues) == sorted(overflows)
