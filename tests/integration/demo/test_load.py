"""The demonstration as it is loaded: once, and so that nothing in it stands still."""

import pytest
from django.apps import apps

from homeshore.brands import queries as brands
from homeshore.brands.models import Brand, Queue
from homeshore.demo.load import load
from homeshore.demo.places import Places
from homeshore.foundation.models import Membership, Operator
from homeshore.missions import queries as missions
from homeshore.missions.coverage import meets
from homeshore.pay import queries as pay
from homeshore.people import queries as people
from tests.clock import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return load(Places(8000), now=MORNING)


def rows() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.app_label != "auth"}


def test_loading_it_again_changes_nothing(operator):
    before = rows()
    assert load(Places(8000), now=MORNING) == operator
    assert rows() == before


def test_on_other_ports_its_pages_may_still_carry_the_chat(operator):
    load(Places(9000), now=MORNING)
    assert {port for brand in Brand.objects.all() for port in brand.allowed_origins} == {
        f"http://{host}:{port}" for host in ("localhost", "127.0.0.1") for port in (9001, 9002)
    }


def test_every_queue_has_an_agent_who_can_take_its_contacts_and_whom_a_person_may_play(operator):
    engaged = missions.queues_by_agent(operator.pk)
    agents = people.agents_of_operator(operator.pk)
    for queue in brands.queues_of_operator(operator.pk):
        able = [agent for agent in agents if queue.id in engaged[agent.id] and meets(agent, queue.needs)]
        assert able, queue.name
        assert any(not agent.simulated for agent in able), f"nobody plays {queue.name}"


def test_no_act_falls_in_a_gap_of_the_rate_cards(operator):
    for queue in Queue.objects.filter(operator=operator):
        assert all(cents > 0 for cents in pay.closing_pay(queue_id=queue.pk, at=MORNING).values()), queue.name


def test_there_is_somebody_in_each_role(operator):
    roles = set(Membership.objects.filter(operator=operator).values_list("role", flat=True))
    assert roles == {"operator_admin", "supervisor", "planner", "agent", "brand_user"}
