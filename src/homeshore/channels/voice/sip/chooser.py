"""A caller who hears the menu of a number, until they have chosen: then they are a newcomer as any other.

Before, they have no contact: nobody waits who has not said for what.
"""

import logging
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from homeshore.channels.voice.models import Caller, Choice
from homeshore.channels.voice.sip.guest import Instruments
from homeshore.channels.voice.sip.media.control import MediaAway, MediaError, UnknownPlace
from homeshore.channels.voice.sip.menu import ANSWER_SECONDS, After, Follow, Say, next_in_menu
from homeshore.channels.voice.sip.newcomer import Newcomer
from homeshore.channels.voice.sip.numbers import menu_words
from homeshore.channels.voice.sip.signalling import Dialog
from homeshore.channels.voice.sip.sound import NoSound
from homeshore.channels.voice.sip.spoken import CannotSpeak
from homeshore.channels.voice.sip.steps import House, Play, Step, Where

logger = logging.getLogger(__name__)


class Chooser(Newcomer):
    """A caller who chooses."""

    def __init__(self, row: Caller, instruments: Instruments) -> None:
        super().__init__(row, instruments)
        self._choices = {str(each.key): each for each in row.number.choices.all()}
        self._said = 0

    @property
    def _chooses(self) -> bool:
        return self.row.stage == Caller.Stage.CHOOSING

    def take(self, step: Step, house: House, *, monotonic: float, now: datetime) -> None:
        """Do the next thing."""
        if self._chooses and isinstance(step, Play):
            self._go_on("", monotonic=monotonic, now=now)
        else:
            super().take(step, house, monotonic=monotonic, now=now)

    def presses(self, key: str, *, monotonic: float, now: datetime) -> None:
        """They press a key."""
        if not self._chooses:
            super().presses(key, monotonic=monotonic, now=now)
        elif key in self._choices or self.line.where == Where.ALONE:
            self._go_on(key, monotonic=monotonic, now=now)

    def _go_on(self, pressed: str, *, monotonic: float, now: datetime) -> None:
        match next_in_menu(self._choices, said=self._said, pressed=pressed):
            case Follow(key):
                self._follow(self._choices.get(key), monotonic=monotonic, now=now)
            case Say(after):
                try:
                    self._offer(after, monotonic=monotonic)
                except (MediaAway, UnknownPlace):
                    raise
                except (CannotSpeak, MediaError, NoSound, OSError):
                    logger.exception("The menu of %s cannot be said: who calls goes where it leads", self.row.number)
                    self._follow(None, monotonic=monotonic, now=now)

    def _offer(self, after: After, *, monotonic: float) -> None:
        words = menu_words(self.row.number, list(self._choices.values()), after=after)
        file = self._with.speaker.file_of(words, settings.SPOKEN_DIR)
        if file is None:  # it is being spoken: the next look finds it
            return
        lasts = self._with.places.play(self.row.place, file, again=False)
        self._said += 1
        self._piece_ends_at = monotonic + lasts + ANSWER_SECONDS
        self.line = replace(self.line, plays=True)

    def _follow(self, choice: Choice | None, *, monotonic: float, now: datetime) -> None:
        number = self.row.number
        self.row.language = choice.language if choice else number.language
        self._lead_to(choice.queue_id if choice else number.queue_id, monotonic=monotonic, now=now)


def newcomer_before(row: Caller, instruments: Instruments) -> Newcomer:
    """A caller who had not arrived when another process had them: they hear the menu, or the notice, from its beginning."""
    instruments.agent.take_up(Dialog.taken_up(row.dialog))
    return Chooser(row, instruments) if row.stage == Caller.Stage.CHOOSING else Newcomer(row, instruments)
