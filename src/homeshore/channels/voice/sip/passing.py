"""A customer and who was asked about their call are led to each other: their two ends, and rtpengine between them, without an agent.

Both sessions are asked for anew, one after the other: who was asked is offered what the customer's end described, and what they answer is
the customer's new session. Until both agreed, one at a telephone hears what they heard; a page (`at_page`) begins anew by itself.
"""

from datetime import datetime

from homeshore.channels.voice.sip.guest import Guest
from homeshore.channels.voice.sip.steps import Where


def bring_together(customer: Guest, other: Guest, *, monotonic: float, now: datetime) -> None:
    """The next thing to do for it; looked at as often as one likes, also after a restart of anything. Raises what `Places` raises."""
    if customer.is_busy or other.is_busy or are_together(customer, other):
        return
    if customer.awaits and other.line.where == Where.PASSED_ON and other.row.place == customer.awaits:
        said = customer.agree_with_other(customer.awaits, other.agreed_to)
        customer.lead_to_other(customer.awaits, said, monotonic=monotonic, now=now)
        customer.awaits = ""
        return
    customer.awaits = customer.new_place()
    shown = customer.offer_other(customer.awaits)
    other.lead_to_other(customer.awaits, shown, monotonic=monotonic, now=now)


def are_together(customer: Guest, other: Guest) -> bool:
    """Whether the two are where the other is."""
    return customer.line.where == other.line.where == Where.PASSED_ON and customer.row.place == other.row.place
