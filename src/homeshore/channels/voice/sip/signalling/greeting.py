"""Our proxy is asked whether it is there, and whether it is the same one as before (OPTIONS, RFC 3261 §11)."""

from collections.abc import Callable

from aiosipua.message import SipResponse

from homeshore.channels.voice.sip.signalling.asking import Asking
from homeshore.channels.voice.sip.signalling.dialogs import Address, unanswered
from homeshore.channels.voice.sip.signalling.events import Event, ProxySeen

STARTED = "X-Homeshore-Edge"
"""A header in which our proxy says when it was started; it goes no further."""


class Greeting:
    """One question at a time, each sent once: who asks it again soon need not repeat it."""

    def __init__(self, asking: Asking, token: Callable[[], str]) -> None:
        self._asking, self._token = asking, token
        self._branch = ""

    def ask(self, edge: Address, *, now: float) -> None:
        """Ask the proxy; what was asked before is not waited for any more."""
        self._asking.give_up(self._branch)
        us = f"<sip:house@{edge[0]}:{edge[1]}>;tag={self._token()}"
        target = f"sip:{edge[0]}:{edge[1]}"
        once = unanswered(call_id=self._token(), us=us, them=f"<{target}>", target=target, hop=edge, sequence=1)
        self._branch = self._asking.ask("OPTIONS", once, again=False, now=now).branch

    def hear(self, answer: SipResponse) -> list[Event]:
        """What the proxy said."""
        self._branch = ""
        return [ProxySeen((answer.get_header(STARTED) or "").strip())]
