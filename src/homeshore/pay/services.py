"""The writes of pay: an act for every disposition, a contest when its agent doubts it, an answer by a person."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from homeshore.brands import rates
from homeshore.contacts.events import DispositionRecorded
from homeshore.foundation import audit, feed
from homeshore.foundation.errors import Invalid, NotFound, Refused
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.pay import queries
from homeshore.pay.earnings import contest_for_floor
from homeshore.pay.models import Act, Contest
from homeshore.pay.rating import Rated, rate

TEXT_LIMIT = 2000


class AnsweredAlready(Refused):
    """Somebody answered the contest before."""

    code = "answered_already"
    message = _("Somebody has just answered this. Load the page again to read the answer.")


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
            "parts": rated.as_data(),
            "at": recorded.at,
        },
    )
    if made:
        _announce(act, floor_id=contact.floor_id)
    return act


def contest_act(*, agent_id: int, act_id: int, text: str, now: datetime) -> Contest:
    """The agent says what is wrong with the price of one of their acts; a person will answer. Saying it again changes the text
    until then. Raises NotFound, Invalid without a text, AnsweredAlready.
    """
    text = text.strip()
    if not text:
        raise Invalid(fields={"text": _("Say in a few words what you expected.")})
    if len(text) > TEXT_LIMIT:
        raise Invalid(fields={"text": _("At most 2,000 characters.")})
    with write():
        act = Act.objects.select_related("contact").filter(pk=act_id, agent_id=agent_id).first()
        if act is None:
            raise NotFound
        contest, is_new = Contest.objects.get_or_create(act=act, defaults={"text": text, "at": now})
        if contest.answered_at:
            raise AnsweredAlready
        if not is_new:
            Contest.objects.filter(pk=contest.pk).update(text=text)
            contest.text = text
        feed.record(
            operator_id=act.operator_id,
            topics=[f"floor:{act.contact.floor_id}"],
            kind="act.contested",
            payload={"contest": contest_for_floor(contest, act)},
            at=now,
        )
    return contest


def answer_contest(
    *,
    operator_id: int,
    contest_id: int,
    by: User,
    accepted: bool,
    answer: str,
    correction_cents: int = 0,
    now: datetime,
) -> Contest:
    """A person answers a contest, with a reason; an accepted one may add a correction to the agent's earnings.

    Raises NotFound, AnsweredAlready, Invalid when the reason is missing or a refusal carries a sum.
    """
    problems = {}
    if not answer.strip():
        problems["answer"] = _("Say why: the agent will read it.")
    if correction_cents < 0 or (correction_cents and not accepted):
        problems["correction"] = _("Only what is accepted is corrected, by a sum of 0 or more.")
    if problems:
        raise Invalid(fields=problems)
    with write():
        contest = (
            Contest.objects.select_related("act__contact").filter(pk=contest_id, act__operator=operator_id).first()
        )
        if contest is None:
            raise NotFound
        outcome = Contest.Outcome.ACCEPTED if accepted else Contest.Outcome.REFUSED
        said = {
            "outcome": outcome,
            "answer": answer.strip()[:TEXT_LIMIT],
            "correction_cents": correction_cents,
            "answered_by": by,
            "answered_at": now,
        }
        if not Contest.objects.filter(pk=contest_id, answered_at__isnull=True).update(**said):
            raise AnsweredAlready
        for name, value in said.items():
            setattr(contest, name, value)
        act = contest.act
        audit.record(
            operator_id=operator_id,
            actor=by,
            verb="contest.answered",
            target=act,
            data={"outcome": outcome, "correction_cents": correction_cents},
            at=now,
        )
        ended = {"contest": contest_for_floor(contest, act)}
        feed.record(
            operator_id=operator_id,
            topics=[f"floor:{act.contact.floor_id}"],
            kind="act.contested",
            payload=ended,
            at=now,
        )
    return contest


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
