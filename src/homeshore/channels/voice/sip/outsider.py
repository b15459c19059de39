"""One outside the house whom an agent asks about a call: called as a customer is, and heard by the agent's page as a colleague is.

The telephone is in the place of their page: it offers the agent's page what rtpengine describes, and gives signs of life while their
sound arrives. Their place is theirs and the agent's; customer and they are mixed in the agent's page (docs/explanation/adr/0023).
"""

from datetime import datetime

from homeshore.channels.voice import services
from homeshore.channels.voice.embedded import companion_lines as lines
from homeshore.channels.voice.embedded.companion_lines import LineEnd
from homeshore.channels.voice.models import Call, Companion
from homeshore.channels.voice.refusals import NoSuchCall
from homeshore.channels.voice.sip.callee import Callee
from homeshore.channels.voice.sip.programme import MUSIC, MUSIC_SECONDS, Piece


class Outsider(Callee):
    """Somebody who is asked."""

    @property
    def companion_id(self) -> int:
        """Who they are in the call."""
        return self.row.companion_id or 0

    def presses(self, key: str, *, monotonic: float, now: datetime) -> None:
        """Nothing is asked of them that a key would answer."""

    def hung_up(self, *, now: datetime) -> None:
        """They hung up."""
        services.outside_over(companion_id=self.companion_id, why="left", now=now)

    def lost(self, why: str, *, now: datetime) -> None:
        """Their end went away without a word."""
        services.outside_over(companion_id=self.companion_id, why="lost", now=now)

    def renew(self, *, now: datetime) -> None:
        """What was prepared with the agent's page is of no use any more: a new round begins."""
        try:
            round = Companion.objects.values_list("round", flat=True).get(pk=self.companion_id)
            services.renew_companion(companion_id=self.companion_id, by=None, round=round, now=now)
        except NoSuchCall:
            return  # it ended meanwhile

    def _asked_for_at(self) -> datetime:
        return Companion.objects.values_list("began_at", flat=True).get(pk=self.companion_id)

    def _offer_agent(self, round: int, sdp: str, *, now: datetime) -> None:
        companion = Companion.objects.select_related("call").get(pk=self.companion_id)
        lines.say(LineEnd(companion, is_agents=False), round=round, kind="offer", body={"sdp": sdp}, now=now)

    def _reached(self, *, now: datetime) -> bool:
        return services.outside_answered(companion_id=self.companion_id, now=now)

    def _end(self, by: Call.EndedBy, why: str, *, now: datetime) -> None:
        services.outside_over(companion_id=self.companion_id, why=why, now=now)

    def _play(self, *, monotonic: float, now: datetime) -> None:
        """They wait for nothing but the agent's page."""
        self._hear(Piece(MUSIC, MUSIC_SECONDS, spoken=False), monotonic=monotonic)
