"""Whatever agents, customers, supervisors and faults do, in whatever order: the invariants of routing hold on the database.

The machine runs the services and the router on real tables, and after every step compares them with what the core
believes. Crashes, changes of owner, clocks that jump, lost lines, and whatever may be delivered twice (a request, a
fact, a hint, a commit, a claim of the outbox) are among the rules.
"""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from homeshore.brands import queries as brands
from homeshore.brands import services as brand_services
from homeshore.contacts import services
from homeshore.contacts.models import Assignment, Fact, Floor, JournalEntry, Message, Offer, Presence, Reservation
from homeshore.contacts.router.checkpoints import canonical
from homeshore.contacts.router.commit import Deposed
from homeshore.contacts.router.journal import replay, state_after
from homeshore.contacts.router.standby import StandBy
from homeshore.contacts.services import CustomerFacts, policies
from homeshore.foundation import outbox
from homeshore.foundation.models import Event, OutboxMessage
from homeshore.foundation.transactions import write
from homeshore.pay.models import Act
from homeshore.people.events import announce_agent
from homeshore.routing.invariants import check_invariants
from homeshore.routing.past import REMEMBER_MS
from homeshore.values.clock import from_milliseconds
from tests.integration.contacts.contact_centre import ContactCentre, agents, queues, visitors

TIMELESS = (
    "OfferAccepted",
    "OfferDeclined",
    "AssignmentClosed",
    "AssignmentRequeued",
    "WrapUpEnded",
    "DecisionRefused",
)
"""Facts that name what they are about by its id: they say the same whenever they are heard again."""


