"""The house's end of telephone calls: answers who calls, calls others, asks for other sessions within the call, and ends it.

Datagrams go in by `receive`, the time by `tick`; what comes out is collected by `to_send`. Nothing happens twice, however
often it is sent. The other end is a proxy of ours (Kamailio), which says 100 Trying and knows the world's transports.
"""

from collections.abc import Callable, Hashable, Mapping

from aiosipua.message import SipResponse

from homeshore.channels.voice.sip.signalling import messages
from homeshore.channels.voice.sip.signalling.answering import Answering
from homeshore.channels.voice.sip.signalling.asking import Asked, Asking
from homeshore.channels.voice.sip.signalling.called import Called
from homeshore.channels.voice.sip.signalling.calling import Calling
from homeshore.channels.voice.sip.signalling.dialogs import Address, Dialog
from homeshore.channels.voice.sip.signalling.digest import Account
from homeshore.channels.voice.sip.signalling.events import Ended, Event, Gone
from homeshore.channels.voice.sip.signalling.greeting import Greeting
from homeshore.channels.voice.sip.signalling.inquiring import Inquiring
from homeshore.channels.voice.sip.signalling.lines import Line, Lines
from homeshore.channels.voice.sip.signalling.registering import Registering
from homeshore.channels.voice.sip.signalling.resending import Resending, Send


