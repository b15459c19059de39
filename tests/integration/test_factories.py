"""What the factories make hangs together, for both databases' constraints."""

import inspect

import pytest
from factory.django import DjangoModelFactory

from homeshore.foundation import clock as house_clock
from homeshore.foundation.models import Role
from tests import factories
from tests.clock import MORNING

pytestmark = pytest.mark.django_db

FACTORIES = [
    each
    for _, each in inspect.getmembers(factories, inspect.isclass)
    if issubclass(each, DjangoModelFactory) and each is not DjangoModelFactory
]


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda each: each.__name__)
def test_two_of_each_thing_can_be_made_and_are_valid(factory):
    for made in factory.create_batch(2):
        made.refresh_from_db()
        assert str(made)


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda each: each.__name__)
def test_everything_in_a_thing_belongs_to_one_operator(factory):
    factory.create()
    assert factories.Operator.objects.count() <= 1


def test_an_agent_is_made_with_skills_and_queues_in_one_line():
    skill = factories.SkillFactory.create()
    queue = factories.QueueFactory.create(brand__operator=skill.operator, needs={skill: 2})
    agent = factories.AgentFactory.create(operator=skill.operator, skills={skill: 3}, queues=[queue])
    assert [(each.skill, each.level) for each in agent.skills.all()] == [(skill, 3)]
    assert [list(each.mission.queues.all()) for each in agent.engagements.all()] == [[queue]]
    assert agent.user.memberships.get().role == Role.AGENT


def test_a_brand_user_sees_one_brand():
    brand = factories.BrandFactory.create()
    assert factories.brand_user(brand).memberships.get().brand_access.brand == brand


def test_a_person_signs_in_with_the_password_of_the_factories(client):
    user = factories.UserFactory.create()
    assert client.login(email=user.email, password=factories.PASSWORD)


def test_the_clock_stands_still_until_it_is_moved(clock):
    assert house_clock.now() == MORNING
    clock.advance(minutes=1)
    assert (house_clock.now() - MORNING).total_seconds() == 60
