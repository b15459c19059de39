"""The house's end of telephone calls: answers who calls, calls others, asks for other sessions within the call, and ends it.

Datagrams go in by `receive`, the time by `tick`; what comes out is collected by `to_send`. Nothing happens twice, however
often it is sent. The other end is a proxy of ours (Kamailio), which says 100 Trying and knows the world's transports.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace

from aiosipua.message import SipRequest, SipResponse

from homeshore.channels.voice.sip.signalling import digest, messages
from homeshore.channels.voice.sip.signalling.answering import Answering
from homeshore.channels.voice.sip.signalling.asking import Asked, Asking
from homeshore.channels.voice.sip.signalling.dialogs import Address, Dialog, begun_by, begun_by_us, belongs
from homeshore.channels.voice.sip.signalling.digest import Account, Challenge
from homeshore.channels.voice.sip.signalling.events import (
    Agreed,
    Answered,
    Cancelled,
    Confirmed,
    Ended,
    Event,
    Failed,
    Gone,
    HungUp,
    Invited,
    Refused,
    Reinvited,
    Rings,
)
from homeshore.channels.voice.sip.signalling.greeting import Greeting
from homeshore.channels.voice.sip.signalling.messages import ALLOW, Malformed
from homeshore.channels.voice.sip.signalling.registering import NOBODY_SAID_ANYTHING, Registering
from homeshore.channels.voice.sip.signalling.resending import Resending, Send

GLARE_SECONDS = 1.0
"""Both ends asked for a session at once: who did not begin the dialog asks again within 2 s (RFC 3261 §14.1)."""
LEAST_SESSION_SECONDS = 90
"""The shortest session timer (RFC 4028 §4)."""
BY_ACCOUNT = {"X-Homeshore-Account": "yes"}
"""Tells our proxy that a call goes to the server of its Request-URI, and not to a gateway that knows us by our address."""
IDENTITY = ("P-Asserted-Identity", *BY_ACCOUNT)
"""What an INVITE says of us, also when it is asked once more."""
MOST_PROOFS = 2
"""Of one INVITE: another for a nonce that was over."""


@dataclass(slots=True)
class _Line:
    """A dialog and what is under way in it."""

    dialog: Dialog
    source: Address = ("", 0)
    invite: SipRequest | None = None  # theirs, which waits for our answer
    accepted: SipRequest | None = None  # theirs, answered by 2xx, whose ACK has not come
    confirmed: bool = False
    asking: str = ""  # the branch of our INVITE under way
    wanted: str = ""  # the session to ask for again
    ask_at: float | None = None
    listened_to: bool = False  # somebody works on the INVITE by which we call them
    cancelled: bool = False  # ... which we take back
    account: Account | None = None  # by which they were called
    known: Challenge | None = None  # what was asked as a proof last
    proofs: int = 0  # ... of the INVITE under way

    @property
    def places(self) -> bool:
        """Whether we call them, and they have not answered."""
        return bool(self.asking) and not self.confirmed


class UserAgent:
    """See the module. `contact` is our own HOST:PORT; `token` makes words that nobody can guess."""

    def __init__(self, *, contact: str, token: Callable[[], str]) -> None:
        self._contact, self._token = contact, token
        self._lines: dict[str, _Line] = {}
        self._resending = Resending()
        self._out: list[Send] = []
        self._answering = Answering(self._resending, self._out)
        self._asking = Asking(self._resending, self._out, contact=contact, token=token)
        self._registering = Registering(self._asking, token)
        self._greeting = Greeting(self._asking, token)

    def receive(self, datagram: bytes, source: Address, *, now: float) -> list[Event]:
        """What a datagram means. Raises Malformed when it is nothing that can be answered; nothing has changed then."""
        message = messages.read(datagram)
        if isinstance(message, SipResponse):
            return self._hear_answer(message, now=now)
        if message.method == "ACK":
            return self._hear_ack(message)
        if self._answering.is_known(message, source):
            return []
        return self._hear_request(message, source, now=now)

    def tick(self, *, now: float) -> list[Event]:
        """What the passing of time means: something is sent again, given up, or asked for once more."""
        self._answering.forget(now=now)
        self._asking.forget(now=now)
        again, given_up = self._resending.due(now=now)
        self._out += again
        events = [event for key in given_up for event in self._give_up(key, now=now)]
        for line in [each for each in self._lines.values() if each.ask_at is not None and each.ask_at <= now]:
            sdp, line.wanted, line.ask_at = line.wanted, "", None
            self._ask(line, sdp, now=now)
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
        domain = account.server if account else f"{edge[0]}:{edge[1]}"
        sender = account.login if account else shown
        dialog = begun_by_us(call_id=self._token(), tag=tag, number=number, shown=sender, domain=domain, hop=edge)
        identity = {"P-Asserted-Identity": f"<sip:{shown}@{domain}>", **(BY_ACCOUNT if account else {})}
        line = self._lines[tag] = _Line(dialog, account=account)
        line.asking = self._asking.ask("INVITE", self._counted(line), sdp=sdp, more=identity, now=now).branch

    def register(self, tag: str, account: Account, *, edge: Address, contact: str, seconds: int, now: float) -> None:
        """Ask the trunk of an account, by the proxy at `edge`, to bring its calls to `contact` for so many seconds; no more for 0.

        Registered or NotRegistered follows, under this tag, which names the account.
        """
        self._registering.ask(tag, account, edge=edge, contact=contact, seconds=seconds, now=now)

    def greet(self, edge: Address, *, now: float) -> None:
        """Ask the proxy at `edge` whether it is there; ProxySeen follows when it is."""
        self._greeting.ask(edge, now=now)

    def invite_of(self, tag: str) -> str:
        """The INVITE by which we call, to be kept until it is answered. KeyError when it is."""
        return bytes(self._asking.under_way(self._lines[tag].asking).request).decode()

    def answer(self, tag: str, sdp: str, *, now: float) -> None:
        """Accept the call, or the session that they asked for. KeyError when nothing waits for an answer."""
        line, invite = self._waiting(tag)
        line.accepted = invite
        headers = {"Contact": f"<sip:{self._contact}>", "Allow": ALLOW, **_session_timer(invite)}
        self._answering.say(invite, 200, line.source, tag=tag, sdp=sdp, headers=headers, now=now)

    def refuse(self, tag: str, status: int, *, headers: Mapping[str, str] | None = None, now: float) -> None:
        """Refuse the call, or the session that they asked for. KeyError when nothing waits for an answer."""
        line, invite = self._waiting(tag)
        self._answering.say(invite, status, line.source, tag=tag, headers=headers, now=now)
        if not line.confirmed:
            del self._lines[tag]

    def can_ask(self, tag: str) -> bool:
        """Whether another session may be asked for now: they know that we answered, and nothing else is under way."""
        line = self._lines.get(tag)
        return line is not None and line.confirmed and not (line.asking or line.wanted or line.invite or line.accepted)

    def ask(self, tag: str, sdp: str, *, now: float) -> None:
        """Ask them for another session; answered by Agreed, Refused or Gone. KeyError unless `can_ask`."""
        if not self.can_ask(tag):
            raise KeyError(tag)
        self._ask(self._lines[tag], sdp, now=now)

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
            self._asking.ask("BYE", self._counted(line), now=now)
        return True

    def take_up(self, dialog: Dialog, *, invite: str = "", account: Account | None = None) -> None:
        """Carry on a dialog that another process began, or a call that it placed by `invite` and that was not answered yet."""
        line = self._lines[dialog.tag] = _Line(dialog, confirmed=not invite, account=account)
        if invite:
            line.asking = self._asking.take_up(invite.encode(), dialog.tag, dialog.hop).branch
            line.listened_to = True

    def _hear_request(self, request: SipRequest, source: Address, *, now: float) -> list[Event]:
        if request.method == "CANCEL":
            return self._hear_cancel(request, source, now=now)
        if request.method == "OPTIONS":
            self._answering.say(request, 200, source, tag=self._token(), headers={"Allow": ALLOW}, now=now)
            return []
        if request.method not in ("INVITE", "BYE"):
            self._answering.say(request, 405, source, tag=self._token(), headers={"Allow": ALLOW}, now=now)
            return []
        if request.method == "INVITE" and not messages.receiver_tag(request):
            return self._hear_call(request, source, now=now)
        line = self._lines.get(messages.receiver_tag(request))
        if line is None or not belongs(request, line.dialog):
            self._answering.say(request, 481, source, now=now)
            return []
        if messages.sequence_of(request)[0] <= line.dialog.heard:
            self._answering.say(request, 500, source, now=now)
            return []
        return self._hear_within(request, line, source, now=now)

    def _hear_within(self, request: SipRequest, line: _Line, source: Address, *, now: float) -> list[Event]:
        tag = line.dialog.tag
        if request.method == "BYE":
            self._answering.say(request, 200, source, now=now)
            if line.invite is not None:
                self._answering.say(line.invite, 487, line.source, tag=tag, now=now)
            self._resending.stop(("accepted", tag))
            del self._lines[tag]
            return [HungUp(tag)]
        if line.asking or line.invite or line.accepted:
            self._answering.say(request, 491 if line.asking else 500, source, now=now)
            return []
        line.dialog = line.dialog.after(request)
        line.invite, line.source = request, source
        self._answering.begin(request)
        return [Reinvited(tag, messages.sdp_of(request))]

    def _hear_call(self, invite: SipRequest, source: Address, *, now: float) -> list[Event]:
        unknown = [each for each in invite.get_header_values("Require") if each.lower() != "timer"]
        wanted, tag = _wanted_session(invite), self._token()
        if unknown:
            self._answering.say(invite, 420, source, tag=tag, headers={"Unsupported": ", ".join(unknown)}, now=now)
            return []
        if wanted is not None and wanted < LEAST_SESSION_SECONDS:
            self._answering.say(invite, 422, source, tag=tag, headers={"Min-SE": str(LEAST_SESSION_SECONDS)}, now=now)
            return []
        try:
            dialog = begun_by(invite, tag=tag, source=source)
        except Malformed:
            self._answering.say(invite, 400, source, tag=tag, now=now)
            return []
        self._answering.begin(invite)
        self._lines[tag] = _Line(dialog, source, invite)
        number, name = messages.caller_of(invite)
        called, wrote_to = messages.called_by(invite), messages.addressee_of(invite)
        return [Invited(tag, called, number, name, messages.sdp_of(invite), wrote_to)]

    def _hear_ack(self, ack: SipRequest) -> list[Event]:
        self._answering.hear_ack(ack)
        line = self._lines.get(messages.receiver_tag(ack))
        if line is None or line.accepted is None or not belongs(ack, line.dialog):
            return []
        if messages.sequence_of(ack)[0] != messages.sequence_of(line.accepted)[0]:
            return []
        self._resending.stop(("accepted", line.dialog.tag))
        line.accepted = None
        first, line.confirmed = not line.confirmed, True
        return [Confirmed(line.dialog.tag)] if first else []

    def _hear_cancel(self, cancel: SipRequest, source: Address, *, now: float) -> list[Event]:
        branch, sender, _ = messages.key_of(cancel)
        key = (branch, sender, "INVITE")
        self._answering.say(cancel, 200 if self._answering.has_invite(key) else 481, source, now=now)
        line = next((each for each in self._lines.values() if _is_invite(each.invite, key)), None)
        if line is None or line.invite is None:
            return []
        tag, invite, line.invite = line.dialog.tag, line.invite, None
        self._answering.say(invite, 487, line.source, tag=tag, now=now)
        if line.confirmed:
            return []
        del self._lines[tag]
        return [Cancelled(tag)]

    def _hear_answer(self, answer: SipResponse, *, now: float) -> list[Event]:
        asked = self._asking.hear(answer, now=now)
        if asked is None:
            return []
        if asked.request.method == "BYE":
            return [Ended(asked.tag)]
        if asked.request.method == "REGISTER":
            return self._registering.hear(asked, answer, now=now)
        if asked.request.method == "OPTIONS":
            return self._greeting.hear(answer)
        line = self._lines.get(asked.tag)
        if line is None or line.asking != asked.branch:
            return []
        if answer.status_code < 200:
            return self._hear_progress(line, asked, answer, now=now)
        if self._prove(line, asked, answer, now=now):
            return []
        if line.places:
            return self._hear_outcome(line, asked, answer, now=now)
        line.asking = ""
        if answer.status_code < 300:
            line.dialog = line.dialog.retargeted(answer)
            return [Agreed(asked.tag, messages.sdp_of(answer))]
        if answer.status_code == 491:
            line.wanted, line.ask_at = asked.sdp, now + GLARE_SECONDS
            return []
        if answer.status_code in (408, 481):
            del self._lines[asked.tag]
            return [Gone(asked.tag, f"answered {answer.status_code}")]
        return [Refused(asked.tag, answer.status_code)]

    def _prove(self, line: _Line, asked: Asked, answer: SipResponse, *, now: float) -> bool:
        """Ask once more with the proof that the trunk wants of an account; whether it is one that can be given (§22)."""
        if answer.status_code < 300:
            line.proofs = 0
        challenge = digest.next_challenge(line.known if line.proofs else None, answer)
        if line.account is None or challenge is None or line.proofs == MOST_PROOFS or line.cancelled:
            return False
        line.known, line.proofs, line.listened_to = challenge.used(), line.proofs + 1, False
        uri = asked.request.uri
        said = digest.proof(line.known, line.account, method="INVITE", uri=uri, word=self._token())
        same = {name: value for name in IDENTITY if (value := asked.request.get_header(name))}
        more = {**same, challenge.answered_by: said}
        line.asking = self._asking.ask("INVITE", self._counted(line), sdp=asked.sdp, more=more, now=now).branch
        return True

    def _hear_progress(self, line: _Line, asked: Asked, answer: SipResponse, *, now: float) -> list[Event]:
        if not line.places:
            return []
        first, line.listened_to = not line.listened_to, True
        if line.cancelled:
            if first:
                self._asking.cancel(asked, now=now)
            return []
        return [Rings(asked.tag, messages.sdp_of(answer))] if answer.status_code > 100 else []

    def _hear_outcome(self, line: _Line, asked: Asked, answer: SipResponse, *, now: float) -> list[Event]:
        """The call that we place is answered or refused. An answer that crossed our taking it back is hung up."""
        if answer.status_code >= 300:
            del self._lines[asked.tag]
            return [Ended(asked.tag) if line.cancelled else Failed(asked.tag, answer.status_code)]
        line.asking, line.confirmed, line.dialog = "", True, line.dialog.answered(answer)
        if line.cancelled:
            self.hang_up(asked.tag, now=now)
            return []
        return [Answered(asked.tag, messages.sdp_of(answer))]

    def _give_up(self, key: Hashable, *, now: float) -> list[Event]:
        """Nobody acknowledged an answer of ours, or answered a request of ours, for half a minute."""
        kind, what = key if isinstance(key, tuple) and len(key) == 2 else ("", "")
        if kind == "accepted" and what in self._lines:
            self.hang_up(what, now=now)
            return [Gone(what, "never acknowledged")]
        asked: Asked | None = self._asking.give_up(what) if kind == "asked" else None
        if asked is None:
            return []
        if asked.request.method == "BYE":
            return [Ended(asked.tag)]
        if asked.request.method == "REGISTER":
            return self._registering.give_up(asked)
        if (line := self._lines.get(asked.tag)) and line.places:
            del self._lines[asked.tag]
            return [Ended(asked.tag) if line.cancelled else Failed(asked.tag, NOBODY_SAID_ANYTHING)]
        return [Gone(asked.tag, "does not answer")] if self.hang_up(asked.tag, now=now) else []

    def _waiting(self, tag: str) -> tuple[_Line, SipRequest]:
        line = self._lines[tag]
        invite, line.invite = line.invite, None
        if invite is None:
            raise KeyError(tag)
        return line, invite

    def _ask(self, line: _Line, sdp: str, *, now: float) -> None:
        line.asking = self._asking.ask("INVITE", self._counted(line), sdp=sdp, now=now).branch

    def _counted(self, line: _Line) -> Dialog:
        line.dialog = replace(line.dialog, sequence=line.dialog.sequence + 1)
        return line.dialog


def _is_invite(invite: SipRequest | None, key: tuple[str, str, str]) -> bool:
    return invite is not None and messages.key_of(invite) == key


def _wanted_session(invite: SipRequest) -> int | None:
    """Seconds of the session timer that the caller asks for; None without one."""
    asked = (invite.get_header("Session-Expires") or invite.get_header("x") or "").partition(";")[0].strip()
    return int(asked) if asked.isdecimal() else None


def _session_timer(invite: SipRequest) -> dict[str, str]:
    """Who asks for a session timer keeps it alive (RFC 4028 §9); whether sound comes is watched in any case."""
    wanted = _wanted_session(invite)
    return {} if wanted is None else {"Session-Expires": f"{wanted};refresher=uac", "Require": "timer"}
