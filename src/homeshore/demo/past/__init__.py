"""Four weeks before the demonstration began: what simulated people did then, played through the routing core.

A floor without a past has nothing to plan with, to compare with, or to be paid for.
"""

from homeshore.demo.past.record import record

__all__ = ["record"]
