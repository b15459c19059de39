"""Who is on the telephone, by our names of their dialogs: who was there before, who goes, and that none of them holds up another."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db.models import Q

from homeshore.channels.voice.embedded.driver import NAME
from homeshore.channels.voice.models import Caller
from homeshore.channels.voice.sip.at_page import AtPage, is_at_page
from homeshore.channels.voice.sip.callee import Callee, dialled_before
from homeshore.channels.voice.sip.chooser import newcomer_before
from homeshore.channels.voice.sip.guest import Guest, Instruments, taken_up
from homeshore.channels.voice.sip.media.control import MediaAway, MediaError, UnknownPlace
from homeshore.channels.voice.sip.outsider import Outsider
from homeshore.foundation import feed
from homeshore.foundation.transactions import write

logger = logging.getLogger(__name__)


class Guests:
    """All whom the telephone at the address `home` carries."""

    def __init__(
        self, home: str, instruments: Instruments, *, now: Callable[[], datetime], monotonic: Callable[[], float]
    ) -> None:
        self.home, self.instruments, self.now, self.monotonic = home, instruments, now, monotonic
        self._by_tag: dict[str, Guest] = {}

    def __iter__(self) -> Iterator[Guest]:
        """All of them as they are now: who goes meanwhile is looked at once more."""
        return iter(list(self._by_tag.values()))

    def __len__(self) -> int:
        return len(self._by_tag)

    def __contains__(self, guest: Guest) -> bool:
        return guest.tag in self._by_tag

    def known(self, tag: str) -> Guest | None:
        """Who has this tag."""
        return self._by_tag.get(tag)

    def let_in(self, guest: Guest) -> None:
        """They are on the telephone from now on."""
        self._by_tag[guest.tag] = guest

    def forget(self, guest: Guest) -> None:
        """They are gone."""
        self._by_tag.pop(guest.tag, None)

    def take_up(self) -> None:
        """Carry on the calls that the telephone at this address had before."""
        for row in Caller.objects.filter(home=self.home).select_related("number", "call").order_by("id"):
            with self.one_at_a_time(row.tag):
                self.let_in(self._as_before(row))

    def _as_before(self, row: Caller) -> Guest:
        match row.stage:
            case Caller.Stage.CHOOSING | Caller.Stage.HEARING:
                return newcomer_before(row, self.instruments)
            case Caller.Stage.PASSED_ON if is_at_page(row):
                return AtPage(row, self.instruments)
            case Caller.Stage.ON_LINE | Caller.Stage.PASSED_ON:
                as_guest = Outsider if row.companion_id else Guest
                return taken_up(row, self.instruments, as_guest=as_guest, now=self.now())
            case _:
                return dialled_before(row, self.instruments, as_callee=_callee_of(row), now=self.now())

    def take_errands(self) -> None:
        """Calls that somebody in the house wants placed: the telephone that sees one first places it. And pages that were passed on to
        somebody who is at this one.
        """
        if self.instruments.edge is None:
            return
        errand = Q(stage=Caller.Stage.TO_DIAL) | Q(stage=Caller.Stage.PASSED_ON, call__driver=NAME)
        wanted = Caller.objects.filter(errand, home__in=("", self.home)).exclude(tag__in=self._by_tag)
        for row in wanted.select_related("number", "call").order_by("id"):
            if Caller.objects.filter(pk=row.pk, home=row.home).update(home=self.home):
                row.home = self.home
                self.let_in(_newcomer_of(row)(row, self.instruments))

    def hung_up(self, guest: Guest) -> None:
        """They hung up: the call is over, and nothing is kept of their end, in one transaction."""
        with write(), feed.together():
            guest.hung_up(now=self.now())
            guest.row.delete()
        self.forget(guest)
        guest.leave_places()

    def part(self, guest: Guest) -> None:
        """One of two who were passed on to each other is gone; the other is hung up at the next look."""
        self.forget(guest)
        guest.leave(monotonic=self.monotonic(), now=self.now())

    @contextmanager
    def one_at_a_time(self, tag: str) -> Iterator[None]:
        """What goes wrong with one caller holds up no other; it is tried again at the next look."""
        try:
            yield
        except MediaAway as error:
            logger.warning("%s", error)
        except UnknownPlace:
            guest = self.known(tag)
            if guest:
                logger.warning("rtpengine has forgotten call %s, whose sound is set up anew", guest.tag)
                guest.lost_place(now=self.now())
        except MediaError:
            logger.exception("The sound of a call cannot be set up")
        except Exception:
            logger.exception("The telephone failed in a way nobody foresaw")


def _newcomer_of(row: Caller) -> type[Guest]:
    """Somebody whom the house calls, or a page that was passed on."""
    return AtPage if row.stage == Caller.Stage.PASSED_ON else _callee_of(row)


def _callee_of(row: Caller) -> type[Callee]:
    """A customer whom the house calls, or somebody whom an agent asks about a call."""
    return Outsider if row.companion_id else Callee
