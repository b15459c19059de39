"""Requests of ours within a dialog (RFC 3261 §17.1): sent until somebody answers; what answers an INVITE is acknowledged."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from aiosipua.message import SipRequest, SipResponse

from homeshore.channels.voice.sip.signalling import messages
from homeshore.channels.voice.sip.signalling.dialogs import Address, Dialog, contact_of
from homeshore.channels.voice.sip.signalling.resending import PATIENCE_SECONDS, Resending, Send

COOKIE = "z9hG4bK"
"""With which every branch begins (§8.1.1.7)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of ours that is under way, in the dialog `tag`, known by its `branch`."""

    branch: str
    tag: str
    request: SipRequest
    hop: Address
    sdp: str


class Asking:
    """What we asked and wait to hear. Puts what is to be sent into `out`."""

    def __init__(self, resending: Resending, out: list[Send], *, contact: str, token: Callable[[], str]) -> None:
        self._resending, self._out, self._contact, self._token = resending, out, contact, token
        self._asked: dict[str, Asked] = {}
        self._acks: dict[str, Send] = {}
        self._forget_at: deque[tuple[float, str]] = deque()

    def ask(self, method: str, dialog: Dialog, *, sdp: str = "", now: float) -> Asked:
        """Send a request of the dialog, which already counts it."""
        branch = COOKIE + self._token()
        headers: dict[str, str | tuple[str, ...]] = {
            "Via": self._via(branch),
            "Route": dialog.route,
            "From": dialog.us,
            "To": dialog.them,
            "Call-ID": dialog.call_id,
            "CSeq": f"{dialog.sequence} {method}",
            "Contact": f"<sip:{self._contact}>",
            "Allow": messages.ALLOW,
        }
        request = messages.request(method, dialog.target, sdp=sdp, headers=headers)
        asked = Asked(branch, dialog.tag, request, dialog.hop, sdp)
        self._asked[branch] = asked
        datagram = bytes(request)
        self._out.append(Send(datagram, dialog.hop))
        self._resending.begin(("asked", branch), datagram, dialog.hop, now=now)
        return asked

    def hear(self, answer: SipResponse, *, now: float) -> Asked | None:
        """What this finally answers; None when it is not final, came before, or answers nothing that we asked."""
        branch = messages.branch_of(answer)
        if answer.status_code >= 200 and (ack := self._acks.get(branch)):
            self._out.append(ack)
            return None
        asked = self._asked.get(branch)
        if asked is None or messages.sequence_of(answer) != messages.sequence_of(asked.request):
            return None
        if answer.status_code < 200:
            if asked.request.method == "INVITE":
                self._resending.only_wait(("asked", branch))
            return None
        self._resending.stop(("asked", branch))
        del self._asked[branch]
        if asked.request.method == "INVITE":
            self._acknowledge(asked, answer, now=now)
        return asked

    def give_up(self, branch: str) -> Asked | None:
        """Nobody answered."""
        return self._asked.pop(branch, None)

    def forget(self, *, now: float) -> None:
        """Forget the ACKs of what is answered no more."""
        while self._forget_at and self._forget_at[0][0] <= now:
            self._acks.pop(self._forget_at.popleft()[1], None)

    def _acknowledge(self, asked: Asked, answer: SipResponse, *, now: float) -> None:
        """The ACK of an acceptance is a request of its own, that of a refusal belongs to the INVITE (§13.2.2.4, §17.1.1.3)."""
        accepted = answer.status_code < 300
        headers: dict[str, str | tuple[str, ...]] = {
            "Via": self._via(COOKIE + self._token() if accepted else asked.branch),
            "Route": tuple(asked.request.get_header_values("Route")),
            "From": asked.request.get_header("From") or "",
            "To": answer.get_header("To") or "",
            "Call-ID": asked.request.call_id or "",
            "CSeq": f"{messages.sequence_of(asked.request)[0]} ACK",
        }
        target = (contact_of(answer) if accepted else "") or asked.request.uri
        ack = Send(bytes(messages.request("ACK", target, headers=headers)), asked.hop)
        self._out.append(ack)
        self._acks[asked.branch] = ack
        self._forget_at.append((now + PATIENCE_SECONDS, asked.branch))

    def _via(self, branch: str) -> str:
        return f"SIP/2.0/UDP {self._contact};branch={branch};rport"
