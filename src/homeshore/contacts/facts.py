"""Tell a floor's router what became true. Written with the change, consumed once, in `router`."""

from collections.abc import Callable

from homeshore.contacts.models import Fact
from homeshore.foundation import bulk, hints
from homeshore.routing.inputs import Input

FACTS = "facts"


def tell(floor_id: int, *inputs: Input) -> None:
    """Write facts in the open transaction, and wake the router after the commit."""
    bulk.insert(Fact, ("floor", "input"), ((floor_id, input.to_dict()) for input in inputs))
    hints.after_commit(FACTS)


def on_hint(listener: Callable[[], None]) -> Callable[[], None]:
    """Call `listener` (from any thread) when facts may have come; returns what ends the subscription."""
    return hints.on(FACTS, lambda _: listener())
