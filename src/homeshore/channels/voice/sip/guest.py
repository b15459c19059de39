"""One caller on the telephone: carries out the steps that `steps` asks for, and answers what their end asks."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from django.conf import settings

from homeshore.channels.voice import queries
from homeshore.channels.voice.embedded import ends
from homeshore.channels.voice.embedded.ends import End
from homeshore.channels.voice.models import Call, Caller, Side
from homeshore.channels.voice.refusals import NoSuchCall, NotRecorded, OnAnotherDevice
from homeshore.channels.voice.services import customer_told, customer_told_of_listening, end_call, refuse_recording
from homeshore.channels.voice.sip import descriptions
from homeshore.channels.voice.sip.accounts import account_of
from homeshore.channels.voice.sip.driver import DEVICE
from homeshore.channels.voice.sip.media.places import Places
from homeshore.channels.voice.sip.programme import REFUSING_KEY, UNRECORDED, Piece, next_piece, wait_prompts
from homeshore.channels.voice.sip.signalling import Address, Agreed, Dialog, Reinvited, UserAgent
from homeshore.channels.voice.sip.sound import NoSound
from homeshore.channels.voice.sip.spoken import Speaker
from homeshore.channels.voice.sip.steps import (
    Discard,
    HangUp,
    Hold,
    House,
    Join,
    Line,
    Play,
    Prepare,
    Step,
    Where,
    Withdraw,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Instruments:
    """What a telephone works with: what it says, what it hears by, its recordings, the way to the trunk where there is one, who
    speaks menus, and the address of the edge as a trunk reaches it, where it is another one than ours."""

    agent: UserAgent
    places: Places
    recordings: Path
    edge: Address | None = None
    speaker: Speaker = field(default_factory=Speaker)
    outside: Address | None = None


@dataclass(frozen=True, slots=True)
class _Move:
    """Where the caller is being led: their session is being asked for."""

    place: str
    where: Where
    round: int
    said: str


class Guest:
    """A caller, from the answer to the end. What must outlive the process is in `row`.

    `packets` have come from them at the last look; `heard` once they hear the agent; `holds_us` while they hold us. Who `is_passed_on` has no
    agent any more but another caller: `agreed_to` is what the one answered last, `awaits` the place to which the other is being led.
    """

    def __init__(self, row: Caller, instruments: Instruments) -> None:
        self.row, self._with = row, instruments
        here = Where(row.where)
        round = row.round if here == Where.TOGETHER else 0
        self.line = Line(here, round, prepared=round, answered=round, holds=None)
        self._move: _Move | None = None
        self._prepared_place = row.place if round else ""
        self._together_said = self._agent_said = ""
        self.packets = -1
        self.heard = here == Where.TOGETHER
        self.holds_us = False
        self.is_passed_on = False
        self.heard_at: float | None = None
        self.agreed_to = self.awaits = ""
        self._pieces = 0 if here == Where.ALONE and not row.version else 1  # who was here before is not greeted again
        self._piece_ends_at = 0.0
        self._tells = False
        self._wait_to_say: dict[str, int] | None = None

    @property
    def is_silent_rightly(self) -> bool:
        """Whether nothing need be heard of them: they hold us."""
        return self.holds_us

    @property
    def tag(self) -> str:
        """Our name of their dialog."""
        return self.row.tag

    @property
    def call_id(self) -> int:
        """Their call; 0 while they choose in a menu or hear a notice."""
        return self.row.call_id or 0

    @property
    def end(self) -> End:
        """The end of the call that they carry."""
        return End(self.call_id, Side.CUSTOMER, DEVICE)

    def seen(self, *, monotonic: float, now: datetime) -> Line:
        """How far the telephone is with them."""
        plays = self.line.plays and monotonic < self._piece_ends_at
        return replace(self.line, busy=self.is_busy, plays=plays, tells=plays and self._tells)

    def take(self, step: Step, house: House, *, monotonic: float, now: datetime) -> None:
        """Do the next thing. Raises what `Places` raises; asked again later, it is done then."""
        if self._tells and monotonic >= self._piece_ends_at:
            self._tells = False
            self._told(now=now)
        match step:
            case Prepare(round):
                self._prepare(round, now=now)
            case Discard():
                self._discard()
            case Join():
                self._lead(self._prepared_place, Where.TOGETHER, house.round, self._together_said, monotonic=monotonic)
            case Withdraw():
                place = self.new_place()
                said = self._with.places.alone(place, self.row.offer)
                self._lead(place, Where.ALONE, 0, said, monotonic=monotonic)
            case Play():
                self._play(monotonic=monotonic, now=now)
            case Hold(on):
                self._hold(on)
            case HangUp():
                self.leave(monotonic=monotonic, now=now)

    def answered_by_agent(self, round: int, sdp: str) -> None:
        """The agent's browser answered the offer of a round."""
        if round == self.line.prepared and round != self.line.answered:
            self._together_said = self._with.places.answer(self._prepared_place, sdp)
            self._agent_said = sdp
            self.line = replace(self.line, answered=round)

    def presses(self, key: str, *, monotonic: float, now: datetime) -> None:
        """They press a key: one of them says that they do not want to be recorded."""
        if key != REFUSING_KEY:
            return
        try:
            refuse_recording(call_id=self.call_id, now=now)
        except NotRecorded:
            return
        self._tells = False
        if self.line.where == Where.ALONE and self._with.agent.can_ask(self.tag):
            self._hear(Piece(UNRECORDED, None, spoken=True), monotonic=monotonic)

    def ask_whether_there(self, *, monotonic: float) -> None:
        """Nothing is heard of them, as of who has muted a telephone that then sends nothing: have their telephone asked."""
        self._with.agent.inquire(self.tag, now=monotonic)

    def agreed(self, event: Agreed) -> None:
        """Their telephone agreed to the session: they are where we led them."""
        self._tells = False  # cut short, it was not told
        self._wait_to_say = None
        self.agreed_to = event.sdp
        move, self._move = self._move, None
        if move is None:
            return
        before, self.row.place = self.row.place, move.place
        self.row.where, self.row.round = move.where.value, move.round
        self.line = replace(self.line, where=move.where, round=move.round, plays=False, holds=False)
        self._pieces = max(1, self._pieces - self._pieces % 2 + 1)  # music first
        self.packets, self.heard = -1, False
        self._keep()
        if before and before != move.place:
            self._with.places.close(before)

    def asks(self, event: Reinvited, *, monotonic: float, now: datetime) -> None:
        """Their end asks for another session: to hold us, to keep a timer, or to have the sound elsewhere."""
        asked = descriptions.direction(event.sdp)
        self.holds_us = bool(event.sdp) and descriptions.is_held(event.sdp)
        if self.holds_us and self._tells:  # they did not hear it to its end: it is said again when they are back
            self._tells, self._pieces = False, 0
            self.line = replace(self.line, plays=False)
        if event.sdp and not self.holds_us and descriptions.leads_elsewhere(self.row.offer, event.sdp):
            self._move_with_them(event.sdp, monotonic=monotonic, now=now)
            return
        self.row.version += 1
        said = descriptions.for_telephone(self.row.said, session=self.tag, version=self.row.version)
        self._with.agent.answer(self.tag, descriptions.in_direction(said, asked), now=monotonic)
        self._keep()

    @property
    def is_busy(self) -> bool:
        """Whether a session of theirs is being asked for."""
        return not self._with.agent.can_ask(self.tag)

    def offer_other(self, place: str) -> str:
        """Make a place for them and another one; the description that the other is offered."""
        return self._with.places.between(place, self.row.offer)

    def agree_with_other(self, place: str, answer: str) -> str:
        """What the other answered; the description for them."""
        return self._with.places.agree(place, answer)

    def lead_to_other(self, place: str, said: str, *, monotonic: float, now: datetime) -> None:
        """Lead them to another caller; the place was made already."""
        self._discard()
        self._lead(place, Where.PASSED_ON, 0, said, monotonic=monotonic)

    def lost_place(self, *, now: datetime) -> None:
        """rtpengine was started anew: what it carried is gone, and is made again."""
        self.line, self._tells = Line(Where.NOWHERE), False
        self._prepared_place = ""
        self.row.place = ""
        self.renew(now=now)

    def leave(self, *, monotonic: float, now: datetime) -> None:
        """The call is over: say so, and forget."""
        self._with.agent.hang_up(self.tag, now=monotonic)
        self.gone()

    def gone(self) -> None:
        """Their end is over already: forget."""
        self.row.delete()
        self.leave_places()

    def leave_places(self) -> None:
        """Close wherever they are, or were to be led."""
        for place in {self.row.place, self._prepared_place, self._move.place if self._move else ""} - {""}:
            self._with.places.close(place)

    def hung_up(self, *, now: datetime) -> None:
        """They hung up."""
        end_call(call_id=self.call_id, by=Call.EndedBy.CUSTOMER, now=now)

    def lost(self, why: str, *, now: datetime) -> None:
        """Their end went away without a word."""
        end_call(call_id=self.call_id, by=Call.EndedBy.NETWORK, why=why, now=now)

    def _prepare(self, round: int, *, now: datetime) -> None:
        self._discard()
        place = self.new_place()
        offered = self._with.places.offer(place, self.row.offer or descriptions.OF_NOBODY)
        self._prepared_place = place
        self.line = replace(self.line, prepared=round, answered=0)
        self._offer_agent(round, descriptions.for_browser(offered), now=now)

    def _offer_agent(self, round: int, sdp: str, *, now: datetime) -> None:
        try:
            ends.say(self.end, round=round, kind="offer", body={"sdp": sdp}, now=now)
        except (NoSuchCall, OnAnotherDevice):
            return  # the call is over; the next look finds that

    def _discard(self) -> None:
        if self._prepared_place and self._prepared_place != self.row.place:
            self._with.places.close(self._prepared_place)
        self._prepared_place = ""
        self.line = replace(self.line, prepared=0, answered=0)

    def _play(self, *, monotonic: float, now: datetime) -> None:
        """The next piece of what they hear while they wait. Nobody is greeted who holds us."""
        if self.holds_us and not self._pieces:
            return
        if self._wait_to_say and self._say_wait(monotonic=monotonic):
            return
        says_place = bool(self._pieces) and self._pieces % 2 == 0
        standing = queries.standing_of_caller(self.call_id, now=now) if says_place else None
        greets = not self._pieces
        recorded = greets and queries.is_to_be_announced(self.call_id)
        listened = greets and queries.is_listening_to_be_told(self.call_id)
        place = standing["place"] if standing else None
        piece = next_piece(self._pieces, place, recorded=recorded, listened=listened)
        self._pieces += 1
        self._wait_to_say = standing["expected"] if standing else None
        self._hear(piece, monotonic=monotonic)
        self._file_of_wait()  # it is made while their place is said

    def _file_of_wait(self) -> Path | None:
        """The sentence that says the wait to expect; None while it is being made, and where the recordings for it are not all there."""
        if self._wait_to_say is None:
            return None
        prompts = wait_prompts(self._wait_to_say["low_seconds"], self._wait_to_say["high_seconds"])
        folder = self._with.recordings / self.row.met_in
        try:
            return self._with.speaker.joined([folder / f"{each}.wav" for each in prompts], settings.SPOKEN_DIR)
        except (OSError, NoSound) as error:
            logger.info("The wait to expect is not said: %s", error)
            self._wait_to_say = None
            return None

    def _say_wait(self, *, monotonic: float) -> bool:
        """Say the wait to expect, after the place; one that is not ready by then is not said."""
        file, self._wait_to_say = self._file_of_wait(), None
        if file:
            self._piece_ends_at = monotonic + self._with.places.play(self.row.place, file, again=False)
            self._tells, self.line = False, replace(self.line, plays=True)
        return file is not None

    def _told(self, *, now: datetime) -> None:
        """They have heard to its end what the greeting of their call tells."""
        if queries.is_to_be_announced(self.call_id):
            customer_told(call_id=self.call_id, now=now)
        if queries.is_listening_to_be_told(self.call_id):
            customer_told_of_listening(call_id=self.call_id, now=now)

    def _hear(self, piece: Piece, *, monotonic: float) -> None:
        folder = self._with.recordings / self.row.met_in if piece.spoken else self._with.recordings
        lasts = self._with.places.play(self.row.place, folder / f"{piece.name}.wav", again=not piece.spoken)
        self._piece_ends_at = monotonic + (piece.seconds or lasts)
        self._tells = piece.tells
        self.line = replace(self.line, plays=True)

    def _hold(self, on: bool) -> None:
        if on:
            self._with.places.hold(self.row.place, self._with.recordings / "hold.wav")
        else:
            self._with.places.resume(self.row.place)
        self.line = replace(self.line, holds=on)

    def _lead(self, place: str, where: Where, round: int, sdp: str, *, monotonic: float) -> None:
        self.row.version += 1
        said = descriptions.for_telephone(sdp, session=self.tag, version=self.row.version)
        self._with.agent.ask(self.tag, said, now=monotonic)
        self.row.said, self.row.where = said, Where.NOWHERE.value
        self._move = _Move(place, where, round, said)
        self._keep()

    def _move_with_them(self, offer: str, *, monotonic: float, now: datetime) -> None:
        before, self.row.place, self.row.offer = self.row.place, self.new_place(), offer
        given = self._with.places.alone(self.row.place, offer)
        self.row.version += 1
        self.row.said = descriptions.for_telephone(given, session=self.tag, version=self.row.version)
        self._with.agent.answer(self.tag, self.row.said, now=monotonic)
        self._discard()
        self.line = Line(Where.ALONE)
        self.row.where = Where.ALONE.value
        self._keep()
        self._with.places.close(before)
        self.renew(now=now)

    def renew(self, *, now: datetime) -> None:
        """What was prepared with an agent is of no use any more: a new round begins."""
        call = Call.objects.get(pk=self.call_id)
        try:
            if call.state not in (Call.State.QUEUED, Call.State.ENDED):
                ends.renew(self.end, round=call.round, now=now)
        except (NoSuchCall, OnAnotherDevice):
            return  # it ended meanwhile

    def new_place(self) -> str:
        """A name that was never used: with the version it cannot come again, also after a restart."""
        self.row.version += 1
        self.row.save(update_fields=["version"])
        return f"{self.tag}.{self.row.version}"

    def _keep(self) -> None:
        self.row.dialog = self._with.agent.dialog(self.tag).as_plain()
        self.row.save(update_fields=["dialog", "offer", "place", "where", "round", "said", "version"])


def taken_up(
    row: Caller, instruments: Instruments, *, as_guest: Callable[[Caller, Instruments], Guest], now: datetime
) -> Guest:
    """A caller whom another process had, and who is on the line. One who was just being led elsewhere is looked after anew."""
    account = account_of(row.number) if row.called else None
    instruments.agent.take_up(Dialog.taken_up(row.dialog), account=account)
    guest = as_guest(row, instruments)
    if guest.line.where == Where.NOWHERE:
        guest.renew(now=now)
    return guest
