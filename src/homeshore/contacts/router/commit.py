"""Decisions become durable: one transaction for a group of inputs, checked against the owner's epoch.

Every decision is a conditional UPDATE: where its contact, offer or assignment has moved meanwhile it changes no row and
is refused. Rows are locked in the same order as services do: contacts first.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
from django.db.models import QuerySet

from homeshore.contacts import events
from homeshore.contacts.models import Assignment, Contact, Fact, JournalEntry, Offer, Presence
from homeshore.contacts.models.work import BreakReason, PresenceState
from homeshore.contacts.queries.shapes import OfferRow
from homeshore.contacts.router import statements
from homeshore.contacts.services.presence import change_presence
from homeshore.foundation import bulk, feed
from homeshore.foundation.transactions import write
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
from homeshore.routing.inputs import PresenceSet
from homeshore.values.clock import from_milliseconds, to_milliseconds

OFFER_COLUMNS = ("id", *OfferRow._fields[1:-1])


class Deposed(Exception):
    """The floor has another owner now, or its journal went on without us: step down and decide nothing more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An input consumed, as plain data or as JSON, and what it led to, with its digest. `now` is in milliseconds since the epoch."""

    seq: int
    now: int
    input: dict[str, Any] | orjson.Fragment
    decided: str
    decisions: Sequence[Decision] = ()


@dataclass(slots=True)
class Group:
    """What is committed together: entries in order, and the facts that they consume."""

    entries: list[Entry] = field(default_factory=list)
    fact_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A decision that found its row changed."""

    decision: str
    why: str


def commit_decisions(floor_id: int, *, operator_id: int, epoch: int, group: Group) -> list[Refusal]:
    """Make a group durable: the journal, the decisions, their events; and take the facts away.

    Returns the decisions that were refused. Raises Deposed, with nothing changed, when the epoch is no longer ours.
    """
    first, last = group.entries[0], group.entries[-1]
    with write():
        if not statements.advance(floor_id, epoch=epoch, from_seq=first.seq - 1, to_seq=last.seq):
            raise Deposed
        bulk.insert(
            JournalEntry,
            ("floor", "seq", "epoch", "now", "input", "decided"),
            ((floor_id, entry.seq, epoch, entry.now, entry.input, entry.decided) for entry in group.entries),
        )
        writer = _Writer(floor_id, operator_id, epoch)
        timed = [(decision, entry.now) for entry in group.entries for decision in entry.decisions]
        with feed.together():
            for kind, run in groupby(timed, key=lambda pair: type(pair[0])):
                pairs = list(run)
                writer.apply(kind, [decision for decision, _ in pairs], from_milliseconds(pairs[-1][1]))
        if group.fact_ids:
            statements.take_away(group.fact_ids)
    return writer.refused


