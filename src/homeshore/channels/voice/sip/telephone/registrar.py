"""The accounts at trunks are kept registered: asked for when they are due, noted as the trunk says, given back when the telephone ends."""

import logging
from datetime import datetime

from homeshore.channels.voice.models import TrunkAccount
from homeshore.channels.voice.sip import accounts
from homeshore.channels.voice.sip.registration import ASKED_SECONDS
from homeshore.channels.voice.sip.signalling import Address, NotRegistered, ProxySeen, Registered
from homeshore.channels.voice.sip.telephone.guests import Guests
from homeshore.foundation.sealing import SecretLost

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
TAG = "account-"
UNREADABLE = 401


class Registrar:
    """Speaks with the trunks about the house's accounts, by the edge; their calls come to `outside`, the edge's address there."""

    def __init__(self, guests: Guests) -> None:
        self._guests, self._with = guests, guests.instruments
        self._asked: dict[str, datetime | None] = {}
        self._edge_started = ""
        self.look_at = 0.0

    @property
    def waits(self) -> bool:
        """Whether a trunk has yet to answer."""
        return bool(self._asked)

    def look(self) -> None:
        """Ask for what is due, and the edge whether it still is the same one."""
        self.look_at = self._guests.monotonic() + LOOK_SECONDS
        if self._with.edge is None:
            return
        self._with.agent.greet(self._with.edge, now=self._guests.monotonic())
        with self._guests.one_at_a_time(""):
            for row in accounts.take_due(home=self._guests.home, now=self._guests.now()):
                self._ask(row, self._with.edge, seconds=ASKED_SECONDS if row.active else 0)

    def give_back(self) -> None:
        """Ask the trunks to bring nothing any more of what this telephone registered; whoever comes after it registers anew."""
        if self._with.edge:
            for row in accounts.kept_by(self._guests.home):
                self._ask(row, self._with.edge, seconds=0)

    def see_edge(self, event: ProxySeen) -> None:
        """The edge is there. One that was started anew knows no trunk any more: all are asked again, and so it learns them."""
        if event.started != self._edge_started:
            self._edge_started = event.started
            if accounts.ask_again(now=self._guests.now()):
                logger.info("The edge is a new one: the trunks are asked again")
                self.look()

    def hear(self, event: Registered | NotRegistered) -> None:
        """What a trunk said."""
        asked = self._asked.pop(event.tag, None)
        account_id, now = int(event.tag.removeprefix(TAG)), self._guests.now()
        if isinstance(event, Registered):
            accounts.note_registered(account_id, asked=asked, seconds=event.seconds, now=now)
        else:
            logger.warning("The trunk of account %s does not register it: SIP %s", account_id, event.status)
            accounts.note_failed(account_id, asked=asked, status=event.status, retry_after=event.retry_after, now=now)

    def _ask(self, row: TrunkAccount, edge: Address, *, seconds: int) -> None:
        try:
            account = accounts.as_signalled(row)
        except SecretLost:
            accounts.note_failed(row.pk, asked=row.next_at, status=UNREADABLE, retry_after=0, now=self._guests.now())
            return
        host, port = self._with.outside or edge
        tag, contact = f"{TAG}{row.pk}", f"sip:{row.login}@{host}:{port}"
        self._asked[tag] = row.next_at
        self._with.agent.register(
            tag, account, edge=edge, contact=contact, seconds=seconds, now=self._guests.monotonic()
        )
