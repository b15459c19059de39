"""One whom the house calls, until they answer: then they are a guest as any other.

The agent's browser stands in a place first, with nobody opposite; then the customer is called with that place for a session. So
the agent hears their network while it rings, and their first word.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from homeshore.channels.voice import services
from homeshore.channels.voice.models import Call, Caller
from homeshore.channels.voice.sip import descriptions
from homeshore.channels.voice.sip.accounts import account_of
from homeshore.channels.voice.sip.guest import Guest, Instruments
from homeshore.channels.voice.sip.media.control import MediaError
from homeshore.channels.voice.sip.signalling import Answered, Dialog, Failed, Rings
from homeshore.channels.voice.sip.steps import Dial, GiveUp, House, Line, Step, Where
from homeshore.foundation import feed
from homeshore.foundation.transactions import write

logger = logging.getLogger(__name__)

RING = timedelta(seconds=45)
"""How long a customer's telephone rings at most."""
READY = timedelta(seconds=30)
"""How long an agent's browser may take to be ready before anybody is rung."""
PLAIN_CODEC = "8"
"""G.711 A-law, which the agent's browser speaks before it is known what the customer's telephone would rather hear."""
NEVER_CONNECTED = "never_connected"
BUSY, NO_ANSWER, DECLINED, NO_SUCH_NUMBER, NOT_CONNECTED = (
    "busy",
    "no_answer",
    "declined",
    "no_such_number",
    "not_connected",
)
WHY = {
    **dict.fromkeys((486, 600), BUSY),
    **dict.fromkeys((408, 480, 487), NO_ANSWER),
    **dict.fromkeys((603, 607, 608), DECLINED),
    **dict.fromkeys((404, 410, 484, 604), NO_SUCH_NUMBER),
}
"""What a refusal of theirs means (RFC 3261 §21, RFC 8197); all others: they could not be connected."""


