"""Calls that the house places: through a real edge to a telephone that rings, answers, refuses or says nothing, with real sound."""

import pytest
from django.db import OperationalError

from homeshore.channels.voice import services
from homeshore.channels.voice.embedded import ends as browsers
from homeshore.channels.voice.embedded import life
from homeshore.channels.voice.models import Call, Caller, Leg, Number, Side
from homeshore.channels.voice.refusals import AlreadyCalling, NoNumberToShow, NoTelephone
from homeshore.channels.voice.services import Errand
from homeshore.contacts import services as contacts
from homeshore.contacts.models import Contact
from homeshore.contacts.refusals import AlreadyInTouch, NotFreeToCall
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.outbound import queries as register
from homeshore.outbound import services as outbound
from homeshore.outbound.gate.rules import Purpose
from homeshore.outbound.models import Entry
from homeshore.outbound.refusals import MayNotCall
from tests.e2e.telephone import make_tone
from tests.factories import DispositionFactory, QueueFactory
from tests.integration.channels.voice.telephones import CLAIRE, NUMBER
from tests.servers.called import (
    CalledTelephone,
    answers_all_the_same,
    refuses,
    rings_in_vain,
    says,
    speaks_before_it_answers,
)

# The telephone asks nothing of the tables that the driver in browsers does not: PostgreSQL hears of that one.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CUSTOMER, AGENT, RINGING = 440, 1000, 1700
AUDIBLE = -20
"""Decibels of full scale that a tone has at least when it arrives, and never when it should not."""


class CallsOut:
    """An agent who calls, and a telephone that is called."""

    def __init__(self, ends, queue, agent) -> None:
        self.ends, self.queue, self.agent, self.floor = ends, queue, agent, ends.floor

    def is_there(self, first: str | None = None, *, answers: bool = True) -> CalledTelephone:
        self.ends.called = CalledTelephone(
            self.ends.stack.trunk, folder=self.ends.stack.folder, hertz=CUSTOMER, first=first, answers=answers
        )
        return self.ends.called

    @property
    def telephone(self) -> CalledTelephone:
        assert self.ends.called, "is_there comes first"
        return self.ends.called

    def dials(self, number: str = CLAIRE, *, purpose: Purpose = Purpose.SERVICE) -> Call:
        call = services.call_customer(
            agent_id=self.agent.pk,
            by=self.agent.user,
            queue_id=self.queue.pk,
            errand=Errand(number, purpose),
            customer=CustomerFacts(name="Claire Vasseur"),
            now=self.floor.now,
        )
        self.settle()
        return call

    def headset_answers(self, call: Call) -> None:
        """The agent's browser takes its end, as the softphone does."""
        end = self.ends.agent(self.leg(call))
        browsers.join(end, now=self.floor.now)
        self.ends.until(lambda: self.ends.offers(end), "an offer for the agent's browser")
        offer = self.ends.offers(end)[-1]
        answer = self.ends.headset.answer(offer["body"]["sdp"])
        browsers.say(end, round=offer["round"], kind="answer", body={"sdp": answer}, now=self.floor.now)

    def rings(self, call: Call) -> None:
        """The call has come so far that the customer's telephone rings."""
        self.headset_answers(call)
        self.ends.until(lambda: self.telephone.rang, "the customer's telephone to ring")

    def until(self, state: str, call: Call) -> Call:
        self.ends.until(lambda: Call.objects.get(pk=call.pk).state == state, f"the call to be {state}")
        return Call.objects.select_related("contact").get(pk=call.pk)

    def talk(self, call: Call) -> Call:
        self.ends.headset.microphone.set()
        self.ends.until(lambda: self.ends.headset.hears, "the agent to hear the customer")
        services.sound_heard(call_id=call.pk, leg_number=1, at_side=Side.AGENT, now=self.floor.now)
        return self.until("talking", call)

    def ended(self, call: Call) -> tuple[str, str, str]:
        """By whom and why a call has ended, and what the register says of it."""
        seen = self.until("ended", call)
        self.ends.until(lambda: not Caller.objects.exists(), "the telephone to forget the call")
        result = register.result_of(seen.attempt)
        return seen.ended_by, seen.why, result.value if result else ""

    def settle(self) -> None:
        for _ in range(3):
            self.floor.router.turn()
            services.follow_all(now=self.floor.now)

    def leg(self, call: Call) -> Leg:
        return call.legs.latest("number")

    def both_hear_each_other(self) -> bool:
        """In one of a few moments: a packet that is late or missing turns a tone's phase, and two halves of it silence each other."""
        return any(self._both_hear_each_other_now() for _ in range(4))

    def _both_hear_each_other_now(self) -> bool:
        tones = [CUSTOMER, AGENT]
        sound = self.telephone.sound
        at_customer = dict(zip(tones, self.ends.hearing(lambda: sound.loudness(tones)), strict=True))
        at_agent = dict(zip(tones, self.ends.hearing(lambda: self.ends.headset.loudness(tones)), strict=True))
        return at_customer[AGENT] > AUDIBLE > at_customer[CUSTOMER] and at_agent[CUSTOMER] > AUDIBLE > at_agent[AGENT]

    def agent_hears(self, hertz: int) -> bool:
        return self.ends.hearing(lambda: self.ends.headset.loudness([hertz]))[0] > AUDIBLE