class _Writer:
    """Applies runs of decisions of one kind, tells their events, and gathers the refusals."""

    def __init__(self, floor_id: int, operator_id: int, epoch: int) -> None:
        self.floor_id, self.operator_id, self.epoch = floor_id, operator_id, epoch
        self.refused: list[Refusal] = []

    def apply(self, kind: type[Decision], decisions: list[Any], at: datetime) -> None:
        appliers: dict[Any, Callable[[list[Any], datetime], None]] = {
            CameDue: self._come_due,
            Offered: self._offer,
            OfferTimedOut: self._time_out,
            OfferWithdrawn: self._withdraw,
            Requeued: self._requeue,
            WrapUpTimedOut: self._end_wrap_up,
            AgentRested: self._rest,
        }
        appliers[kind](decisions, at)

    def _come_due(self, decisions: list[CameDue], at: datetime) -> None:
        contacts = self._locked(Contact.State.SCHEDULED, (decision.contact for decision in decisions))
        for decision in decisions:
            contact = contacts.pop(decision.contact, None)
            moved = contact is not None and contact.queue_id != decision.queue
            if contact is None or moved or to_milliseconds(contact.arrived_at) > to_milliseconds(at):
                self._refuse(decision.id, "contact_not_scheduled")  # or it is to be tried again, and later
                continue
            contact.state, contact.due_at = Contact.State.WAITING, from_milliseconds(decision.due_at)
            contact.save(update_fields=["state", "due_at"])
            events.contact_changed(contact, at=at)
            events.customer_told(contact, at=at)

    def _offer(self, decisions: list[Offered], at: datetime) -> None:
        contacts, called_back = statements.mark_offered({decision.contact: decision.queue for decision in decisions})
        offers = []
        for decision in decisions:
            contact = contacts.pop(decision.contact, None)
            if contact is None:
                self._refuse(decision.id, "contact_not_waiting")
                continue
            offer = OfferRow(
                pk=decision.id,
                floor_id=self.floor_id,
                contact_id=contact.pk,
                agent_id=decision.agent,
                queue_id=decision.queue,
                state=Offer.State.OPEN.value,
                epoch=self.epoch,
                offered_at=from_milliseconds(decision.offered_at),
                expires_at=from_milliseconds(decision.expires_at),
                ended_at=None,
                why="",
                reasons=decision.reasons,
                contact=contact,
            )
            offers.append(offer)
        bulk.insert(Offer, OFFER_COLUMNS, (offer[: len(OFFER_COLUMNS)] for offer in offers))
        for offer in offers:
            events.offer_opened(offer, operator_id=self.operator_id, called_back=offer.contact_id in called_back, at=at)

    def _time_out(self, decisions: list[OfferTimedOut], at: datetime) -> None:
        self._end_offers(decisions, state=Offer.State.TIMED_OUT, at=at)

    def _withdraw(self, decisions: list[OfferWithdrawn], at: datetime) -> None:
        self._end_offers(decisions, state=Offer.State.WITHDRAWN, at=at)

    def _end_offers(self, decisions: Sequence[OfferTimedOut | OfferWithdrawn], *, state: str, at: datetime) -> None:
        contacts = self._locked(Contact.State.OFFERED, (decision.contact for decision in decisions))
        ids = bulk.among(decision.offer for decision in decisions)
        wanted = Offer.objects.filter(pk__in=ids, state=Offer.State.OPEN)
        offers = {offer.pk: offer for offer in wanted.order_by("id").select_for_update()}
        ended: dict[str, list[str]] = {}
        again: list[int] = []
        for decision in decisions:
            offer = offers.pop(decision.offer, None)
            if offer is None:
                self._refuse(decision.id, "offer_not_open")
                continue
            offer.state, offer.ended_at, offer.why = state, at, getattr(decision, "why", "")
            ended.setdefault(offer.why, []).append(offer.pk)
            events.offer_ended(offer, operator_id=self.operator_id, at=at)
            contact = contacts.pop(offer.contact_id, None)
            if contact is not None:
                contact.state = Contact.State.WAITING
                again.append(contact.pk)
                events.contact_changed(contact, at=at)
        for why, offer_ids in ended.items():
            Offer.objects.filter(pk__in=bulk.among(offer_ids)).update(state=state, ended_at=at, why=why)
        Contact.objects.filter(pk__in=bulk.among(again)).update(state=Contact.State.WAITING)

    def _requeue(self, decisions: list[Requeued], at: datetime) -> None:
        contacts = self._locked(Contact.State.ACTIVE, (decision.contact for decision in decisions))
        for decision in decisions:
            contact = contacts.get(decision.contact)
            active = Assignment.objects.filter(pk=decision.assignment, state=Assignment.State.ACTIVE)
            if contact is None or not active.update(
                state=Assignment.State.ENDED, why=decision.why, closed_at=at, ended_at=at
            ):
                self._refuse(decision.id, "assignment_not_active")
                continue
            contact.state = Contact.State.WAITING
            contact.save(update_fields=["state"])
            events.work_ended(_assignment(decision.assignment), at=at)
            events.contact_changed(contact, at=at)
            events.customer_told(contact, at=at)

    def _end_wrap_up(self, decisions: list[WrapUpTimedOut], at: datetime) -> None:
        for decision in decisions:
            wrapping_up = Assignment.objects.filter(pk=decision.assignment, state=Assignment.State.WRAP_UP)
            if not wrapping_up.update(state=Assignment.State.ENDED, ended_at=at):
                self._refuse(decision.id, "wrap_up_over")
                continue
            events.work_ended(_assignment(decision.assignment), at=at)

    def _rest(self, decisions: list[AgentRested], at: datetime) -> None:
        for decision in decisions:
            presence = Presence.objects.filter(agent_id=decision.agent).select_for_update().first()
            if presence is None or presence.state != PresenceState.READY or self._has_spoken_since(decision.agent):
                self._refuse(decision.id, "agent_not_ready")
                continue
            lease_until = presence.lease_until
            change_presence(presence, state=PresenceState.BREAK, reason=BreakReason.NO_ANSWER, now=at)
            Presence.objects.filter(pk=presence.pk).update(lease_until=lease_until)

    def _has_spoken_since(self, agent_id: int) -> bool:
        """Whether the agent said where they stand and the core had not heard it when it rested them: time alone rests, and it passes
        before the facts of a group, so that whatever they said since still stands among the facts.
        """
        said = {"input__kind": PresenceSet.__name__, "input__agent": agent_id}
        return Fact.objects.filter(floor_id=self.floor_id, **said).exists()

    def _locked(self, state: str, ids: Iterable[int]) -> dict[int, Contact]:
        """The contacts that are still in `state`, held until the transaction ends."""
        return {contact.pk: contact for contact in self._still(state, ids)}

    def _still(self, state: str, ids: Iterable[int]) -> QuerySet[Contact]:
        return Contact.objects.filter(pk__in=bulk.among(set(ids)), state=state).order_by("id").select_for_update()

    def _refuse(self, decision_id: str, why: str) -> None:
        self.refused.append(Refusal(decision_id, why))


def _assignment(id: int) -> Assignment:
    return Assignment.objects.select_related("contact").get(pk=id)