class Callee(Guest):
    """A customer who is called."""

    def __init__(self, row: Caller, instruments: Instruments) -> None:
        super().__init__(row, instruments)
        self._met = ""
        self._rings = False
        self._pieces = 1  # nobody greets who did not call
        self._began_at = self._asked_for_at()
        if not self._is_on_line:
            dialled = row.stage != Caller.Stage.TO_DIAL
            self.line = Line(Where.NOWHERE, prepared=row.round, answered=row.round, dialled=dialled)

    @property
    def is_silent_rightly(self) -> bool:
        """Nobody says anything before they answer."""
        return self.holds_us or not self._is_on_line

    @property
    def _is_on_line(self) -> bool:
        return self.row.stage in (Caller.Stage.ON_LINE, Caller.Stage.PASSED_ON)

    def _asked_for_at(self) -> datetime:
        return Call.objects.values_list("began_at", flat=True).get(pk=self.call_id)

    def seen(self, *, monotonic: float, now: datetime) -> Line:
        """How far the telephone is with them."""
        if self._is_on_line:
            return super().seen(monotonic=monotonic, now=now)
        dialled_at = self.row.dialled_at
        until = dialled_at + RING if dialled_at else self._began_at + READY
        return replace(self.line, rang_out=now > until)

    def take(self, step: Step, house: House, *, monotonic: float, now: datetime) -> None:
        """Do the next thing."""
        match step:
            case Dial():
                self._dial(house.round, monotonic=monotonic, now=now)
            case GiveUp():
                self._end(Call.EndedBy.HOUSE, NO_ANSWER if self.row.dialled_at else NEVER_CONNECTED, now=now)
            case _:
                super().take(step, house, monotonic=monotonic, now=now)

    def rings(self, event: Rings) -> None:
        """Their telephone rings: the agent hears what their network says, or else that it rings."""
        if not self._is_on_line and self._with.agent.invite_of(self.tag) != self.row.dialog.get("invite"):
            self._keep()  # it was asked once more, with a proof
        if event.sdp and self._can_meet(event.sdp):
            self._meet(event.sdp)
        elif not event.sdp and not self._rings and not self._met and self._stands_ready:
            self._with.places.ring(self.row.place, self._with.recordings / "ringing.wav")
            self._rings = True

    def answered(self, event: Answered, *, monotonic: float, now: datetime) -> None:
        """They have answered. Where the agent's end cannot be used as it is, both begin a new round.

        What their row and the house know of it is written together, or not at all: then the telephone hangs up when it has rung long enough.
        """
        meets = self._meets_at_once(event.sdp)
        before = self.row.stage
        try:
            with write(), feed.together():
                reached = self._note_answer(event.sdp, meets=meets, now=now)
        except Exception:
            self.row.stage = before
            raise
        prepared, answered = self.line.prepared, self.line.answered
        self.line = Line(Where(self.row.where), self.row.round, prepared=prepared, answered=answered)
        if reached and not descriptions.has_audio(event.sdp):
            self._end(Call.EndedBy.NETWORK, NOT_CONNECTED, now=now)
        elif reached and not meets:
            self.renew(now=now)
        if self._prepared_place != self.row.place:  # made for a browser that was loaded again, with nobody opposite
            self._discard()

    def _meets_at_once(self, sdp: str) -> bool:
        """The two hear each other where the agent is; whether that was possible. It comes first: both wait for it."""
        if not self._can_meet(sdp):
            return False
        try:
            self._meet(sdp)
        except MediaError as error:
            logger.warning("Who answered cannot be heard where the agent is, and is led to another place: %s", error)
            return False
        return True

    def _note_answer(self, sdp: str, *, meets: bool, now: datetime) -> bool:
        """They are on the line; in the open transaction. Whether the house still wants them."""
        self.row.offer, self.row.stage = sdp, Caller.Stage.ON_LINE
        self.row.where = (Where.TOGETHER if meets else Where.NOWHERE).value
        self.row.save(update_fields=["stage"])
        self._keep()
        return self._reached(now=now)

    def _reached(self, *, now: datetime) -> bool:
        """The house is told; False when it is over."""
        return services.customer_reached(call_id=self.call_id, now=now)

    def failed(self, event: Failed, *, now: datetime) -> None:
        """They do not answer, or cannot be reached."""
        why = WHY.get(event.status, NOT_CONNECTED)
        self._end(Call.EndedBy.CUSTOMER if why in (BUSY, DECLINED) else Call.EndedBy.NETWORK, why, now=now)

    def lost_place(self, *, now: datetime) -> None:
        """rtpengine was started anew. Before they answer nothing is lost but the sound of ringing."""
        if self._is_on_line:
            super().lost_place(now=now)

    def _dial(self, round: int, *, monotonic: float, now: datetime) -> None:
        self.row.version += 1
        said = descriptions.for_telephone(self._together_said, session=self.tag, version=self.row.version)
        shown, edge = self.row.number.digits, self._with.edge
        if edge is None:
            self._end(Call.EndedBy.HOUSE, NOT_CONNECTED, now=now)
            return
        account = account_of(self.row.number)
        self._with.agent.call(
            self.tag, self.row.called, shown=shown, edge=edge, sdp=said, account=account, now=monotonic
        )
        self.row.said, self.row.place, self.row.round = said, self._prepared_place, round
        self.row.stage, self.row.dialled_at = Caller.Stage.DIALLED, now
        self.line = replace(self.line, dialled=True)
        self._keep()

    @property
    def _stands_ready(self) -> bool:
        """Whether the agent's browser that was there when they were called still is."""
        return bool(self._agent_said) and self._prepared_place == self.row.place

    def _can_meet(self, sdp: str) -> bool:
        return self._stands_ready and descriptions.first_codec(sdp) == PLAIN_CODEC

    def _meet(self, sdp: str) -> None:
        if self._rings:
            self._with.places.stop_ringing(self.row.place)
            self._rings = False
        if sdp != self._met:
            self._with.places.meet(self.row.place, sdp, self._agent_said)
            self._met = sdp

    def _end(self, by: Call.EndedBy, why: str, *, now: datetime) -> None:
        services.end_call(call_id=self.call_id, by=by, why=why, now=now)

    def _keep(self) -> None:
        """What the house does with who is on the line, it says in their row: that is not written over."""
        if self._is_on_line:
            super()._keep()
            return
        dialog = self._with.agent.dialog(self.tag).as_plain()
        self.row.dialog = {**dialog, "invite": self._with.agent.invite_of(self.tag)}
        self.row.save()


def dialled_before(
    row: Caller, instruments: Instruments, *, as_callee: Callable[[Caller, Instruments], Callee], now: datetime
) -> Callee:
    """One whom another process was calling, or was about to call: their answer is heard by this one."""
    if row.stage == Caller.Stage.DIALLED:
        plain = dict(row.dialog)
        invite = plain.pop("invite")
        instruments.agent.take_up(Dialog.taken_up(plain), invite=invite, account=account_of(row.number))
        return as_callee(row, instruments)
    callee = as_callee(row, instruments)
    callee.renew(now=now)
    return callee