class UserAgent:
    """See the module. `contact` is our own HOST:PORT; `token` makes words that nobody can guess."""

    def __init__(self, *, contact: str, token: Callable[[], str]) -> None:
        self._lines: Lines = {}
        self._resending = Resending()
        self._out: list[Send] = []
        self._answering = Answering(self._resending, self._out)
        self._asking = Asking(self._resending, self._out, contact=contact, token=token)
        self._registering = Registering(self._asking, token)
        self._greeting = Greeting(self._asking, token)
        self._inquiring = Inquiring(self._lines, self._asking, self._resending)
        self._called = Called(self._lines, self._answering, self._resending, contact=contact, token=token)
        self._calling = Calling(
            self._lines, self._asking, token=token, hang_up=lambda tag, now: self.hang_up(tag, now=now)
        )

    def receive(self, datagram: bytes, source: Address, *, now: float) -> list[Event]:
        """What a datagram means. Raises Malformed when it is nothing that can be answered; nothing has changed then."""
        message = messages.read(datagram)
        if isinstance(message, SipResponse):
            return self._hear_answer(message, now=now)
        if message.method == "ACK":
            return self._called.hear_ack(message)
        if self._answering.is_known(message, source):
            return []
        return self._called.hear(message, source, now=now)

    def tick(self, *, now: float) -> list[Event]:
        """What the passing of time means: something is sent again, given up, or asked for once more."""
        self._answering.forget(now=now)
        self._asking.forget(now=now)
        again, given_up = self._resending.due(now=now)
        self._out += again
        events = [event for key in given_up for event in self._give_up(key, now=now)]
        self._calling.ask_again(now=now)
        return events

    def next_due(self) -> float | None:
        """When `tick` has something to do, at the earliest; None while nothing is awaited."""
        moments = [line.ask_at for line in self._lines.values() if line.ask_at is not None]
        due = self._resending.next_due()
        return min(moments if due is None else [*moments, due], default=None)

    def to_send(self) -> list[Send]:
        """Take what is to be sent, in order."""
        out = list(self._out)
        self._out.clear()
        return out

    def dialog(self, tag: str) -> Dialog:
        """The dialog as it is now, to be kept. KeyError when it is over."""
        return self._lines[tag].dialog

    def call(
        self,
        tag: str,
        number: str,
        *,
        shown: str,
        edge: Address,
        sdp: str,
        account: Account | None = None,
        now: float,
    ) -> None:
        """Call a number by the proxy at `edge`, under a tag that nobody else has, showing them the number `shown`.

        With an `account` its trunk carries the call, and is given its password when it asks. Rings, then Answered or Failed follow.
        """
        self._calling.call(tag, number, shown=shown, edge=edge, sdp=sdp, account=account, now=now)

    def register(self, tag: str, account: Account, *, edge: Address, contact: str, seconds: int, now: float) -> None:
        """Ask the trunk of an account, by the proxy at `edge`, to bring its calls to `contact` for so many seconds; no more for 0.

        Registered or NotRegistered follows, under this tag, which names the account.
        """
        self._registering.ask(tag, account, edge=edge, contact=contact, seconds=seconds, now=now)

    def greet(self, edge: Address, *, now: float) -> None:
        """Ask the proxy at `edge` whether it is there; ProxySeen follows when it is."""
        self._greeting.ask(edge, now=now)

    def inquire(self, tag: str, *, now: float) -> None:
        """Ask the other end of a dialog whether it is still in it. There follows when it is, Gone when it knows no such dialog, and
        nothing when nobody answers.
        """
        self._inquiring.ask(tag, now=now)

    def invite_of(self, tag: str) -> str:
        """The INVITE by which we call, to be kept until it is answered. KeyError when it is."""
        return bytes(self._asking.under_way(self._lines[tag].asking).request).decode()

    def answer(self, tag: str, sdp: str, *, now: float) -> None:
        """Accept the call, or the session that they asked for. KeyError when nothing waits for an answer."""
        self._called.answer(tag, sdp, now=now)

    def refuse(self, tag: str, status: int, *, headers: Mapping[str, str] | None = None, now: float) -> None:
        """Refuse the call, or the session that they asked for. KeyError when nothing waits for an answer."""
        self._called.refuse(tag, status, headers=headers, now=now)

    def can_ask(self, tag: str) -> bool:
        """Whether another session may be asked for now: they know that we answered, and nothing else is under way."""
        return self._calling.can_ask(tag)

    def ask(self, tag: str, sdp: str, *, now: float) -> None:
        """Ask them for another session; answered by Agreed, Refused or Gone. KeyError unless `can_ask`."""
        self._calling.ask(tag, sdp, now=now)

    def hang_up(self, tag: str, *, now: float) -> bool:
        """End the call; Ended follows. One that was not answered yet is refused, or taken back. False when it was over."""
        line = self._lines.get(tag)
        if line is not None and line.places:
            if line.listened_to and not line.cancelled:
                self._asking.cancel(self._asking.under_way(line.asking), now=now)
            line.cancelled = True
            return True
        line = self._lines.pop(tag, None)
        if line is None:
            return False
        self._resending.stop(("accepted", tag))
        if line.invite is not None:
            self._answering.say(line.invite, 480, line.source, tag=tag, now=now)
        if line.confirmed or line.accepted:
            self._asking.ask("BYE", line.counted(), now=now)
        return True

    def take_up(self, dialog: Dialog, *, invite: str = "", account: Account | None = None) -> None:
        """Carry on a dialog that another process began, or a call that it placed by `invite` and that was not answered yet."""
        line = self._lines[dialog.tag] = Line(dialog, confirmed=not invite, account=account)
        if invite:
            line.asking = self._asking.take_up(invite.encode(), dialog.tag, dialog.hop).branch
            line.listened_to = True

    def _hear_answer(self, answer: SipResponse, *, now: float) -> list[Event]:
        asked = self._asking.hear(answer, now=now)
        if asked is None:
            return []
        match asked.request.method:
            case "BYE":
                return [Ended(asked.tag)]
            case "REGISTER":
                return self._registering.hear(asked, answer, now=now)
            case "OPTIONS" if asked.tag:
                return self._inquiring.hear(asked, answer)
            case "OPTIONS":
                return self._greeting.hear(answer)
            case _:
                return self._calling.hear(asked, answer, now=now)

    def _give_up(self, key: Hashable, *, now: float) -> list[Event]:
        """Nobody acknowledged an answer of ours, or answered a request of ours, for half a minute."""
        kind, what = key if isinstance(key, tuple) and len(key) == 2 else ("", "")
        if kind == "accepted" and what in self._lines:
            self.hang_up(what, now=now)
            return [Gone(what, "never acknowledged")]
        asked: Asked | None = self._asking.give_up(what) if kind == "asked" else None
        if asked is None:
            return []
        match asked.request.method:
            case "BYE":
                return [Ended(asked.tag)]
            case "OPTIONS":
                return []
            case "REGISTER":
                return self._registering.give_up(asked)
            case _:
                return self._calling.give_up(asked, now=now)
