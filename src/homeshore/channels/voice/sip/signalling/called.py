"""What the other end asks of us (RFC 3261 §8.2, §12.2.2): calls, other sessions, taking back, hanging up; and our answers."""

from collections.abc import Callable, Mapping

from aiosipua.message import SipRequest

from homeshore.channels.voice.sip.signalling import messages
from homeshore.channels.voice.sip.signalling.answering import Answering
from homeshore.channels.voice.sip.signalling.dialogs import Address, begun_by, belongs
from homeshore.channels.voice.sip.signalling.events import Cancelled, Confirmed, Event, HungUp, Invited, Reinvited
from homeshore.channels.voice.sip.signalling.lines import Line, Lines
from homeshore.channels.voice.sip.signalling.messages import ALLOW, Malformed
from homeshore.channels.voice.sip.signalling.resending import Resending

LEAST_SESSION_SECONDS = 90
"""The shortest session timer (RFC 4028 §4)."""


class Called:
    """Hears requests. `contact` and `token` are as the user agent has them."""

    def __init__(
        self, lines: Lines, answering: Answering, resending: Resending, *, contact: str, token: Callable[[], str]
    ) -> None:
        self._lines, self._answering, self._resending = lines, answering, resending
        self._contact, self._token = contact, token

    def hear(self, request: SipRequest, source: Address, *, now: float) -> list[Event]:
        """What a request means that was not heard before, an ACK apart."""
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

    def hear_ack(self, ack: SipRequest) -> list[Event]:
        """They know what we answered."""
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

    def _hear_within(self, request: SipRequest, line: Line, source: Address, *, now: float) -> list[Event]:
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
        self._lines[tag] = Line(dialog, source, invite)
        number, name = messages.caller_of(invite)
        called, wrote_to = messages.called_by(invite), messages.addressee_of(invite)
        return [Invited(tag, called, number, name, messages.sdp_of(invite), wrote_to)]

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

    def _waiting(self, tag: str) -> tuple[Line, SipRequest]:
        line = self._lines[tag]
        invite, line.invite = line.invite, None
        if invite is None:
            raise KeyError(tag)
        return line, invite


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
