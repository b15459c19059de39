"""An agent promises a customer to call back, as they close the contact; and calls them when that time has come."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from homeshore.brands import queries as brands
from homeshore.channels.voice import queries as calls
from homeshore.channels.voice import services as voice
from homeshore.channels.voice.drivers import that_places_calls
from homeshore.contacts import services
from homeshore.contacts.queries import desk, standing
from homeshore.contacts.refusals import NotYours
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation.errors import Invalid, Refused
from homeshore.foundation.models import User
from homeshore.outbound import numbers
from homeshore.outbound.lists import calling
from homeshore.outbound.lists import queries as lists
from homeshore.people.queries import AgentFacts

NO_MOMENT = _("Say when: a day and a time.")
NO_CALLS = _("This brand has no queue for calls, so nobody could call back.")


def promise(agent: AgentFacts, contact_id: int, asked: Any, *, now: datetime) -> None:
    """Whom the agent called from a list is called again from that list; for others the callback is scheduled in the brand's queue for calls.

    Raises NotYours, Invalid with each wrong field.
    """
    facts = desk.facts_for_callback(agent.id, contact_id)
    if facts is None:
        raise NotYours
    fields = asked if isinstance(asked, dict) else {}
    with_agent = agent.id if fields.get("with_me") else None
    if lists.entry_of_contact(contact_id=contact_id, agent_id=agent.id) and calling.promise(
        contact_id=contact_id,
        at=_moment(fields.get("at")),
        number=str(fields.get("number", "")),
        with_agent=with_agent,
        now=now,
    ):
        return
    queues = brands.queues_of_operator(agent.operator_id)
    queue = next(
        (each for each in queues if each.brand_id == facts.brand_id and each.channel == "voice" and each.active), None
    )
    if queue is None:
        raise Invalid(fields={"number": NO_CALLS})
    number = numbers.read(str(fields.get("number", "")))
    services.schedule_callback(
        queue_id=queue.id,
        thread_key=f"callback-of-{contact_id}",
        customer=CustomerFacts(id=facts.customer_id),
        wanted_at=_moment(fields.get("at")),
        number=number,
        wording=gettext("The customer asked to be called back on %(number)s: noted by %(agent)s.")
        % {"number": number, "agent": agent.name},
        agent_id=agent.id,
        with_agent=with_agent is not None,
        now=now,
    )


def ring(agent: AgentFacts, contact_id: int, *, by: User, now: datetime) -> str:
    """Call the customer of a callback that the agent has just taken; why that cannot be, in words, and "" otherwise.

    Nothing happens to a contact that is none, nor where the house places no calls.
    """
    asked = standing.callback_of(contact_id)
    if not (asked and asked.number) or that_places_calls() is None or calls.is_going_on(contact_id):
        return ""
    try:
        voice.call_in_contact(agent_id=agent.id, by=by, contact_id=contact_id, now=now)
    except Refused as refusal:
        return str(refusal)
    return ""


def _moment(said: Any) -> datetime:
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError as error:
        raise Invalid(fields={"wanted_at": NO_MOMENT}) from error
    if at.tzinfo is None:
        raise Invalid(fields={"wanted_at": NO_MOMENT})
    return at