@pytest.fixture
def out(tmp_path, settings, running_telephony, request, ready, queue):
    settings.RTPENGINE_RECORDINGS = str(tmp_path)
    for name, hertz in {"ringing": RINGING, "music": 300, "hold": 700}.items():
        make_tone(tmp_path / f"{name}.wav", hertz, seconds=4, rate=8000)
    settings.SIP_LISTEN = ("127.0.0.1", running_telephony.house)
    settings.SIP_EDGE = ("127.0.0.1", running_telephony.edge)
    Number.objects.create(digits=NUMBER, queue=queue, operator=queue.operator, language="en")
    return CallsOut(request.getfixturevalue("sip_ends"), queue, ready)


def test_a_customer_is_called_hears_the_agent_and_is_heard_and_the_contact_ends_as_any_other(out):
    telephone = out.is_there()
    call = out.dials()
    contact = call.contact
    assert (contact.direction, contact.state, call.state) == ("outbound", "active", "dialling")
    out.rings(call)
    assert telephone.saw == NUMBER
    out.ends.until(lambda: out.ends.headset.hears, "the agent to hear something")
    assert out.agent_hears(RINGING)
    out.until("connecting", call)
    call = out.talk(call)
    assert out.both_hear_each_other()
    assert not out.agent_hears(RINGING)
    assert telephone.sound.packets > 0
    telephone.hang_up()
    assert out.ended(call) == ("customer", "customer", "")
    out.ends.until(lambda: not telephone.is_engaged, "the house to answer that they hung up")
    assert telephone.went_well
    disposition = DispositionFactory.create(brand=out.queue.brand).pk
    contacts.close_contact(agent_id=out.agent.pk, contact_id=contact.pk, disposition_id=disposition, now=out.floor.now)
    out.settle()
    contact.refresh_from_db()
    assert (contact.state, contact.outcome) == ("closed", "handled")
    assert register.result_of(call.attempt) == "reached"


def test_the_agent_hears_what_their_network_says_before_they_answer(out):
    out.is_there(speaks_before_it_answers())
    call = out.dials()
    out.rings(call)
    out.ends.until(lambda: out.ends.headset.hears, "the agent to hear something")
    assert out.agent_hears(CUSTOMER)
    assert Call.objects.get(pk=call.pk).state == "dialling"
    out.until("connecting", call)
    out.talk(call)
    assert out.both_hear_each_other()


@pytest.mark.parametrize(
    ("status", "by", "why"),
    [
        (486, "customer", "busy"),
        (480, "network", "no_answer"),
        (603, "customer", "declined"),
        (404, "network", "no_such_number"),
        (500, "network", "not_connected"),
    ],
)
def test_a_customer_who_is_not_reached_leaves_the_contact_to_the_agent_and_the_attempt_in_the_register(
    out, status, by, why
):
    telephone = out.is_there(refuses(status), answers=False)
    call = out.dials()
    out.rings(call)
    assert out.ended(call) == (by, why, "nobody")
    out.settle()
    assert Contact.objects.get(pk=call.contact_id).state == "active"
    out.ends.until(lambda: telephone.is_over, "the end at the customer's")
    assert telephone.went_well


def test_an_agent_takes_a_call_back_while_it_rings(out):
    telephone = out.is_there(rings_in_vain(), answers=False)
    call = out.dials()
    out.rings(call)
    services.end_call(call_id=call.pk, by=Call.EndedBy.AGENT, now=out.floor.now)
    assert out.ended(call) == ("agent", "agent", "nobody")
    out.ends.until(lambda: telephone.is_over, "the end at the customer's")
    assert telephone.went_well


