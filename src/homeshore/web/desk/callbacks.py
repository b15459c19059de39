"""An agent promises a customer to call back, as they close the contact."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from homeshore.brands import queries as brands
from homeshore.contacts import services
from homeshore.contacts.queries import desk
from homeshore.contacts.refusals import NotYours
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation.errors import Invalid
from homeshore.outbound import numbers
from homeshore.people.queries import AgentFacts

NO_MOMENT = _("Say when: a day and a time.")
NO_CALLS = _("This brand has no queue for calls, so nobody could call back.")


def promise(agent: AgentFacts, contact_id: int, asked: Any, *, now: datetime) -> None:
    """Schedule the callback in the brand's queue for calls. Raises NotYours, Invalid with each wrong field."""
    facts = desk.facts_for_callback(agent.id, contact_id)
    if facts is None:
        raise NotYours
    fields = asked if isinstance(asked, dict) else {}
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
        with_agent=bool(fields.get("with_me")),
        now=now,
    )


def _moment(said: Any) -> datetime:
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError as error:
        raise Invalid(fields={"wanted_at": NO_MOMENT}) from error
    if at.tzinfo is None:
        raise Invalid(fields={"wanted_at": NO_MOMENT})
    return at
