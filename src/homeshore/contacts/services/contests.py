"""An agent contests a choice of the router; a person answers, and the agent is told."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from homeshore.contacts import events
from homeshore.contacts.models import ContestedOffer, Offer
from homeshore.contacts.refusals import AnsweredAlready
from homeshore.foundation.audit import record as record_audit
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.missions import queries as missions

TEXT_LIMIT = 2_000


def contest_offer(*, agent_id: int, offer_id: str, text: str, now: datetime) -> ContestedOffer:
    """The agent says what was wrong with an offer, theirs or one of their queues that went to somebody else.

    Saying it again changes the text until somebody has answered. Raises NotFound, Invalid without a text or with one
    that is too long, AnsweredAlready.
    """
    text = text.strip()
    if not text or len(text) > TEXT_LIMIT:
        raise Invalid(fields={"text": _("Say in a few words what was wrong, in at most 2,000 characters.")})
    with write():
        offer = Offer.objects.select_related("contact").filter(pk=offer_id, contact__operator__agents=agent_id).first()
        if offer is None or (offer.agent_id != agent_id and offer.queue_id not in missions.queues_of_agent(agent_id)):
            raise NotFound
        contest, is_new = ContestedOffer.objects.get_or_create(
            offer=offer, agent_id=agent_id, defaults={"text": text, "at": now}
        )
        if contest.answered_at:
            raise AnsweredAlready
        if not is_new:
            ContestedOffer.objects.filter(pk=contest.pk).update(text=text)
            contest.text = text
        events.offer_contested(contest, at=now)
    return contest


def answer_contested_offer(
    *, operator_id: int, contest_id: int, by: User, accepted: bool, answer: str, now: datetime
) -> ContestedOffer:
    """A person answers, with a reason that the agent will read. Raises NotFound, Invalid without one, AnsweredAlready."""
    if not answer.strip():
        raise Invalid(fields={"answer": _("Say why: the agent will read it.")})
    with write():
        found = ContestedOffer.objects.select_related("offer__contact", "agent")
        contest = found.filter(pk=contest_id, offer__contact__operator=operator_id).first()
        if contest is None:
            raise NotFound
        said = {
            "outcome": ContestedOffer.Outcome.ACCEPTED if accepted else ContestedOffer.Outcome.REFUSED,
            "answer": answer.strip()[:TEXT_LIMIT],
            "answered_by": by,
            "answered_at": now,
        }
        if not ContestedOffer.objects.filter(pk=contest_id, answered_at__isnull=True).update(**said):
            raise AnsweredAlready
        for name, value in said.items():
            setattr(contest, name, value)
        record_audit(
            operator_id=operator_id,
            actor=by,
            verb="offer.contest_answered",
            target=contest,
            data={"offer": contest.offer_id, "agent": contest.agent_id, "outcome": said["outcome"]},
            at=now,
        )
        events.offer_contested(contest, at=now)
    return contest
