"""A caller who does not wait yet: they are told the notice of the number, and then arrive in their queue, a guest as any other.

Who waits has been told: no agent is kept from them by a text that is still being said, and waits count from the moment when somebody could
answer. Where the number has a menu (`chooser`) the notice comes after it, since only then it is known which language they understand.

Until they arrive they have no contact. Who hangs up counts in no queue, but as `LeftInMenu`.
"""

import logging
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from homeshore.channels.voice.models import Caller, LeftInMenu, Notice
from homeshore.channels.voice.sip.arrival import arrive
from homeshore.channels.voice.sip.guest import Guest, Instruments
from homeshore.channels.voice.sip.media.control import MediaAway, MediaError, UnknownPlace
from homeshore.channels.voice.sip.notices import Telling, notice_for, words_of
from homeshore.channels.voice.sip.signalling import Reinvited
from homeshore.channels.voice.sip.sound import NoSound
from homeshore.channels.voice.sip.spoken import CannotSpeak
from homeshore.channels.voice.sip.steps import House, Play, Step
from homeshore.foundation.errors import Refused

logger = logging.getLogger(__name__)


class Newcomer(Guest):
    """A caller who hears a notice. It is said from its beginning until they have heard it to its end: whatever cuts it short, it is said again."""

    def __init__(self, row: Caller, instruments: Instruments) -> None:
        super().__init__(row, instruments)
        self._notice: Notice | None = None
        self._said_at: datetime | None = None

    @property
    def _is_new(self) -> bool:
        return self.row.stage in (Caller.Stage.CHOOSING, Caller.Stage.HEARING)

    @property
    def _hears(self) -> bool:
        return self.row.stage == Caller.Stage.HEARING

    def take(self, step: Step, house: House, *, monotonic: float, now: datetime) -> None:
        """Do the next thing."""
        if self._hears and isinstance(step, Play):
            self._tell(monotonic=monotonic, now=now)
        else:
            super().take(step, house, monotonic=monotonic, now=now)

    def presses(self, key: str, *, monotonic: float, now: datetime) -> None:
        """They press a key, which cuts no notice short."""
        if not self._is_new:
            super().presses(key, monotonic=monotonic, now=now)

    def asks(self, event: Reinvited, *, monotonic: float, now: datetime) -> None:
        """Their end asks for another session: who puts us on hold meanwhile did not hear the notice."""
        listened = not self.holds_us
        super().asks(event, monotonic=monotonic, now=now)
        if self._hears and listened == self.holds_us:
            self.line = replace(self.line, plays=False)

    def hung_up(self, *, now: datetime) -> None:
        """They hung up."""
        if self._is_new:
            self._left(now=now)
        else:
            super().hung_up(now=now)

    def lost(self, why: str, *, now: datetime) -> None:
        """Their end went away without a word."""
        if self._is_new:
            self._left(now=now)
            self.gone()
        else:
            super().lost(why, now=now)

    def renew(self, *, now: datetime) -> None:
        """Nobody is with them yet."""
        if not self._is_new:
            super().renew(now=now)

    def _lead_to(self, queue_id: int, *, monotonic: float, now: datetime) -> None:
        """They are to arrive in this queue, once they have been told what there is to tell."""
        if notice_for(self.row.number, self.row.met_in):
            self.row.stage, self.row.queue_id = Caller.Stage.HEARING, queue_id
            self.row.save(update_fields=["stage", "queue", "language"])
            self.line = replace(self.line, plays=False)
        else:
            self._arrive(queue_id, None, monotonic=monotonic, now=now)

    def _tell(self, *, monotonic: float, now: datetime) -> None:
        if self.holds_us:
            return
        if self._notice and self._said_at and self.line.plays:
            self._with.places.heard(
                self.row.place
            )  # raises UnknownPlace where rtpengine, started anew, has not said it
            self._let_in(self._notice, self._said_at, to_its_end=True, monotonic=monotonic, now=now)
            return
        self._notice = notice_for(self.row.number, self.row.met_in)
        if self._notice is None:
            self._arrive(self.row.queue_id or self.row.number.queue_id, None, monotonic=monotonic, now=now)
            return
        try:
            self._say(self._notice, monotonic=monotonic, now=now)
        except (MediaAway, UnknownPlace):
            raise
        except (CannotSpeak, MediaError, NoSound, OSError):
            logger.exception(
                "The notice of %s cannot be said: who calls is let in, and it is kept that they were not told",
                self.row.number,
            )
            self._let_in(self._notice, now, to_its_end=False, monotonic=monotonic, now=now)

    def _say(self, notice: Notice, *, monotonic: float, now: datetime) -> None:
        file = self._with.speaker.file_of(words_of(notice), settings.SPOKEN_DIR)
        if file is None:  # it is being spoken: the next look finds it
            return
        lasts = self._with.places.play(self.row.place, file, again=False)
        self._said_at, self._piece_ends_at = now, monotonic + lasts
        self.line = replace(self.line, plays=True)

    def _let_in(self, notice: Notice, began_at: datetime, *, to_its_end: bool, monotonic: float, now: datetime) -> None:
        telling = Telling(notice, began_at, now if to_its_end else None)
        self._arrive(self.row.queue_id or self.row.number.queue_id, telling, monotonic=monotonic, now=now)

    def _arrive(self, queue_id: int, telling: Telling | None, *, monotonic: float, now: datetime) -> None:
        try:
            arrive(self.row, queue_id=queue_id, telling=telling, now=now)
        except Refused as error:
            logger.info("A call to %s is not let into its queue: %s", self.row.number, error)
            self.leave(monotonic=monotonic, now=now)
            return
        self._pieces = 0  # they have not been greeted
        self.line = replace(self.line, plays=False)

    def _left(self, *, now: datetime) -> None:
        """They left before they waited: that it happened is kept, nothing of who they are."""
        during = LeftInMenu.During.NOTICE if self._hears else LeftInMenu.During.MENU
        LeftInMenu.objects.create(number=self.row.number, at=now, during=during)
