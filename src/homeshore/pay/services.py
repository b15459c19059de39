"""The writes of pay: an act for every disposition."""

from homeshore.brands import rates
from homeshore.contacts.events import DispositionRecorded
from homeshore.foundation import feed
from homeshore.pay import queries
from homeshore.pay.models import Act
from homeshore.pay.rating import Rated, rate


def record_act(recorded: DispositionRecorded) -> Act:
    """Price the act by the card in force, in the transaction of its disposition; once per assignment.

    Without a card, or with none of its lines fitting, the act is kept at 0 without parts: seen on the floor, never lost.
    """
    contact, assignment = recorded.contact, recorded.assignment
    card = rates.card_in_force(contact.brand_id, at=recorded.at)
    rated = Rated(0, ())
    if card is not None:
        rated = rate(queries.lines_of(card), queue_id=assignment.queue_id, disposition_id=contact.disposition_id)
    act, made = Act.objects.get_or_create(
        assignment=assignment,
        defaults={
            "operator_id": recorded.operator_id,
            "agent_id": assignment.agent_id,
            "contact": contact,
            "brand_id": contact.brand_id,
            "queue_id": assignment.queue_id,
            "disposition_id": contact.disposition_id,
            "rate_card_id": card.id if card else None,
            "amount_cents": rated.amount_cents,
            "currency": card.currency if card else "EUR",
            "parts": [
                {"rate": part.id, "label": part.label, "kind": part.kind, "cents": part.amount_cents}
                for part in rated.parts
            ],
            "at": recorded.at,
        },
    )
    if made:
        _announce(act, floor_id=contact.floor_id)
    return act


def _announce(act: Act, *, floor_id: int) -> None:
    shape = {
        "id": act.pk,
        "contact": act.contact_id,
        "reference": act.contact.reference,
        "agent": act.agent_id,
        "queue": act.queue_id,
        "cents": act.amount_cents,
        "currency": act.currency,
        "parts": act.parts,
        "at": act.at.isoformat(),
    }
    today = queries.today(act.agent_id, now=act.at)
    mine = {"act": shape, "today": today}
    feed.record(
        operator_id=act.operator_id, topics=[f"agent:{act.agent_id}"], kind="act.added", payload=mine, at=act.at
    )
    feed.record(
        operator_id=act.operator_id, topics=[f"floor:{floor_id}"], kind="act.added", payload={"act": shape}, at=act.at
    )