def test_a_call_that_rings_for_long_is_given_up(out):
    telephone = out.is_there(rings_in_vain(), answers=False)
    call = out.dials()
    out.rings(call)
    out.ends.pass_time(46)
    assert out.ended(call) == ("house", "no_answer", "nobody")
    out.ends.until(lambda: telephone.is_over, "the end at the customer's")
    assert telephone.went_well


def test_an_answer_that_crosses_the_taking_back_is_hung_up_and_nobody_is_left_on_the_line(out):
    telephone = out.is_there(answers_all_the_same(), answers=False)
    call = out.dials()
    out.rings(call)
    services.end_call(call_id=call.pk, by=Call.EndedBy.AGENT, now=out.floor.now)
    assert out.ended(call)[1:] == ("agent", "nobody")
    out.ends.until(lambda: telephone.is_over, "the end at the customer's")
    assert telephone.went_well


def test_who_answers_while_rtpengine_is_away_is_led_to_the_agent_when_it_is_back(out, running_telephony):
    out.is_there(f'{says(180)}<pause milliseconds="4000"/>')
    call = out.dials()
    out.rings(call)
    out.ends.until(lambda: out.ends.headset.hears, "the agent to hear that it rings")
    running_telephony.rtpengine.kill()
    out.until("connecting", call)
    running_telephony.start_media()
    out.ends.headset.hang_up()
    out.ends.until(lambda: Call.objects.get(pk=call.pk).round > 1, "a new round")
    out.headset_answers(call)
    out.talk(call)
    assert out.both_hear_each_other()


def test_an_answer_that_could_not_be_written_down_leaves_nothing_half_done_and_the_telephone_hangs_up(
    out, monkeypatch, caplog
):
    telephone = out.is_there()
    call = out.dials()

    def fails(**_asked):
        raise OperationalError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(services, "customer_reached", fails)
        out.rings(call)
        out.ends.until(lambda: "the disk is full" in caplog.text, "the answer")
    kept = Caller.objects.get()
    assert (kept.stage, "invite" in kept.dialog, Call.objects.get(pk=call.pk).state) == ("dialled", True, "dialling")
    out.ends.pass_time(46)
    assert out.ended(call)[:2] == ("house", "no_answer")
    out.ends.until(lambda: telephone.is_over, "the end at the customer's")


def test_nobody_is_rung_for_an_agent_whose_browser_does_not_get_ready(out):
    telephone = out.is_there()
    call = out.dials()
    out.ends.turn_for(0.2)
    out.ends.pass_time(31)
    assert out.ended(call) == ("house", "never_connected", "nobody")
    assert not telephone.rang


def test_a_trunk_that_is_not_there_is_said_to_be(out):
    call = out.dials()
    out.headset_answers(call)
    assert out.ended(call) == ("network", "not_connected", "nobody")


def test_a_telephone_that_starts_anew_while_it_rings_hears_the_answer_and_brings_the_two_together(out):
    telephone = out.is_there()
    call = out.dials()
    out.rings(call)
    out.ends.turn_for(0.2)
    out.ends.house.close()
    out.ends.start_house()
    out.until("connecting", call)
    out.headset_answers(call)
    out.talk(call)
    assert out.both_hear_each_other()
    out.ends.house.close()
    out.ends.start_house()
    assert out.both_hear_each_other()
    telephone.hang_up()
    assert out.ended(call)[:2] == ("customer", "customer")


def load_page_again(out, call):
    """The agent's page is loaded again: it begins another round."""
    out.ends.headset.hang_up()
    round = Call.objects.get(pk=call.pk).round
    browsers.renew(out.ends.agent(out.leg(call)), round=round, now=out.floor.now)
    out.ends.turn_for(0.1)


def test_a_page_that_is_loaded_again_while_it_rings_and_while_they_talk_keeps_the_call(out):
    out.is_there()
    call = out.dials()
    out.rings(call)
    load_page_again(out, call)
    out.headset_answers(call)
    out.until("connecting", call)
    out.headset_answers(call)
    out.talk(call)
    assert out.both_hear_each_other()
    services.end_call(call_id=call.pk, by=Call.EndedBy.AGENT, now=out.floor.now)
    assert out.ended(call)[:2] == ("agent", "agent")
    out.ends.until(lambda: out.telephone.is_over, "the end at the customer's")


