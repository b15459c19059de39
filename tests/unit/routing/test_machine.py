"""The core against a database that is always right, with everything that can come between the two.

The database below commits facts at any moment and decisions later, one by one, if they still fit; the core hears of
facts and refusals later still, sometimes twice, across crashes and clock jumps. Whatever happens, the invariants
hold after every step, and when things calm down both tell the same story.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from homeshore.routing import State, step
from homeshore.routing.decisions import (
    AgentRested,
    CameDue,
    Decision,
    Offered,
    OfferTimedOut,
    OfferWithdrawn,
    Requeued,
    WrapUpTimedOut,
)
from homeshore.routing.inputs import (
    AgentRemoved,
    AgentSet,
    AssignmentClosed,
    AssignmentOpened,
    AssignmentRequeued,
    ContactArrived,
    ContactCancelled,
    ContactScheduled,
    DayCounted,
    DecisionRefused,
    Input,
    OfferAccepted,
    OfferDeclined,
    PolicySet,
    PresenceLapsed,
    PresenceRenewed,
    PresenceSet,
    QueueRemoved,
    QueueSet,
    Tick,
    WrapUpEnded,
)
from homeshore.routing.invariants import check_invariants, check_offer
from homeshore.routing.past import REMEMBER_MS
from homeshore.routing.policy import AgentRule, Overflow, Policy, QueueRule, Ring
from homeshore.routing.vocabulary import read
from homeshore.routing.why_another import why_another
from homeshore.routing.why_idle import why_idle
from homeshore.routing.why_not import why_not, why_waiting
from tests.unit.routing.floors import CALLS, CHATS, FRENCH, MAILS, SECOND, START

BACK_OFFICE = 4
BEFORE_ANYBODY = ("scheduled", "waiting", "offered")
PLACES = {"voice": 1, "chat": 3, "email": 2}
QUEUES = {
    CALLS: QueueRule(CALLS, "voice", needs=((FRENCH, 3),), rings=(Ring(30, ((FRENCH, 1),)),), sticky_seconds=15),
    CHATS: QueueRule(CHATS, "chat", target_seconds=60, reserve=1, overflow=(Overflow(20, BACK_OFFICE),)),
    MAILS: QueueRule(MAILS, "email", target_seconds=3600, wrap_up_seconds=0, interruptible=False),
    BACK_OFFICE: QueueRule(BACK_OFFICE, "chat", cost=2.0),
}
AGENTS = {
    1: AgentRule(1, ((FRENCH, 5),), (CALLS, CHATS), PLACES),
    2: AgentRule(2, ((FRENCH, 1),), (CALLS, MAILS), PLACES),
    3: AgentRule(3, (), (CHATS, MAILS, BACK_OFFICE), PLACES),
    4: AgentRule(4, ((FRENCH, 3),), (CALLS, CHATS, MAILS, BACK_OFFICE), PLACES),
}


def canonical(values: Any) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


@dataclass
class Row:
    """A contact in the database."""

    queue: int
    arrived_at: int
    status: str = "waiting"
    offer: str | None = None
    assignment: int | None = None


@dataclass
class Database:
    """The truth: conditional updates, and nothing else."""

    contacts: dict[int, Row] = field(default_factory=dict)
    offers: dict[str, tuple[int, int]] = field(default_factory=dict)
    active: dict[int, tuple[int, int]] = field(default_factory=dict)
    wrapping: dict[int, int] = field(default_factory=dict)
    ready: set[int] = field(default_factory=set)

    def commit(self, decision: Decision, now: int, told: Collection[Input]) -> str | None:
        """Applies a decision if it still fits; else why it was refused. `told` are the facts that the core had not heard then."""
        if isinstance(decision, Offered):
            row = self.contacts[decision.contact]
            if row.status != "waiting" or row.queue != decision.queue:
                return "contact_not_waiting"
            if decision.agent not in self.ready:
                return "agent_away"
            row.status, row.offer = "offered", decision.id
            self.offers[decision.id] = (decision.contact, decision.agent)
        elif isinstance(decision, CameDue):
            row = self.contacts[decision.contact]
            if row.status != "scheduled" or row.queue != decision.queue or row.arrived_at > now:
                return "contact_not_scheduled"
            row.status = "waiting"
        elif isinstance(decision, (OfferTimedOut, OfferWithdrawn)):
            if decision.offer not in self.offers:
                return "offer_closed"
            self.close_offer(decision.offer)
        elif isinstance(decision, Requeued):
            if decision.assignment not in self.active:
                return "assignment_closed"
            self.release(decision.assignment)
        elif isinstance(decision, WrapUpTimedOut):
            if self.wrapping.pop(decision.assignment, None) is None:
                return "wrap_up_over"
        elif isinstance(decision, AgentRested):
            spoke = any(isinstance(fact, PresenceSet) and fact.agent == decision.agent for fact in told)
            if spoke or decision.agent not in self.ready:
                return "agent_not_ready"
            self.ready.discard(decision.agent)
        return None

    def close_offer(self, offer: str) -> None:
        contact, _ = self.offers.pop(offer)
        row = self.contacts[contact]
        if row.status == "offered" and row.offer == offer:
            row.status, row.offer = "waiting", None

    def take(self, assignment: int, contact: int, agent: int) -> None:
        row = self.contacts[contact]
        row.status, row.offer, row.assignment = "active", None, assignment
        self.active[assignment] = (contact, agent)

    def release(self, assignment: int) -> Row:
        contact, _ = self.active.pop(assignment)
        row = self.contacts[contact]
        row.status, row.assignment = "waiting", None
        return row


class CoreBesideDatabase(RuleBasedStateMachine):
    """Facts, decisions, refusals, duplicates, crashes and clocks in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State("m")
        self.now = START
        self.database = Database()
        self.inbox: deque[Input] = deque()
        self.pending: deque[Decision] = deque()
        self.journal: list[tuple[int, dict[str, Any]]] = []
        self.decided: list[str] = []
        self.checkpoint: tuple[str, int] = (canonical(self.state.dump()), 0)
        self.last_id = 0
        self.calm = True

    # -- the core

    def consume(self, input: Input) -> None:
        taken = step(self.state, input, self.now)
        self.journal.append((self.now, json.loads(canonical(input.to_dict()))))
        assert taken.seq == len(self.journal)
        for decision in taken.decisions:
            self.decided.append(canonical(decision.to_dict()))
            if isinstance(decision, Offered) and decision.id in self.state.offers:
                check_offer(self.state, self.state.offers[decision.id])
                for agent in set(AGENTS) - {decision.agent}:
                    why_another(self.state, decision, agent)
        self.pending.extend(taken.decisions)
        check_invariants(self.state)

    @initialize(
        rules=st.permutations([*QUEUES.values(), *AGENTS.values()]),
        policy=st.sampled_from(["least_cost", "longest_idle"]),
        fairness=st.sampled_from([0, 60]),
    )
    def open(self, rules: list[QueueRule | AgentRule], policy: str, fairness: int) -> None:
        self.consume(PolicySet(Policy(rule=policy, fairness_seconds=fairness)))
        for item in rules:
            self.consume(QueueSet(item) if isinstance(item, QueueRule) else AgentSet(item))
        for agent in AGENTS:
            self.say_ready(agent, True)
        self.hear(len(self.inbox))

    @rule(calm=st.sampled_from([True, False]))
    def change_pace(self, calm: bool) -> None:
        """On a calm floor what is told is heard, and what is decided is committed, before the next thing happens."""
        self.calm = calm

    @invariant()
    def keep_pace(self) -> None:
        while self.calm and (self.inbox or self.pending):
            self.hear(len(self.inbox))
            self.commit(len(self.pending))

    @rule(few=st.integers(1, 4))
    def hear(self, few: int) -> None:
        for _ in range(min(few, len(self.inbox))):
            self.take_in(self.inbox.popleft())

    def take_in(self, fact: Input) -> None:
        """As the router does it: where somebody stands who has just come it reads in the database."""
        self.consume(fact)
        if isinstance(fact, AgentSet) and not self.state.agents[fact.agent.id].ready:
            self.consume(PresenceSet(fact.agent.id, fact.agent.id in self.database.ready))

    @precondition(lambda self: self.inbox)
    @rule()
    def hear_twice(self) -> None:
        fact = self.inbox.popleft()
        self.take_in(fact)
        self.take_in(fact)

    @precondition(lambda self: self.journal)
    @rule(data=st.data())
    def hear_an_old_fact_again(self, data: st.DataObject) -> None:
        """Facts of contacts name what they are about by id, so that they may come again much later."""
        timeless = (OfferAccepted, OfferDeclined, AssignmentClosed, AssignmentRequeued, WrapUpEnded, DecisionRefused)
        kinds = {word.__name__ for word in timeless}
        late = self.state.now - REMEMBER_MS
        old = [record for now, record in self.journal[-30:] if now > late and record["kind"] in kinds]
        if old:
            self.consume(read(data.draw(st.sampled_from(old))))

    @rule(few=st.integers(1, 6))
    def commit(self, few: int) -> None:
        for _ in range(min(few, len(self.pending))):
            decision = self.pending.popleft()
            since = [read(record) for _, record in self.journal[int(decision.id.split("-")[1]) :]]
            why = self.database.commit(decision, self.state.now, [*since, *self.inbox])
            if why is not None:
                self.inbox.append(DecisionRefused(decision.id, why))

    @rule(seconds=st.sampled_from([0, 1, 5, 20, 21, 60, 600]))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds * SECOND
        self.consume(Tick())
        due = self.state.next_due()
        assert due is None or due > self.state.now

    @rule(seconds=st.integers(1, 90))
    def clock_falls_back(self, seconds: int) -> None:
        self.now -= seconds * SECOND

    @rule()
    def write_checkpoint(self) -> None:
        self.checkpoint = (canonical(self.state.dump()), len(self.journal))

    @rule()
    def crash(self) -> None:
        """The router comes back from its checkpoint and the journal since, and is the one it was."""
        before = canonical(self.state.dump())
        text, position = self.checkpoint
        state = State.load(json.loads(text))
        for now, record in self.journal[position:]:
            step(state, read(record), now)
        check_invariants(state)
        assert canonical(state.dump()) == before
        self.state = state

    # -- people

    def one(self, data: st.DataObject, among: Any) -> Any:
        return data.draw(st.sampled_from(sorted(among)))

    def new_id(self) -> int:
        self.last_id += 1
        return self.last_id

    @rule(
        queue=st.sampled_from(sorted(QUEUES)),
        priority=st.sampled_from([None, 0, 1, 2]),
        preferred=st.sampled_from([None, None, 1, 2, 9]),
        barred=st.sampled_from([(), (), (1,)]),
        place=st.sampled_from([1, 1, 1, 2]),
    )
    def arrive(
        self, queue: int, priority: int | None, preferred: int | None, barred: tuple[int, ...], place: int
    ) -> None:
        id = self.new_id()
        place = place if queue == CHATS else 1
        self.database.contacts[id] = Row(queue, self.now)
        self.inbox.append(ContactArrived(id, queue, self.now, priority, None, preferred, barred, place))

    @rule(queue=st.sampled_from(sorted(QUEUES)), seconds=st.sampled_from([0, 5, 60, 600]), front=st.booleans())
    def schedule(self, queue: int, seconds: int, front: bool) -> None:
        """A callback is promised for a moment, or one asked for in the line is tried again then."""
        id = self.new_id()
        at = self.now + seconds * SECOND
        self.database.contacts[id] = Row(queue, at, status="scheduled")
        self.inbox.append(ContactScheduled(id, queue, at, at, None if front else self.now - 60 * SECOND))

    @precondition(lambda self: self.database.active)
    @rule(data=st.data(), seconds=st.sampled_from([0, 5, 60, 600]))
    def put_off(self, data: st.DataObject, seconds: int) -> None:
        """The customer was not reached: the contact is tried again later, and its agent is free."""
        assignment = self.one(data, self.database.active)
        contact, _ = self.database.active[assignment]
        row = self.database.release(assignment)
        row.status, row.arrived_at = "scheduled", self.now + seconds * SECOND
        at = row.arrived_at
        self.inbox.append(ContactScheduled(contact, row.queue, at, at, assignment=assignment))

    @precondition(lambda self: any(row.status == "scheduled" for row in self.database.contacts.values()))
    @rule(data=st.data(), now=st.booleans())
    def cancel_or_bring_forward(self, data: st.DataObject, now: bool) -> None:
        rows = self.database.contacts
        id = self.one(data, (id for id, row in rows.items() if row.status == "scheduled"))
        rows[id].status = "waiting" if now else "closed"
        row = rows[id]
        self.inbox.append(ContactArrived(id, row.queue, row.arrived_at) if now else ContactCancelled(id, "cancelled"))

    @precondition(lambda self: any(row.status in ("waiting", "offered") for row in self.database.contacts.values()))
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        rows = self.database.contacts
        id = self.one(data, (id for id, row in rows.items() if row.status in ("waiting", "offered")))
        rows[id].status = "closed"
        self.inbox.append(ContactCancelled(id, "abandoned"))

    @precondition(lambda self: any(row.status in BEFORE_ANYBODY for row in self.database.contacts.values()))
    @rule(data=st.data(), queue=st.sampled_from(sorted(QUEUES)))
    def move(self, data: st.DataObject, queue: int) -> None:
        """A supervisor moves a contact, or its queue is closed in favour of another one."""
        rows = self.database.contacts
        id = self.one(data, (id for id, row in rows.items() if row.status in BEFORE_ANYBODY))
        row, at = rows[id], rows[id].arrived_at
        row.queue, row.offer = queue, None
        again: Input = ContactScheduled(id, queue, at, at)
        if row.status != "scheduled":
            row.status, again = "waiting", ContactArrived(id, queue, at)
        self.inbox += (ContactCancelled(id, "moved"), again)

    def open_offers(self) -> list[str]:
        rows = self.database.contacts
        return [id for id, (contact, _) in self.database.offers.items() if rows[contact].offer == id]

    @precondition(lambda self: self.open_offers())
    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        offer = self.one(data, self.open_offers())
        contact, agent = self.database.offers.pop(offer)
        assignment = self.new_id()
        self.database.take(assignment, contact, agent)
        self.inbox.append(OfferAccepted(offer, contact, agent, assignment))

    @precondition(lambda self: self.open_offers())
    @rule(data=st.data())
    def decline(self, data: st.DataObject) -> None:
        offer = self.one(data, self.open_offers())
        self.database.close_offer(offer)
        self.inbox.append(OfferDeclined(offer))

    @precondition(lambda self: self.database.contacts)
    @rule(data=st.data(), agent=st.sampled_from(sorted(AGENTS)), ended=st.booleans(), wrap_up=st.booleans())
    def give(self, data: st.DataObject, agent: int, ended: bool, wrap_up: bool) -> None:
        """A supervisor gives a contact to an agent, whoever has it; or who has it hands it over, and perhaps wraps up."""
        rows = self.database.contacts
        open_ids = [id for id, row in rows.items() if row.status != "closed"]
        if not open_ids:
            return
        id = self.one(data, open_ids)
        row = rows[id]
        if row.assignment is not None:
            before, holder = row.assignment, self.database.active[row.assignment][1]
            self.database.release(before)
            if ended:
                if wrap_up:
                    self.database.wrapping[before] = holder
                self.inbox.append(AssignmentClosed(before, wrap_up))
        assignment = self.new_id()
        self.database.take(assignment, id, agent)
        self.inbox.append(AssignmentOpened(assignment, id, agent, row.queue))

    @precondition(lambda self: self.database.active)
    @rule(agent_busy=st.data())
    def lose_the_line_of_someone_busy(self, agent_busy: st.DataObject) -> None:
        self.inbox.append(PresenceLapsed(self.one(agent_busy, {agent for _, agent in self.database.active.values()})))

    @precondition(lambda self: self.open_offers())
    @rule(data=st.data(), chosen=st.booleans())
    def lose_someone_with_an_offer(self, data: st.DataObject, chosen: bool) -> None:
        """Their line is lost, or they take a break, while something is offered to them."""
        agent = self.database.offers[self.one(data, self.open_offers())][1]
        if chosen:
            self.say_ready(agent, False)
        else:
            self.inbox.append(PresenceLapsed(agent))

    @precondition(lambda self: self.database.active)
    @rule(data=st.data(), wrap_up=st.booleans())
    def close(self, data: st.DataObject, wrap_up: bool) -> None:
        assignment = self.one(data, self.database.active)
        agent = self.database.active[assignment][1]
        self.database.release(assignment).status = "closed"
        if wrap_up:
            self.database.wrapping[assignment] = agent
        self.inbox.append(AssignmentClosed(assignment, wrap_up))

    @precondition(lambda self: self.database.wrapping)
    @rule(data=st.data())
    def end_wrap_up(self, data: st.DataObject) -> None:
        assignment = self.one(data, self.database.wrapping)
        del self.database.wrapping[assignment]
        self.inbox.append(WrapUpEnded(assignment))

    @precondition(lambda self: self.database.active)
    @rule(data=st.data(), queue=st.sampled_from(sorted(QUEUES)), preferred=st.sampled_from([None, 3]))
    def transfer(self, data: st.DataObject, queue: int, preferred: int | None) -> None:
        assignment = self.one(data, self.database.active)
        contact, agent = self.database.active[assignment]
        row = self.database.release(assignment)
        row.queue = queue
        self.inbox.append(
            AssignmentRequeued(assignment, contact, queue, row.arrived_at, None, None, preferred, (agent,))
        )

    @rule(agent=st.sampled_from(sorted(AGENTS)), ready=st.sampled_from([True, True, False]))
    def say_ready(self, agent: int, ready: bool) -> None:
        (self.database.ready.add if ready else self.database.ready.discard)(agent)
        self.inbox.append(PresenceSet(agent, ready, "" if ready else "break"))

    @rule(agent=st.sampled_from(sorted(AGENTS)), back=st.booleans())
    def lose_line(self, agent: int, back: bool) -> None:
        self.inbox.append(PresenceRenewed(agent) if back else PresenceLapsed(agent))

    # -- rules

    @rule(
        of=st.sampled_from([*QUEUES.values(), *AGENTS.values()]),
        level=st.integers(0, 5),
        there=st.sampled_from([True, True, False]),
    )
    def change_a_rule(self, of: QueueRule | AgentRule, level: int, there: bool) -> None:
        skills = ((FRENCH, level),) if level else ()
        if isinstance(of, QueueRule):
            closed_until = self.now + 600 * SECOND if level == 4 else None
            rings = of.rings if level == 5 else ()
            changed = replace(of, needs=skills, rings=rings, opens_at=closed_until, opened_at=self.now - 20 * SECOND)
            self.inbox.append(QueueSet(changed) if there else QueueRemoved(of.id))
        else:
            line = level < 4
            self.inbox.append(
                AgentSet(replace(of, skills=skills, voice_line_ok=line)) if there else AgentRemoved(of.id)
            )

    @rule(
        of=st.sampled_from(list(AGENTS.values())),
        places=st.sampled_from([PLACES, {"voice": 1}, {"chat": 1, "email": 1}, {}]),
        consulted=st.booleans(),
        reserved_for=st.sampled_from([(), (), (CHATS,)]),
        queues=st.sampled_from([None, (CALLS,), (MAILS, BACK_OFFICE)]),
    )
    def change_what_someone_takes(
        self,
        of: AgentRule,
        places: dict[str, int],
        consulted: bool,
        reserved_for: tuple[int, ...],
        queues: tuple[int, ...] | None,
    ) -> None:
        """Fewer places or more, other missions, a colleague who asks them: whatever they hold at that moment."""
        rule = replace(of, places=places, consulted=consulted, reserved_for=reserved_for, queues=queues or of.queues)
        self.inbox.append(AgentSet(rule))

    @rule(
        of=st.sampled_from(list(QUEUES.values())),
        overflow=st.sampled_from([(), (Overflow(5, BACK_OFFICE),)]),
        reserve=st.integers(0, 2),
        sticky=st.sampled_from([0, 30]),
        wrap_up=st.sampled_from([0, 60]),
        firm=st.booleans(),
    )
    def change_how_a_queue_is_answered(
        self, of: QueueRule, overflow: tuple[Overflow, ...], reserve: int, sticky: int, wrap_up: int, firm: bool
    ) -> None:
        if of.id == BACK_OFFICE:
            overflow = ()
        changed = replace(of, overflow=overflow, reserve=reserve, sticky_seconds=sticky, interruptible=not firm)
        self.inbox.append(QueueSet(replace(changed, wrap_up_seconds=wrap_up)))

    @rule(
        by=st.sampled_from(["least_cost", "longest_idle"]),
        fairness=st.sampled_from([0, 30]),
        rona_limit=st.sampled_from([1, 3]),
        reoffer=st.sampled_from([0, 60]),
        kept=st.sampled_from([0, 60]),
    )
    def change_the_policy(self, by: str, fairness: int, rona_limit: int, reoffer: int, kept: int) -> None:
        policy = Policy(30, rona_limit, reoffer_after_seconds=reoffer, keep_on_lapse={"chat": kept}, rule=by)
        self.inbox.append(PolicySet(replace(policy, fairness_seconds=fairness)))

    @rule(agent=st.sampled_from(sorted(AGENTS)), acts=st.integers(0, 20))
    def count_the_day(self, agent: int, acts: int) -> None:
        self.inbox.append(DayCounted(agent, acts, acts * 300 * SECOND))

    # -- afterwards

    def teardown(self) -> None:
        if not self.journal:
            return
        self.calm = False
        while self.inbox or self.pending:
            self.hear(len(self.inbox))
            self.commit(len(self.pending))
        engaged = [agent for agent in self.state.agents.values() if agent.rule.queues and not agent.removed]
        known = {agent.id: agent.ready and not agent.rested for agent in engaged}
        assert known == {id: id in self.database.ready for id in known}
        for agent in AGENTS:
            self.say_ready(agent, False)
        for _ in range(4):
            self.hear(len(self.inbox))
            self.commit(len(self.pending))
            self.hear(len(self.inbox))
            self.time_passes(5)
        self.commit(len(self.pending))
        self.hear(len(self.inbox))
        rows, state = self.database.contacts, self.state
        assert not state.offers
        assert not self.database.offers
        active = {id: (item.contact, item.agent) for id, item in state.assignments.items() if not item.wrap_up_until}
        assert active == self.database.active
        assert {id for id, item in state.assignments.items() if item.wrap_up_until} == set(self.database.wrapping)
        assert {id: contact.queue for id, contact in state.contacts.items() if contact.stands != "active"} == {
            id: row.queue for id, row in rows.items() if row.status in ("waiting", "scheduled")
        }
        assert {id for id, contact in state.contacts.items() if contact.stands == "scheduled"} == {
            id for id, row in rows.items() if row.status == "scheduled"
        }
        for id in sorted(rows):
            why_waiting(state, id)
            for agent in AGENTS:
                why_not(state, id, agent)
        for agent in AGENTS:
            why_idle(state, agent)
        self.replay()

    @invariant()
    def whatever_waits_says_why(self) -> None:
        """I7: nothing waits beside somebody free for it without a reason of the policy's."""
        for id, contact in self.state.contacts.items():
            if contact.stands == "waiting":
                assert why_waiting(self.state, id).code != "none", id

    def replay(self) -> None:
        """I9: the journal alone gives the same decisions and the same state, byte for byte."""
        state, decided = State("m"), []
        for now, record in self.journal:
            decided += [canonical(decision.to_dict()) for decision in step(state, read(record), now).decisions]
        assert decided == self.decided
        assert canonical(state.dump()) == canonical(self.state.dump())
        assert [canonical(read(json.loads(text)).to_dict()) for text in decided] == decided


CoreBesideDatabase.TestCase.settings = settings(
    max_examples=60, stateful_step_count=60, deadline=None, phases=(Phase.reuse, Phase.generate)
)
TestCoreBesideDatabase = CoreBesideDatabase.TestCase
