"""Pure: how soon the next look at the house may follow the last."""

PAUSE_SECONDS = 0.02
"""Between two looks at least, however much happens in the house."""
CREDIT_SECONDS = 0.5


class Pace:
    """Looks leave to the rest of the process `others` times what they took from it. That may be owed for CREDIT_SECONDS: after a rest one
    slow look does not keep the next one waiting, and looks without end keep to their share (the generic cell rate algorithm, ITU-T I.371).

    All instants are seconds of a monotonic clock.
    """

    def __init__(self, *, others: int) -> None:
        self._others = others
        self._paid_at = 0.0
        self.next_at = 0.0

    def looked(self, *, began: float, ended: float, took: float) -> None:
        """A look has been had, and took so many seconds from others; from `next_at` on the next one may be."""
        self._paid_at = max(self._paid_at, began) + (ended - began) + self._others * took
        self.next_at = max(ended + PAUSE_SECONDS, self._paid_at - CREDIT_SECONDS)
