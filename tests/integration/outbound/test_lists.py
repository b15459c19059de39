"""Lists of people: filled from files, given to agents one by one, put off by the gate's rules, forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from homeshore.contacts import services as contacts
from homeshore.contacts.models import Contact
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation import retention
from homeshore.foundation.errors import Invalid
from homeshore.foundation.models import AuditEntry, Role
from homeshore.outbound import queries as register
from homeshore.outbound import services as outbound
from homeshore.outbound.gate.register import Result
from homeshore.outbound.gate.rules import Purpose
from homeshore.outbound.lists import calling, forgetting, making, queries
from homeshore.outbound.lists.course import Skip, State
from homeshore.outbound.lists.making import DOUBLE, Plan
from homeshore.outbound.models import CallList, ListEntry, Party
from homeshore.outbound.refusals import ListIsOver, MomentCannotBeKept, NoSuchList, NothingToCall, NotInYourHands
from tests.factories import AgentFactory, DispositionFactory, OperatorFactory, QueueFactory, SkillFactory, user_as

pytestmark = pytest.mark.django_db

CLAIRE, PAUL, ZOE = "+33145060708", "+33145060709", "+33145060710"
FILE = "numero;nom;facture\n01 45 06 07 08;Claire Vasseur;F-204\n01 45 06 07 09;Paul Ames;F-205\n"


@pytest.fixture
def queue(floor):
    return QueueFactory.create(
        floor=floor, brand__operator=floor.operator, channel="voice", target_seconds=20, disposition_required=False
    )


@pytest.fixture
def chief(queue):
    return user_as(Role.SUPERVISOR, queue.operator)


@pytest.fixture
def who(queue, chief, routed):
    return {"operator_id": queue.operator_id, "by": chief, "now": routed.now}


@pytest.fixture
def ready(routed, agent):
    routed.ready(agent)
    return agent


def make(who, queue, text: str | None = FILE, *, start: bool = True, **plan) -> CallList:
    """A list, filled and started."""
    made = making.make_list(
        operator_id=who["operator_id"],
        plan=Plan(**({"name": "Satisfaction", "queue_id": queue.pk, "purpose": Purpose.SERVICE} | plan)),
        by=who["by"],
        now=who["now"],
    )
    if text is not None:
        assert making.import_people(**who, list_id=made.pk, content=text.encode()).done
    if text is not None and start:
        making.start_list(**who, list_id=made.pk)
    return made


def names(made: CallList, *states: State) -> list[str]:
    return list(made.entries.filter(state__in=states).order_by("line").values_list("name", flat=True))


def take(agent, routed) -> str | None:
    found = calling.take_next(agent_id=agent.pk, now=routed.now)
    return found.name if found else None


def held(agent) -> int:
    return ListEntry.objects.get(agent=agent, state=State.PREVIEWED).pk


def call(agent, queue, routed, number: str = CLAIRE) -> Contact:
    """The agent calls whom they read about, as far as contacts know."""
    contact = contacts.open_outgoing(
        agent_id=agent.pk, queue_id=queue.pk, thread_key=number, customer=CustomerFacts(phone=number), now=routed.now
    )
    calling.note_called(agent_id=agent.pk, entry_id=held(agent), contact_id=contact.pk, now=routed.now)
    routed.router.turn()
    return contact


def close(agent, contact, routed, *results: Result) -> None:
    contacts.close_contact(agent_id=agent.pk, contact_id=contact.pk, disposition_id=None, wrap_up=False, now=routed.now)
    calling.note_closed(contact_id=contact.pk, results=results, by=agent.user, now=routed.now)
    routed.router.turn()


# Filling


def test_a_file_with_wrong_lines_takes_nobody_until_they_are_to_be_left_out(who, queue):
    made = make(who, queue, None)
    content = (FILE + "12;Ida;F-206\n01 45 06 07 10;Zoé;F-207\n;Max;F-208\n").encode()
    told = making.import_people(**who, list_id=made.pk, content=content)
    assert (told.done, told.taken, [each.line for each in told.wrong]) == (False, 3, [4, 6])
    assert not made.entries.exists()
    told = making.import_people(**who, list_id=made.pk, content=content, leave_out_wrong=True)
    assert (told.done, told.taken) == (True, 3)
    assert names(made, State.TO_CALL) == ["Claire Vasseur", "Paul Ames", "Zoé"]
    made.refresh_from_db()
    assert made.columns == ["facture"]
    assert AuditEntry.objects.get(verb="list.imported").data == {"taken": 3, "apart": 0, "left_out": 2, "consents": 0}


def test_ten_thousand_lines_with_three_wrong_ones_are_told_by_line(who, queue):
    made = make(who, queue, None)
    lines = [f"+331450{n:05};Person {n}" for n in range(10_000)]
    for wrong in (17, 5_000, 9_999):
        lines[wrong] = "nobody;Person"
    told = making.import_people(
        **who, list_id=made.pk, content="\n".join(["number;name", *lines]).encode(), leave_out_wrong=True
    )
    assert ([each.line for each in told.wrong], told.taken, told.apart) == ([19, 5_002, 10_001], 9_997, [])
    assert made.entries.count() == 9_997
    assert queries.progress([made.pk], now=who["now"])[made.pk].now == 9_997


def test_doubles_and_those_whom_a_rule_never_lets_be_called_are_kept_apart_and_not_called(who, queue, ready, routed):
    party = outbound.open_party(operator_id=queue.operator_id, brand_id=queue.brand_id, number=PAUL)
    outbound.record_opposition(**who, party_id=party.pk, how="by letter")
    content = FILE + "01 45 06 07 08;Claire encore;F-209\n+800 1234 5678;Partout;F-210\n"
    made = make(who, queue, None, purpose=Purpose.SURVEY)
    told = making.import_people(**who, list_id=made.pk, content=content.encode())
    assert told.apart == [(3, ["opposed"]), (4, [DOUBLE]), (5, ["no_zone"])]
    assert names(made, State.TO_CALL) == ["Claire Vasseur"]
    again = making.import_people(**who, list_id=made.pk, content=FILE.encode())
    assert (again.taken, again.apart[0]) == (0, (2, [DOUBLE]))
    progress = queries.progress([made.pk], now=routed.now)[made.pk]
    assert (progress.total, dict(progress.apart)) == (1, {"opposed": 2, DOUBLE: 2, "no_zone": 1})


def test_who_is_canvassed_without_a_consent_is_kept_apart_at_once(who, queue):
    made = make(who, queue, None, purpose=Purpose.CANVASSING, caller_number="01 62 34 56 78")
    told = making.import_people(**who, list_id=made.pk, content=FILE.encode())
    assert (told.taken, told.apart) == (0, [(2, ["no_consent"]), (3, ["no_consent"])])
    with pytest.raises(NothingToCall):
        making.start_list(**who, list_id=made.pk)


CONSENTED = """number;name;consent date;consent source;consent wording
01 45 06 07 08;Claire Vasseur;2026-03-01;Formulaire du site;J’accepte d’être appelée.
01 45 06 07 09;Paul Ames;;;
01 45 06 07 10;Zoé Roux;01/03/2026;Salon de Lyon;J’accepte d’être appelée.
"""


def test_consents_of_a_file_are_in_the_register_before_the_gate_looks_and_once_however_often_it_is_imported(who, queue):
    for number, how in ((ZOE, outbound.record_opposition), (CLAIRE, outbound.withdraw_consent)):
        party = outbound.open_party(operator_id=queue.operator_id, brand_id=queue.brand_id, number=number)
        at = who["now"] if number == ZOE else datetime(2020, 1, 1, tzinfo=UTC)
        how(**who | {"now": at}, party_id=party.pk, how="by letter")
    made = make(who, queue, None, purpose=Purpose.CANVASSING, caller_number="01 62 34 56 78")
    told = making.import_people(**who, list_id=made.pk, content=CONSENTED.encode())
    assert (told.taken, told.apart, told.consents) == (1, [(3, ["no_consent"]), (4, ["opposed", "no_consent"])], 2)
    assert names(made, State.TO_CALL) == ["Claire Vasseur"]
    assert made.entries.get(line=2).told == {}
    again = making.import_people(**who, list_id=made.pk, content=CONSENTED.encode())
    assert (again.taken, again.consents) == (0, 0)
    party = Party.objects.get(number=CLAIRE)
    shown = register.party(operator_id=queue.operator_id, party_id=party.pk, brand_ids=[queue.brand_id], now=who["now"])
    entries = [(each.position, each.kind, each.data) for each in reversed(shown.entries)]
    given = {"source": "Formulaire du site", "wording": "J’accepte d’être appelée.", "any_hour": False}
    assert entries == [(1, "withdrawal", {"how": "by letter"}), (2, "consent", given)]
    assert (shown.broken_at, shown.known.consent_since) == (None, datetime(2026, 2, 28, 23, tzinfo=UTC))
    assert [each.data["consents"] for each in AuditEntry.objects.filter(verb="list.imported").order_by("id")] == [2, 0]


def test_nothing_of_a_file_with_a_wrong_consent_is_kept_until_wrong_lines_are_left_out(who, queue):
    made = make(who, queue, None, purpose=Purpose.CANVASSING, caller_number="01 62 34 56 78")
    content = CONSENTED.replace("Salon de Lyon", "").encode()
    told = making.import_people(**who, list_id=made.pk, content=content)
    assert (told.done, [each.line for each in told.wrong], Party.objects.count()) == (False, [4], 0)
    told = making.import_people(**who, list_id=made.pk, content=content, leave_out_wrong=True)
    assert (told.done, told.taken, told.consents) == (True, 1, 1)


@pytest.mark.parametrize(
    ("plan", "fields"),
    [
        ({"name": " "}, {"name"}),
        ({"queue_id": 10**9}, {"queue"}),
        ({"purpose": Purpose.CALLBACK}, {"purpose"}),
        ({"purpose": Purpose.CANVASSING}, {"caller_number"}),
        ({"purpose": Purpose.CANVASSING, "caller_number": "06 12 34 56 78"}, {"caller_number"}),
        ({"caller_number": "12"}, {"caller_number"}),
        ({"opens": time(12), "closes": time(9)}, {"closes"}),
    ],
)
def test_a_list_that_cannot_be_called_is_not_made(who, queue, plan, fields):
    with pytest.raises(Invalid) as refused:
        make(who, queue, None, **plan)
    assert set(refused.value.fields) == fields


def test_a_list_stays_with_its_brand_and_purpose_once_somebody_is_on_it(who, queue, floor):
    made = make(who, queue)
    other = QueueFactory.create(floor=floor, brand__operator=floor.operator, channel="voice")
    plan = Plan(name="Autre", queue_id=other.pk, purpose=Purpose.SURVEY)
    with pytest.raises(Invalid) as refused:
        making.change_list(**who, list_id=made.pk, plan=plan)
    assert set(refused.value.fields) == {"queue", "purpose"}
    making.change_list(
        **who, list_id=made.pk, plan=Plan(name="Autre", queue_id=queue.pk, purpose=Purpose.SERVICE, script="Bonjour")
    )
    made.refresh_from_db()
    assert (made.name, made.script) == ("Autre", "Bonjour")


def test_nobody_touches_the_list_of_another_operator(who, queue):
    made = make(who, queue)
    stranger = {**who, "operator_id": OperatorFactory.create().pk}
    for verb in (making.start_list, making.pause_list, making.end_list, making.note_export):
        with pytest.raises(NoSuchList):
            verb(**stranger, list_id=made.pk)
    with pytest.raises(NoSuchList):
        making.import_people(**stranger, list_id=made.pk, content=FILE.encode())


# Giving out


def test_agents_are_given_one_person_each_in_the_order_of_the_file(who, queue, ready, routed):
    other = AgentFactory.create(operator=queue.operator, queues=[queue])
    routed.ready(other)
    make(who, queue)
    assert (take(ready, routed), take(other, routed)) == ("Claire Vasseur", "Paul Ames")
    assert (take(ready, routed), take(other, routed)) == ("Claire Vasseur", "Paul Ames")


def test_nobody_is_given_to_who_is_away_busy_not_engaged_or_without_the_skill(who, queue, agent, routed, floor):
    stranger = AgentFactory.create(operator=queue.operator)
    make(who, queue)
    assert take(agent, routed) is None
    routed.ready(agent, stranger)
    assert take(stranger, routed) is None
    contacts.arrive_contact(
        queue_id=queue.pk, thread_key=ZOE, customer=CustomerFacts(name="Zoé", phone=ZOE), now=routed.now
    )
    routed.router.turn()
    assert take(agent, routed) is None  # a customer is offered to them, and comes first
    skilled = QueueFactory.create(
        floor=floor, brand=queue.brand, channel="voice", needs={SkillFactory.create(operator=queue.operator): 2}
    )
    engaged = AgentFactory.create(operator=queue.operator, queues=[skilled])
    routed.ready(engaged)
    make(who, skilled)
    assert take(engaged, routed) is None


def test_a_person_read_about_goes_back_when_the_page_goes_away_or_a_contact_comes_first(who, queue, ready, routed):
    other = AgentFactory.create(operator=queue.operator, queues=[queue])
    make(who, queue, FILE.rsplit("01 45 06 07 09", 1)[0])
    assert take(ready, routed) == "Claire Vasseur"
    routed.ready(other)
    routed.after(50)
    calling.keep(agent_id=ready.pk, entry_id=held(ready), now=routed.now)
    routed.after(50)
    assert take(other, routed) is None
    routed.after(61)
    lapsed = held(ready)
    assert take(other, routed) == "Claire Vasseur"
    with pytest.raises(NotInYourHands):
        calling.keep(agent_id=ready.pk, entry_id=lapsed, now=routed.now)
    with pytest.raises(NotInYourHands):
        calling.skip(agent_id=ready.pk, entry_id=lapsed, why=Skip.LATER, now=routed.now)
    calling.put_back(agent_id=other.pk, entry_id=held(other))
    assert take(ready, routed) == "Claire Vasseur"


def test_a_list_gives_nobody_outside_its_days_and_hours_nor_while_it_is_paused_or_over(who, queue, ready, routed):
    made = make(who, queue, weekdays=(1,), opens=time(10, 30))
    assert take(ready, routed) is None
    routed.after(30 * 60)
    routed.ready(ready)
    assert take(ready, routed) == "Claire Vasseur"
    making.pause_list(**who, list_id=made.pk)
    assert (take(ready, routed), names(made, State.TO_CALL)) == (None, ["Claire Vasseur", "Paul Ames"])
    making.start_list(**who, list_id=made.pk)
    assert take(ready, routed) == "Claire Vasseur"
    making.end_list(**who, list_id=made.pk)
    assert take(ready, routed) is None
    with pytest.raises(ListIsOver):
        making.start_list(**who, list_id=made.pk)
    assert list(AuditEntry.objects.filter(verb__startswith="list.").order_by("id").values_list("verb", flat=True)) == [
        f"list.{verb}" for verb in ("made", "imported", "started", "paused", "started", "ended")
    ]


def test_whom_a_rule_keeps_from_being_called_now_is_put_off_until_it_lets_them(who, queue, ready, routed):
    made = make(who, queue, purpose=Purpose.SURVEY)
    routed.clock.set(routed.now.replace(hour=19, minute=30))  # half past eight in the evening
    routed.ready(ready)
    assert take(ready, routed) is None
    assert set(made.entries.values_list("due_at", flat=True)) == {
        routed.now.replace(hour=9, minute=0) + timedelta(days=1)
    }
    assert queries.progress([made.pk], now=routed.now)[made.pk].later == 2
    assert made.entries.first().why == ["wrong_hour"]


def test_who_objected_meanwhile_is_stopped_by_name_of_the_rule(who, queue, ready, routed):
    made = make(who, queue)
    party = outbound.open_party(operator_id=queue.operator_id, brand_id=queue.brand_id, number=CLAIRE)
    outbound.record_opposition(**who, party_id=party.pk, how="by letter")
    assert take(ready, routed) == "Paul Ames"
    stopped = made.entries.get(state=State.STOPPED)
    assert (stopped.name, stopped.why, stopped.ended_at) == ("Claire Vasseur", ["opposed"], routed.now)


def test_a_skip_puts_off_gives_to_somebody_else_or_ends_and_is_remembered(who, queue, ready, routed):
    other = AgentFactory.create(operator=queue.operator, queues=[queue])
    routed.ready(other)
    made = make(who, queue)
    take(ready, routed)
    calling.skip(agent_id=ready.pk, entry_id=held(ready), why=Skip.KNOWN, note="my aunt", now=routed.now)
    assert take(ready, routed) == "Paul Ames"
    assert take(other, routed) == "Claire Vasseur"
    calling.skip(agent_id=other.pk, entry_id=held(other), why=Skip.LATER, now=routed.now)
    assert made.entries.get(number=CLAIRE).due_at == routed.now + timedelta(hours=24)
    calling.skip(agent_id=ready.pk, entry_id=held(ready), why=Skip.USELESS, now=routed.now)
    assert names(made, State.SKIPPED) == ["Paul Ames"]
    told = [(each.why, each.note) for each in queries.history(made.entries.get(number=CLAIRE))]
    assert sorted(told) == [(["known"], "my aunt"), (["later"], "")]
    assert queries.progress([made.pk], now=routed.now)[made.pk].skips == 3


# Calling


def test_who_does_not_answer_is_tried_again_after_the_pause_then_given_up(who, queue, ready, routed):
    made = make(who, queue, FILE.rsplit("01 45 06 07 09", 1)[0], most_attempts=2, pause_hours=2)
    take(ready, routed)
    close(ready, call(ready, queue, routed), routed, Result.NOBODY)
    entry = made.entries.get()
    assert (entry.state, entry.due_at, entry.tried) == (State.TO_CALL, routed.now + timedelta(hours=2), 1)
    assert take(ready, routed) is None
    routed.after(7200)
    routed.ready(ready)
    take(ready, routed)
    close(ready, call(ready, queue, routed), routed, Result.NOBODY)
    assert made.entries.get().state == State.UNREACHED
    progress = queries.progress([made.pk], now=routed.now)[made.pk]
    assert (progress.calls, progress.done, progress.total) == (2, 1, 1)


def test_who_names_a_moment_is_called_then_by_who_they_want_also_from_a_list_that_is_over(who, queue, ready, routed):
    other = AgentFactory.create(operator=queue.operator, queues=[queue])
    made = make(who, queue)
    take(ready, routed)
    contact = call(ready, queue, routed)
    thursday = routed.now + timedelta(days=2)
    with pytest.raises(MomentCannotBeKept):
        calling.promise(contact_id=contact.pk, at=routed.now, number=CLAIRE, with_agent=None, now=routed.now)
    assert calling.promise(contact_id=contact.pk, at=thursday, number=ZOE, with_agent=ready.pk, now=routed.now)
    close(ready, contact, routed, Result.REACHED)
    making.end_list(**who, list_id=made.pk)
    routed.clock.set(thursday)
    routed.ready(ready, other)
    assert take(other, routed) is None
    assert take(ready, routed) == "Claire Vasseur"
    person = calling.in_hand(agent_id=ready.pk, entry_id=held(ready))
    assert (person.number, person.purpose) == (ZOE, Purpose.CALLBACK)
    calling.put_back(agent_id=ready.pk, entry_id=held(ready))
    routed.after(15 * 60 + 1)
    routed.ready(other)
    assert take(other, routed) == "Claire Vasseur"


def test_a_contact_of_no_list_is_none_of_its_business(who, queue, ready, routed):
    contact = contacts.open_outgoing(
        agent_id=ready.pk, queue_id=queue.pk, thread_key=ZOE, customer=CustomerFacts(phone=ZOE), now=routed.now
    )
    tomorrow = routed.now + timedelta(days=1)
    assert not calling.promise(contact_id=contact.pk, at=tomorrow, number=ZOE, with_agent=None, now=routed.now)
    calling.note_closed(contact_id=contact.pk, results=[Result.REACHED], now=routed.now)
    assert queries.entry_of_contact(contact_id=contact.pk, agent_id=ready.pk) is None


def test_the_days_and_outcomes_of_a_list_are_counted(who, queue, ready, routed):
    made = make(who, queue)
    take(ready, routed)
    contact = call(ready, queue, routed)
    reason = DispositionFactory.create(brand=queue.brand, name="Content")
    contacts.close_contact(
        agent_id=ready.pk, contact_id=contact.pk, disposition_id=reason.pk, wrap_up=False, now=routed.now
    )
    calling.note_closed(
        contact_id=contact.pk, results=[Result.REACHED], disposition_id=reason.pk, by=ready.user, now=routed.now
    )
    days = queries.days(made.pk, zone=ZoneInfo("Europe/Paris"), now=routed.now)
    assert (len(days), days[-1].reached, sum(each.calls for each in days)) == (14, 1, 1)
    assert queries.outcomes(made.pk) == [("Content", 1)]
    assert names(made, State.REACHED) == ["Claire Vasseur"]


# Forgetting


def test_a_person_is_forgotten_with_their_customer_and_what_came_of_the_call_stays(who, queue, ready, routed):
    made = make(who, queue)
    take(ready, routed)
    contact = call(ready, queue, routed)
    close(ready, contact, routed, Result.REACHED)
    contacts.erase_customer(
        operator_id=queue.operator_id,
        customer_id=contact.conversation.customer_id,
        by=who["by"],
        reason="asked by letter",
        now=routed.now,
    )
    claire, paul = made.entries.order_by("line")
    assert (claire.number, claire.name, claire.told, claire.state) == ("", "", {}, State.REACHED)
    assert (paul.number, paul.told) == (PAUL, {"facture": "F-205"})


def test_who_was_not_called_yet_is_forgotten_with_a_customer_of_their_number(who, queue, routed):
    made = make(who, queue)
    contact = contacts.arrive_contact(
        queue_id=queue.pk, thread_key=PAUL, customer=CustomerFacts(name="Paul", phone="01 45 06 07 09"), now=routed.now
    )
    contacts.abandon_contact(contact_id=contact.pk, now=routed.now)
    contacts.erase_customer(
        operator_id=queue.operator_id,
        customer_id=contact.conversation.customer_id,
        by=who["by"],
        reason="asked",
        now=routed.now,
    )
    assert names(made, State.TO_CALL) == ["Claire Vasseur"]
    assert made.entries.get(line=3).state == State.ERASED


def test_a_number_is_forgotten_when_its_person_asks_on_the_lists_of_this_operator_alone(who, queue):
    made = make(who, queue)
    stranger = {**who, "operator_id": OperatorFactory.create().pk}
    assert forgetting.forget_number(**stranger, number="0145060708") == 0
    assert forgetting.forget_number(**who, number="01 45 06 07 08") == 1
    assert names(made, State.TO_CALL) == ["Paul Ames"]
    assert AuditEntry.objects.filter(verb="list.person_erased", operator=queue.operator_id).get().data == {"entries": 1}


def test_people_of_a_list_that_ended_long_ago_are_forgotten(who, queue, routed):
    over, running = make(who, queue), make(who, queue, name="Autre")
    making.end_list(**who, list_id=over.pk)
    days = retention.Periods().conversation_days
    assert forgetting.forget_old_entries(now=routed.now + timedelta(days=days)) == 0
    assert forgetting.forget_old_entries(now=routed.now + timedelta(days=days, seconds=1)) == 2
    assert set(over.entries.values_list("number", "state")) == {("", State.ERASED)}
    assert names(running, State.TO_CALL) == ["Claire Vasseur", "Paul Ames"]