class FaultyContactCentre(ContactCentre):
    """The same while everything goes wrong that can, and what must hold all the same."""

    @precondition(lambda self: self.sent and not self.unheard)
    @rule()
    def the_same_request_comes_again(self):
        """Its answer was lost on the way: who sent it sends it once more, and it has been done."""
        before = self.where_everything_stands()
        service, fields = self.sent[-1]
        self.do(service, **fields)
        assert self.where_everything_stands() == before

    @precondition(lambda self: self.sent)
    @rule(back=st.integers(2, 8))
    def an_old_request_comes_again(self, back):
        """A page that slept, or a worker that died after its work and before saying so."""
        service, fields = self.sent[-min(back, len(self.sent))]
        self.do(service, **fields)

    @rule()
    def what_is_told_next_is_told_twice(self):
        self.told_twice = True

    @rule(number=st.integers(0, 29))
    def an_old_fact_is_told_again(self, number):
        late = self.router.state.now - REMEMBER_MS
        known = JournalEntry.objects.filter(floor=self.floor, seq__gt=self.laid_at, now__gt=late)
        old = known.filter(input__kind__in=TIMELESS).order_by("-seq")
        if chosen := self.pick(old[:30], number):
            self.tell_again(JournalEntry.objects.filter(pk=chosen.pk))
            self.router.turn()

    @rule(requests=st.integers(2, 4))
    def the_router_is_busy_while_more_happens(self, requests):
        """What several people do next it hears at once, or whoever takes over from it."""
        self.unheard = requests

    @precondition(lambda self: not self.unheard)
    @rule()
    def the_router_is_woken_for_nothing(self):
        """A hint comes twice, or nobody had anything to tell."""
        entries = JournalEntry.objects.filter(floor=self.floor)
        before = entries.count()
        assert (self.router.turn(), entries.count()) == (0, before)

    @rule(visitor=visitors)
    def a_group_is_committed_again(self, visitor):
        """The connection broke before the database could say that it had committed: once more changes nothing."""
        fields = {"queue_id": self.queues[0].pk, "thread_key": f"visitor-{visitor}", "customer": CustomerFacts()}
        self.said += 1
        self.ask(services.receive_message, body="?", client_id=f"said-{self.said}", **fields)
        group = self.router._next_group()
        if group.entries:
            self.router._commit(group)
            before = self.where_everything_stands()
            with pytest.raises(Deposed):
                self.router._commit(group)
            assert self.where_everything_stands() == before
        self.hear()

    @rule(sent=st.booleans())
    def two_workers_reach_for_what_is_to_be_sent(self, sent):
        """No message is taken by both; one that the first did not live to send is taken again when its claim has run out."""
        first = outbox.claim(now=self.clock.now())
        assert not outbox.claim(now=self.clock.now())
        if sent:
            OutboxMessage.objects.filter(pk__in=[each.pk for each in first]).update(state="sent")

    @rule(seconds=st.sampled_from([-900, -30, 0.5, 5, 21, 40, 70, 91, 200, 1900]))
    def time_passes(self, seconds):
        self.clock.advance(seconds=seconds)
        self.hear()

    def hear(self):
        self.unheard = 0
        self.router.turn()

    @rule(state=st.sampled_from(["break", "offline"]), dies=st.booleans(), number=st.integers(0, 9))
    def somebody_with_an_offer_leaves_as_the_router_dies(self, state, dies, number):
        """Or is given a contact, or says again that they are ready as their offer rings out."""
        offer = self.pick(Offer.objects.filter(floor=self.floor, state="open").order_by("id"), number)
        if not offer:
            return
        self.unheard = 0 if not dies else 9
        others = self.contacts().exclude(pk=offer.contact_id).exclude(state="closed")
        if number % 3 == 0 and others:
            given = {"contact_id": self.pick(others, number).pk, "agent_id": offer.agent_id}
            self.do(services.assign_contact, by=self.supervisor, **given)
        else:
            self.clock.advance(seconds=22 if number % 3 == 1 else 0)
            self.do(services.set_presence, agent_id=offer.agent_id, state=state)
            self.do(services.set_presence, agent_id=offer.agent_id, state=state if number % 2 else "ready")
        if dies:
            self.the_router_is_killed_and_another_takes_over()

    @rule(agent=agents, queue=queues, engaged=st.booleans())
    def an_agent_leaves_the_house_or_a_mission_or_comes_back(self, agent, queue, engaged):
        """Whatever they hold, and wherever they stand."""
        one = self.agents[agent]
        if queue:
            ended = None if engaged else self.clock.now()
            one.engagements.filter(mission__queues=self.queues[queue]).update(until=ended)
        else:
            one.active = engaged
            one.save()
        self.do(tell_of_agent, agent_id=one.pk)

    @rule(queue=st.integers(0, 1), number=st.integers(0, 9))
    def a_queue_is_closed_for_another_or_opens_again(self, queue, number):
        """With whatever waits in it, or is being answered; what its agents let go of since goes on to the other one."""
        one, other = self.queues[queue], self.queues[1 - queue]
        house = {"operator_id": self.operator.pk, "queue_id": one.pk, "by": self.supervisor}
        if brands.queue_rules(one.pk).active:
            self.do(policies.close_queue, moved_to_id=other.pk, **house)
        else:
            self.do(brand_services.reopen_queue, **house)
        if number % 2:
            self.do(policies.bring_into_force)

    @rule(agent=agents)
    def a_browser_gives_a_sign_of_life(self, agent):
        self.do(services.renew_lease, agent_id=self.agents[agent].pk)

    @rule()
    def leases_are_swept(self):
        self.do(services.lapse_presences)

    def its_lease_runs_out(self):
        """Forty seconds on, or as long as it takes where the clock has fallen back meanwhile."""
        lease_until = Floor.objects.get(pk=self.floor.pk).lease_until
        self.clock.set(max(self.clock.now() + timedelta(seconds=41), lease_until + timedelta(seconds=1)))

    @rule()
    def the_router_is_killed_and_another_takes_over(self):
        self.its_lease_runs_out()
        self.take_over()

    @rule()
    def the_router_is_killed_and_who_stood_by_goes_on(self):
        standby = StandBy.begin(self.floor.pk)
        self.its_lease_runs_out()
        self.take_over(standby)
        assert self.router.state is standby.state

    @rule(number=st.integers(0, 9))
    def the_router_dies_with_its_last_group_and_who_stood_by_goes_on(self, number):
        """Meanwhile a customer leaves, or an agent answers: what the group decided of that is refused, and nobody is told."""
        standby = StandBy.begin(self.floor.pk)
        self.clock.advance(seconds=21)
        group = self.router._next_group()
        offer = self.pick(Offer.objects.filter(floor=self.floor, state="open").order_by("id"), number)
        if offer and number % 2:
            self.ask(services.accept_offer, agent_id=offer.agent_id, offer_id=offer.pk)
        elif contact := self.pick(self.contacts().filter(state__in=("waiting", "offered")), number):
            self.ask(services.abandon_contact, contact_id=contact.pk)
        if group.entries:
            self.router._commit(group)
        self.its_lease_runs_out()
        self.take_over(standby)
        assert self.router.state is standby.state

    @rule(visitor=visitors)
    def a_paused_router_wakes_after_another_took_over(self, visitor):
        paused, self.router = self.router, None
        self.its_lease_runs_out()
        self.take_over()
        before = JournalEntry.objects.filter(floor=self.floor).count()
        services.receive_message(
            queue_id=self.queues[0].pk,
            thread_key=f"visitor-{visitor}",
            customer=CustomerFacts(),
            body="?",
            client_id=f"paused-{self.owner}",
            now=self.clock.now(),
        )
        if Fact.objects.filter(floor=self.floor).exists():
            with pytest.raises(Deposed):
                paused.turn()
        assert JournalEntry.objects.filter(floor=self.floor).count() == before
        self.router.turn()

    @invariant()
    def at_most_one_open_offer_a_contact(self):
        open_offers = Offer.objects.filter(floor=self.floor, state="open").values_list("contact", flat=True)
        assert max(Counter(open_offers).values(), default=0) <= 1

    @invariant()
    def one_active_assignment_a_contact_and_each_offer_accepted_once(self):
        active = Assignment.objects.filter(contact__operator=self.operator, state="active")
        assert max(Counter(active.values_list("contact", flat=True)).values(), default=0) <= 1
        accepted = Assignment.objects.filter(contact__operator=self.operator, offer__isnull=False)
        assert max(Counter(accepted.values_list("offer", flat=True)).values(), default=0) <= 1

    @invariant()
    def every_contact_stands_somewhere_and_one_only(self):
        if self.unheard:
            return
        standing = {
            contact.pk: (
                contact.state,
                contact.offers.filter(state="open").count(),
                contact.assignments.filter(state="active").count(),
            )
            for contact in self.contacts()
        }
        allowed = {("scheduled", 0, 0), ("waiting", 0, 0), ("offered", 1, 0), ("active", 0, 1), ("closed", 0, 0)}
        assert set(standing.values()) <= allowed, standing

    @invariant()
    def the_core_believes_what_the_tables_say(self):
        check_invariants(self.router.state)
        if self.unheard:
            return
        tables = dict(self.contacts().exclude(state="closed").values_list("id", "state"))
        assert {id: contact.stands for id, contact in self.router.state.contacts.items()} == tables
        held = Assignment.objects.filter(contact__operator=self.operator).exclude(state="ended")
        assert {each.id: each.agent for each in self.router.state.assignments.values()} == dict(
            held.values_list("id", "agent")
        )
        open_offers = Offer.objects.filter(floor=self.floor, state="open")
        assert {each.id: each.agent for each in self.router.state.offers.values()} == dict(
            open_offers.values_list("id", "agent")
        )
        ready = set(Presence.objects.filter(agent__in=self.agents, state="ready").values_list("agent", flat=True))
        engaged = [each for each in self.router.state.agents.values() if each.rule.queues and not each.removed]
        assert {each.id: each.ready and not each.rested for each in engaged} == {
            each.id: each.id in ready for each in engaged
        }

    @invariant()
    def nothing_is_shown_that_is_not_durable(self):
        shown = {
            event.payload["offer"]["id"] for event in Event.objects.filter(operator=self.operator, kind="offer.opened")
        }
        assert shown == set(Offer.objects.filter(floor=self.floor).values_list("id", flat=True))

    @invariant()
    def nothing_is_offered_to_who_is_asked_by_a_colleague(self):
        if self.unheard:
            return
        asked = set(Reservation.objects.filter(agent__in=self.agents).values_list("agent", flat=True))
        offered = Offer.objects.filter(floor=self.floor, state="open").values_list("agent", flat=True)
        assert asked.isdisjoint(offered)

    @invariant()
    def epochs_never_fall_and_no_number_is_missing(self):
        entries = list(JournalEntry.objects.filter(floor=self.floor).order_by("seq").values_list("seq", "epoch"))
        assert [seq for seq, _ in entries] == list(range(1, len(entries) + 1))
        epochs = [epoch for _, epoch in entries]
        assert epochs == sorted(epochs)

    @invariant()
    def a_word_said_once_is_kept_once(self):
        said = Message.objects.filter(conversation__operator=self.operator).values_list("conversation", "client_id")
        assert max(Counter(said).values(), default=0) <= 1
        mailed = Message.objects.filter(conversation__operator=self.operator, kind="outbound", contact__channel="email")
        assert Counter(OutboxMessage.objects.filter(operator=self.operator).values_list("key", flat=True)) == Counter(
            f"message-{id}" for id in mailed.values_list("id", flat=True)
        )

    @invariant()
    def who_handled_a_contact_is_paid_for_it_once(self):
        handled = self.contacts().filter(outcome="handled").values_list("id", flat=True)
        paid = Act.objects.filter(contact__operator=self.operator).values_list("contact", flat=True)
        assert Counter(paid) == Counter(handled)

    @precondition(lambda self: JournalEntry.objects.filter(floor=self.floor).count() > 40)
    @rule()
    def the_journal_decides_the_same_again(self):
        assert [each.seq for each in replay(self.floor.pk) if not each.same] == []
        assert canonical(state_after(self.floor.pk, seq=self.router.state.seq)) == canonical(self.router.state)

    @rule()
    def every_offer_ends(self):
        """Two minutes on: of the router's clock, which stands still where the machine's has fallen back."""
        open_offers = list(Offer.objects.filter(floor=self.floor, state="open").values_list("id", flat=True))
        self.clock.set(max(self.clock.now(), from_milliseconds(self.router.state.now)))
        self.clock.advance(seconds=120)
        self.hear()
        assert not Offer.objects.filter(pk__in=open_offers, state="open").exists()


def tell_of_agent(*, agent_id, now):
    with write():
        announce_agent(agent_id)


@pytest.mark.django_db
def test_the_invariants_hold_whatever_happens_in_whatever_order():
    run_state_machine_as_test(
        FaultyContactCentre,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
