"""A customer at a page who was left with somebody outside: led to them as one at a telephone is, but without a dialog. What the page offers is
heard among its signals, and it is led by the answer to it.
"""

from datetime import datetime

from homeshore.channels.voice.embedded import passed_on
from homeshore.channels.voice.embedded.driver import NAME
from homeshore.channels.voice.models import Caller
from homeshore.channels.voice.sip import descriptions
from homeshore.channels.voice.sip.guest import Guest, Instruments
from homeshore.channels.voice.sip.steps import Line, Where
from homeshore.foundation.transactions import write


def is_at_page(row: Caller) -> bool:
    """Whether it is a page that carries this end."""
    return row.call is not None and row.call.driver == NAME


class AtPage(Guest):
    """... of whom a row is all that the house knows. `row.round` is the round of the `offer` that was heard last."""

    def __init__(self, row: Caller, instruments: Instruments) -> None:
        super().__init__(row, instruments)
        self.is_passed_on = True
        self._is_asked = False
        if self.is_nowhere:
            self.row.round = 0  # what the page offered to another process is heard again

    @property
    def is_nowhere(self) -> bool:
        """Whether they wait to be led to somebody."""
        return self.line.where == Where.NOWHERE

    @property
    def is_busy(self) -> bool:
        """An offer of theirs can be answered once."""
        return not self._is_asked

    def hear_page(self, other: Guest, *, now: datetime) -> None:
        """Take what the page offered, if that is new. One that offered again, or whose answer leads elsewhere by now, begins anew."""
        said = passed_on.offered(self.call_id)
        is_new = bool(said.sdps) and said.round != self.row.round
        if is_new:
            self._nowhere()
            self.row.round, self.row.offer, self._is_asked = said.round, said.sdps[-1], True
            self._keep()
        is_left = not (self._is_asked or self.is_nowhere or other.is_busy) and other.row.place != self.row.place
        if is_left or len(said.sdps) > 1:
            self.renew(now=now)

    def ask_whether_there(self, *, monotonic: float) -> None:
        """A page gives signs of life without being asked."""

    def offer_other(self, place: str) -> str:
        """Make a place for them and another one; the description that the other is offered."""
        return self._with.places.between_page(place, self.row.offer)

    def agree_with_other(self, place: str, answer: str) -> str:
        """What the other answered; the description for the page."""
        return descriptions.for_browser(self._with.places.agree_page(place, answer))

    def lead_to_other(self, place: str, said: str, *, monotonic: float, now: datetime) -> None:
        """Answer the page, which is there as soon as it has heard it."""
        self._is_asked = False
        with write():
            if not passed_on.answer(call_id=self.call_id, round=self.row.round, sdp=said, now=now):
                return
            self.row.place, self.row.where, self.row.said = place, Where.PASSED_ON.value, said
            self._keep()
        self.line, self.packets = Line(Where.PASSED_ON), -1

    def renew(self, *, now: datetime) -> None:
        """The page offers anew; until then they are nowhere."""
        self._nowhere()
        self._keep()
        passed_on.begin_round(call_id=self.call_id, round=self.row.round, now=now)

    def leave(self, *, monotonic: float, now: datetime) -> None:
        """It is over: the page lets go."""
        passed_on.end(call_id=self.call_id, now=now)
        self.leave_places()

    def _nowhere(self) -> None:
        self.line, self._is_asked, self.awaits = Line(Where.NOWHERE), False, ""
        self.row.where, self.row.place = Where.NOWHERE.value, ""

    def _keep(self) -> None:
        self.row.save(update_fields=["offer", "place", "where", "round", "said", "version"])
