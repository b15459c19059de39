"""What people set of queues and floors is what the floor does, from its date on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from homeshore.brands import queries as brands
from homeshore.brands import services as brand_services
from homeshore.brands.policy import HOLD, Overflow, QueuePolicy, Ring
from homeshore.brands.services import NothingChanged, VersionInForce
from homeshore.contacts import services
from homeshore.contacts.models import Contact, Offer, QueueOnFloor
from homeshore.contacts.queries.policies import policy_of_floor, rules_of
from homeshore.contacts.router.rules import agent_changed, queue_changed
from homeshore.contacts.services.policies import (
    bring_into_force,
    close_queue,
    save_floor_policy,
    withdraw_floor_policy,
)
from homeshore.foundation.errors import Invalid
from homeshore.foundation.models import AuditEntry
from homeshore.routing.policy import Policy
from homeshore.routing.why_not import why_waiting
from tests.factories import (
    AgentFactory,
    DispositionFactory,
    FloorFactory,
    OpeningHoursFactory,
    QueueFactory,
    SkillFactory,
    UserFactory,
)
from tests.integration.floor import RoutedFloor

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db):
    return UserFactory.create()


def save(queue, by, routed=None, *, now=None, valid_from=None, **changed):
    version = brand_services.save_policy(
        operator_id=queue.operator_id,
        queue_id=queue.pk,
        by=by,
        policy=replace(brands.queue_rules(queue.pk).policy, **changed),
        valid_from=valid_from,
        now=now or routed.now,
    )
    if routed:
        routed.router.turn()
    return version


def close(routed, contact, agent):
    services.close_contact(
        agent_id=agent.pk,
        contact_id=contact.pk,
        disposition_id=DispositionFactory.create(brand=contact.brand).pk,
        wrap_up=False,
        now=routed.now,
    )
    routed.router.turn()


# -- what holds on a queue


def test_a_ring_lets_more_agents_answer_once_its_time_has_come(routed, floor, queue, agent, admin):
    portuguese = SkillFactory.create(operator=floor.operator)
    level_three = AgentFactory.create(operator=floor.operator, queues=[queue], skills={portuguese: 3})
    agent_changed(level_three.pk)
    save(queue, admin, routed, needs={portuguese.pk: 4}, rings=(Ring(20, {portuguese.pk: 3}),))
    routed.ready(agent, level_three)
    contact = routed.write_in(queue).contact
    assert why_waiting(routed.router.state, contact.pk).code == "nobody_eligible"
    routed.after(19)
    assert not contact.offers.exists()
    routed.after(1)
    assert routed.offer_of(contact).agent_id == level_three.pk
    assert routed.offer_of(contact).reasons["stage"] == 1


def test_agents_of_another_queue_help_once_the_overflow_has_come(routed, floor, queue, admin):
    assistance = QueueFactory.create(brand=queue.brand, floor=floor)
    queue_changed(assistance.pk)
    helper = AgentFactory.create(operator=floor.operator, queues=[assistance])
    agent_changed(helper.pk)
    save(queue, admin, routed, overflow=(Overflow(60, assistance.pk),))
    routed.ready(helper)
    contact = routed.write_in(queue).contact
    routed.after(59)
    assert not contact.offers.exists()
    routed.after(1)
    assert routed.offer_of(contact).agent_id == helper.pk


def test_a_customer_gets_the_agent_they_had_and_waits_for_them_a_stated_time(routed, floor, queue, agent, admin):
    save(queue, admin, routed, last_agent_days=7, sticky_seconds=30)
    agent.chat_places = 1
    agent.save()
    agent_changed(agent.pk)
    routed.ready(agent)
    first = routed.write_in(queue).contact
    routed.accept(first)
    close(routed, first, agent)
    other = AgentFactory.create(operator=floor.operator, queues=[queue])
    agent_changed(other.pk)
    routed.ready(other)
    busy_with = routed.write_in(queue, thread="visitor-2", id="m2").contact
    services.assign_contact(contact_id=busy_with.pk, agent_id=agent.pk, by=admin, now=routed.now)
    routed.router.turn()
    back = routed.write_in(queue, id="m3", text="Encore moi").contact
    assert back.preferred_agent_id == agent.pk
    assert why_waiting(routed.router.state, back.pk).code == "kept_for"
    close(routed, busy_with, agent)
    assert routed.offer_of(back).agent_id == agent.pk
    assert routed.offer_of(back).reasons["winner"]["preferred"]


def test_whoever_waits_for_their_agent_too_long_goes_to_somebody_else(routed, floor, queue, agent, admin):
    save(queue, admin, routed, last_agent_days=7, sticky_seconds=30)
    agent.chat_places = 1
    agent.save()
    agent_changed(agent.pk)
    routed.ready(agent)
    first = routed.write_in(queue).contact
    routed.accept(first)
    close(routed, first, agent)
    busy_with = routed.write_in(queue, thread="visitor-2", id="m2").contact
    routed.accept(busy_with)
    other = AgentFactory.create(operator=floor.operator, queues=[queue])
    agent_changed(other.pk)
    routed.ready(other)
    back = routed.write_in(queue, id="m3", text="Encore moi").contact
    routed.after(29)
    assert not back.offers.exists()
    routed.after(1)
    assert routed.offer_of(back).agent_id == other.pk


def test_a_free_agent_is_kept_for_the_queue_that_reserves_one(routed, floor, queue, agent, admin):
    calls = QueueFactory.create(brand=queue.brand, floor=floor, channel="voice", target_seconds=20)
    queue_changed(calls.pk)
    both = AgentFactory.create(operator=floor.operator, queues=[queue, calls])
    agent_changed(both.pk)
    save(calls, admin, routed, reserve=1)
    routed.ready(both)
    chat = routed.write_in(queue).contact
    assert not chat.offers.exists()
    call = routed.write_in(calls, thread="caller-1").contact
    assert routed.offer_of(call).agent_id == both.pk


def test_a_new_owner_of_the_floor_knows_what_people_set(routed, floor, queue, agent, admin):
    skill = SkillFactory.create(operator=floor.operator)
    save(queue, admin, routed, needs={skill.pk: 4}, rings=(Ring(20, {skill.pk: 3}),), cost=2.5, sticky_seconds=9)
    before = routed.router.state.queues[queue.pk].rule
    routed.router.release()
    after = RoutedFloor.start(floor, routed.clock, owner="b:2:test").router.state.queues[queue.pk].rule
    assert after == before
    assert (after.cost, after.sticky_seconds, after.rings[0].after_seconds, after.version) == (2.5, 9, 20, 2)


# -- from a date on


def test_a_planned_version_comes_into_force_at_its_moment_and_the_history_stays(routed, queue, admin):
    tomorrow = routed.now + timedelta(days=1)
    save(queue, admin, routed, target_seconds=30, valid_from=tomorrow)
    bring_into_force(now=routed.now)
    assert brands.queue_rules(queue.pk).target_seconds == 60
    routed.clock.advance(days=1)
    bring_into_force(now=routed.now)
    bring_into_force(now=routed.now)
    routed.router.turn()
    assert routed.router.state.queues[queue.pk].rule.target_seconds == 30
    newest, first = brands.versions_of_queue(queue.pk)
    assert (newest.number, newest.saved_by, newest.valid_from, newest.applied_at) == (2, admin, tomorrow, routed.now)
    assert QueuePolicy.from_json(first.policy).target_seconds == 60
    saved = AuditEntry.objects.get(verb="queue.policy_saved")
    assert (saved.actor, saved.data["target_seconds"]) == (admin, "60 → 30")


def test_a_withdrawn_version_never_comes_into_force_and_one_in_force_is_history(routed, queue, admin):
    planned = save(queue, admin, routed, target_seconds=30, valid_from=routed.now + timedelta(hours=1))
    ours = {"operator_id": queue.operator_id, "queue_id": queue.pk, "by": admin}
    brand_services.withdraw_version(**ours, number=planned.number, now=routed.now)
    routed.clock.advance(hours=2)
    bring_into_force(now=routed.now)
    assert brands.queue_rules(queue.pk).target_seconds == 60
    with pytest.raises(VersionInForce):
        brand_services.withdraw_version(**ours, number=1, now=routed.now)


def test_saving_what_is_in_force_is_said_to_change_nothing(routed, queue, admin):
    with pytest.raises(NothingChanged):
        save(queue, admin, routed)


def test_what_cannot_be_followed_is_told_beside_each_field(routed, floor, queue, admin):
    skill = SkillFactory.create(operator=floor.operator, name="Portugais")
    helper = QueueFactory.create(brand=queue.brand, floor=floor, name="Assistance")
    queue.name = "Conseil"
    queue.save()
    save(helper, admin, routed, overflow=(Overflow(30, queue.pk),))
    with pytest.raises(Invalid) as refused:
        save(
            queue,
            admin,
            routed,
            target_percent=0,
            needs={skill.pk: 3},
            rings=(Ring(20, {skill.pk: 4}),),
            overflow=(Overflow(30, helper.pk),),
            outside_hours=HOLD,
        )
    said = {field: str(why) for field, why in refused.value.fields.items()}
    assert said["rings"].startswith("At 20 s, Portugais 4 asks more")
    assert (
        "Assistance → Conseil → Assistance" in said["overflow"] or "Conseil → Assistance → Conseil" in said["overflow"]
    )
    assert set(said) == {"target_percent", "rings", "overflow", "outside_hours"}
    assert brands.queue_rules(queue.pk).version == 1


def test_a_circle_with_a_planned_version_is_refused_too(routed, floor, queue, admin):
    helper = QueueFactory.create(brand=queue.brand, floor=floor)
    save(helper, admin, routed, overflow=(Overflow(30, queue.pk),), valid_from=routed.now + timedelta(days=1))
    with pytest.raises(Invalid):
        save(queue, admin, routed, overflow=(Overflow(30, helper.pk),))


def test_another_operators_queue_is_not_there(routed, queue, admin):
    elsewhere = QueueFactory.create()
    policy = brands.queue_rules(elsewhere.pk).policy
    with pytest.raises(Exception, match="no such thing"):
        brand_services.save_policy(
            operator_id=queue.operator_id, queue_id=elsewhere.pk, by=admin, policy=policy, now=routed.now
        )


# -- outside the brand's hours


def test_mails_of_the_night_are_kept_until_the_brand_opens_and_their_time_counts_from_then(
    routed, floor, queue, agent, admin
):
    mails = QueueFactory.create(brand=queue.brand, floor=floor, channel="email", target_seconds=3600)
    queue_changed(mails.pk)
    for weekday in range(7):
        OpeningHoursFactory.create(brand=queue.brand, weekday=weekday, opens="08:00", closes="18:00")
    night_owl = AgentFactory.create(operator=floor.operator, queues=[mails])
    agent_changed(night_owl.pk)
    save(mails, admin, routed, outside_hours=HOLD)
    opens_at = brands.openings([queue.brand_id], at=routed.now)[queue.brand_id].until + timedelta(hours=14)
    routed.clock.advance(seconds=(opens_at - timedelta(hours=3) - routed.now).total_seconds())
    bring_into_force(now=routed.now)
    routed.router.turn()
    routed.ready(night_owl)
    mail = routed.write_in(mails, thread="<1@example.org>").contact
    assert mail.due_at == opens_at + timedelta(hours=1)
    assert why_waiting(routed.router.state, mail.pk).code == "queue_closed"
    assert QueueOnFloor.objects.get(queue=mails).opens_at == opens_at
    routed.clock.advance(hours=3)
    services.set_presence(agent_id=night_owl.pk, state="ready", now=routed.now)
    bring_into_force(now=routed.now)
    routed.router.turn()
    assert routed.offer_of(mail).agent_id == night_owl.pk
    routed.accept(mail)
    services.send_message(agent_id=night_owl.pk, contact_id=mail.pk, body="Bonjour", client_id="r", now=routed.now)
    assert Contact.objects.get(pk=mail.pk).answered_in_target


# -- a queue that closes


def test_what_waits_in_a_queue_that_closes_waits_in_the_other_one_at_its_place(routed, floor, queue, agent, admin):
    successor = QueueFactory.create(brand=queue.brand, floor=floor)
    queue_changed(successor.pk)
    other = AgentFactory.create(operator=floor.operator, queues=[successor])
    agent_changed(other.pk)
    waiting = routed.write_in(queue).contact
    routed.after(20)
    moved = close_queue(
        operator_id=queue.operator_id, queue_id=queue.pk, moved_to_id=successor.pk, by=admin, now=routed.now
    )
    routed.router.turn()
    routed.ready(other)
    later = routed.write_in(queue, thread="visitor-2", id="m2").contact
    waiting.refresh_from_db()
    assert moved == 1
    assert (waiting.queue_id, later.queue_id) == (successor.pk, successor.pk)
    assert routed.offer_of(waiting).agent_id == other.pk
    assert queue.pk not in routed.router.state.queues


@pytest.mark.parametrize("elsewhere", [False, True], ids=["same floor", "another floor"])
def test_who_lets_go_of_a_contact_whose_queue_was_closed_meanwhile_leaves_it_to_the_other_one(
    routed, floor, queue, agent, admin, elsewhere
):
    successor_floor = FloorFactory.create(operator=floor.operator) if elsewhere else floor
    successor = QueueFactory.create(brand=queue.brand, floor=successor_floor)
    queue_changed(successor.pk)
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    routed.accept(contact)
    assert not close_queue(
        operator_id=queue.operator_id, queue_id=queue.pk, moved_to_id=successor.pk, by=admin, now=routed.now
    )
    services.hand_back(agent_id=agent.pk, contact_id=contact.pk, why="page_gone", now=routed.now)
    routed.router.turn()
    assert why_waiting(routed.router.state, contact.pk).code == "queue_removed"
    bring_into_force(now=routed.now)
    there = RoutedFloor.start(successor_floor, routed.clock, owner="b:1:there") if elsewhere else routed
    there.router.turn()
    contact.refresh_from_db()
    assert (contact.queue_id, contact.floor_id) == (successor.pk, successor_floor.pk)
    assert there.router.state.contacts[contact.pk].queue == successor.pk
    routed.router.turn()
    assert (contact.pk in routed.router.state.contacts) is not elsewhere


def test_a_queue_closes_only_in_favour_of_an_open_one_of_its_brand_and_channel(routed, floor, queue, admin):
    mails = QueueFactory.create(brand=queue.brand, floor=floor, channel="email")
    for target in (queue, mails, QueueFactory.create(brand__operator=floor.operator, floor=floor)):
        with pytest.raises(Invalid):
            close_queue(
                operator_id=queue.operator_id, queue_id=queue.pk, moved_to_id=target.pk, by=admin, now=routed.now
            )


# -- what holds on the floor


def test_the_policy_of_a_floor_holds_from_its_date_and_can_be_withdrawn_before(routed, floor, admin):
    house = rules_of(Policy())
    ours = {"operator_id": floor.operator_id, "floor_id": floor.pk, "by": admin}
    save_floor_policy(**ours, rules=house | {"rona_limit": 1}, now=routed.now)
    routed.router.turn()
    assert routed.router.state.policy == Policy(rona_limit=1, version=2)
    tomorrow = routed.now + timedelta(days=1)
    planned = save_floor_policy(**ours, rules=house | {"rule": "longest_idle"}, valid_from=tomorrow, now=routed.now)
    withdraw_floor_policy(**ours, number=planned.number, now=routed.now)
    save_floor_policy(**ours, rules=house | {"fairness_seconds": 30}, valid_from=tomorrow, now=routed.now)
    routed.clock.advance(days=1)
    bring_into_force(now=routed.now)
    routed.router.turn()
    assert routed.router.state.policy == policy_of_floor(floor.pk) == Policy(fairness_seconds=30, version=4)


def test_a_head_start_set_on_the_floor_moves_when_contacts_are_due(routed, floor, queue, admin):
    save(queue, admin, routed, priority=2)
    rules = rules_of(Policy()) | {"head_start_seconds": 10}
    save_floor_policy(operator_id=floor.operator_id, floor_id=floor.pk, by=admin, rules=rules, now=routed.now)
    contact = routed.write_in(queue).contact
    assert contact.due_at == contact.arrived_at + timedelta(seconds=60 - 20)
    assert routed.router.state.contacts[contact.pk].due == contact.due_at.timestamp() * 1000


def test_acts_are_counted_anew_at_local_midnight_and_known_to_a_new_owner(routed, floor, queue, agent):
    bring_into_force(now=routed.now)
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    routed.accept(contact)
    routed.clock.advance(seconds=60)
    services.renew_lease(agent_id=agent.pk, now=routed.now)
    close(routed, contact, agent)
    assert routed.router.state.agents[agent.pk].acts == 1
    routed.router.release()
    successor = RoutedFloor.start(floor, routed.clock, owner="b:2:test")
    someone = successor.router.state.agents[agent.pk]
    assert (someone.acts, someone.ready_ms) == (1, 60_000)
    routed.clock.advance(days=1)
    bring_into_force(now=routed.now)
    successor.router.turn()
    assert someone.acts == 0
    assert not Offer.objects.filter(state="open").exists()
