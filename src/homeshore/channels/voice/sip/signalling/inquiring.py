"""Whoever is on the line is asked whether they still are (OPTIONS within the dialog, RFC 3261 §11 and §12.2)."""

from aiosipua.message import SipResponse

from homeshore.channels.voice.sip.signalling.asking import Asked, Asking
from homeshore.channels.voice.sip.signalling.events import Event, Gone, There
from homeshore.channels.voice.sip.signalling.lines import Lines
from homeshore.channels.voice.sip.signalling.resending import Resending

UNKNOWN_METHODS = (405, 501)
"""Of an end that is there, and knows no OPTIONS."""
NO_SUCH_DIALOG = 481


class Inquiring:
    """Each question is sent once: who hears nothing asks again."""

    def __init__(self, lines: Lines, asking: Asking, resending: Resending) -> None:
        self._lines, self._asking, self._resending = lines, asking, resending

    def ask(self, tag: str, *, now: float) -> None:
        """Ask the other end of a dialog. Nothing is asked before both ends know that it holds, or once it is over."""
        line = self._lines.get(tag)
        if line is not None and line.confirmed:
            asked = self._asking.ask("OPTIONS", line.counted(), now=now)
            self._resending.only_wait(("asked", asked.branch))

    def hear(self, asked: Asked, answer: SipResponse) -> list[Event]:
        """What they, or a proxy in their stead, answered. What only a proxy says tells nothing: a question may have been lost on the way."""
        if asked.tag not in self._lines:
            return []
        if answer.status_code == NO_SUCH_DIALOG:
            del self._lines[asked.tag]
            return [Gone(asked.tag, f"answered {NO_SUCH_DIALOG}")]
        if answer.status_code < 300 or answer.status_code in UNKNOWN_METHODS:
            return [There(asked.tag)]
        return []