def test_an_agent_whose_page_is_gone_while_it_rings_leaves_nobody_ringing(out):
    telephone = out.is_there(rings_in_vain(), answers=False)
    call = out.dials()
    out.rings(call)
    out.ends.headset.hang_up()
    for _ in range(5):
        out.ends.pass_time(5)
        life.end_what_is_dead(now=out.floor.now)
    assert out.ended(call) == ("network", "agent_lost", "nobody")
    out.ends.until(lambda: telephone.is_over, "the end at the customer's")
    assert telephone.went_well


def test_what_a_rule_stops_is_not_dialled_and_opens_no_contact(out):
    outbound.record_opposition(
        operator_id=out.queue.operator_id,
        party_id=outbound.open_party(operator_id=out.queue.operator_id, brand_id=out.queue.brand_id, number=CLAIRE).pk,
        how="by telephone",
        by=out.agent.user,
        now=out.floor.now,
    )
    with pytest.raises(MayNotCall, match="do not want to be called"):
        out.dials()
    assert list(Entry.objects.order_by("position").values_list("kind", flat=True)) == ["opposition", "stopped"]
    assert (Contact.objects.count(), Call.objects.count()) == (0, 0)


def test_an_agent_with_a_call_or_away_and_a_customer_in_touch_are_not_called_and_no_attempt_is_counted(out):
    with pytest.raises(Invalid):
        out.dials("12")
    out.dials()
    with pytest.raises(NotFreeToCall, match="finish your call"):
        out.dials("+33145060709")
    with pytest.raises(AlreadyCalling):
        services.call_in_contact(
            agent_id=out.agent.pk,
            by=out.agent.user,
            contact_id=Contact.objects.get().pk,
            errand=Errand(CLAIRE, Purpose.SERVICE),
            now=out.floor.now,
        )
    assert Entry.objects.filter(kind="attempt").count() == 1


def test_nothing_is_called_where_there_is_no_telephone_no_number_or_no_queue_of_the_agent(out, settings):
    Number.objects.update(active=False)
    with pytest.raises(NoNumberToShow):
        out.dials()
    settings.SIP_EDGE = None
    with pytest.raises(NoTelephone):
        out.dials()
    assert not Entry.objects.exists()


def test_a_customer_who_is_waiting_already_is_not_called_nor_for_a_queue_that_is_not_the_agents(out):
    claire = CustomerFacts(name="Claire Vasseur", phone=CLAIRE)
    contacts.arrive_contact(queue_id=out.queue.pk, thread_key=CLAIRE, customer=claire, now=out.floor.now)
    with pytest.raises(AlreadyInTouch):
        out.dials()
    other = QueueFactory.create(brand=out.queue.brand, floor=out.floor.floor, channel="voice")
    with pytest.raises(NotFound):
        services.call_customer(
            agent_id=out.agent.pk,
            by=out.agent.user,
            queue_id=other.pk,
            errand=Errand("+33145060709", Purpose.SERVICE),
            customer=claire,
            now=out.floor.now,
        )
    assert not Entry.objects.exists()


def test_who_asked_to_be_called_back_is_called_in_the_same_contact_and_the_register_says_that_they_asked(out):
    claire = CustomerFacts(name="Claire Vasseur")
    contact = contacts.arrive_contact(queue_id=out.queue.pk, thread_key="visitor", customer=claire, now=out.floor.now)
    contacts.ask_callback(contact_id=contact.pk, number=CLAIRE, wording="Rappelez-moi.", now=out.floor.now)
    out.settle()
    out.floor.accept(contact)
    out.is_there(refuses(486), answers=False)
    call = services.call_in_contact(agent_id=out.agent.pk, by=out.agent.user, contact_id=contact.pk, now=out.floor.now)
    out.rings(call)
    assert out.ended(call) == ("customer", "busy", "nobody")
    assert call.contact_id == contact.pk
    said = [(entry.kind, entry.data.get("note")) for entry in Entry.objects.order_by("position")]
    assert said == [("callback", "Rappelez-moi."), ("attempt", None), ("result", None)]
    contacts.customer_not_reached(agent_id=out.agent.pk, contact_id=contact.pk, now=out.floor.now)
    out.settle()
    contact.refresh_from_db()
    assert contact.state == "scheduled"
