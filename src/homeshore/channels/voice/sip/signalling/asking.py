"""Requests of ours (RFC 3261 §17.1): sent until somebody answers; what answers an INVITE is acknowledged."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from aiosipua.message import SipRequest, SipResponse

from homeshore.channels.voice.sip.signalling import messages
from homeshore.channels.voice.sip.signalling.dialogs import Address, Dialog, begun_by_answer, contact_of
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

    @property
    def begins(self) -> bool:
        """Whether it is to begin a dialog: an INVITE to somebody who has not answered yet."""
        return not messages.receiver_tag(self.request)


class Asking:
    """What we asked and wait to hear. Puts what is to be sent into `out`."""

    def __init__(self, resending: Resending, out: list[Send], *, contact: str, token: Callable[[], str]) -> None:
        self._resending, self._out, self._contact, self._token = resending, out, contact, token
        self._asked: dict[str, Asked] = {}
        self._answered: dict[str, Asked] = {}
        self._acks: dict[tuple[str, str], Send] = {}
        self._forget_at: deque[tuple[float, str, str]] = deque()

    def ask(
        self,
        method: str,
        dialog: Dialog,
        *,
        sdp: str = "",
        more: Mapping[str, str] | None = None,
        again: bool = True,
        now: float,
    ) -> Asked:
        """Send a request of the dialog, which already counts it, `again` and again until it is answered; `more` are headers of its own."""
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
            **(more or {}),
        }
        request = messages.request(method, dialog.target, sdp=sdp, headers=headers)
        asked = Asked(branch, dialog.tag, request, dialog.hop, sdp)
        self._asked[branch] = asked
        datagram = bytes(request)
        self._out.append(Send(datagram, dialog.hop))
        if again:
            self._resending.begin(("asked", branch), datagram, dialog.hop, now=now)
        return asked

    def take_up(self, datagram: bytes, tag: str, hop: Address) -> Asked:
        """Wait for the answer to an INVITE that another process sent, and to which somebody listens."""
        request = messages.read(datagram)
        if not isinstance(request, SipRequest):
            raise messages.Malformed("It is no request.")
        asked = Asked(messages.branch_of(request), tag, request, hop, messages.sdp_of(request))
        self._asked[asked.branch] = asked
        return asked

    def cancel(self, asked: Asked, *, now: float) -> None:
        """Take back an INVITE to which somebody listens (§9.1): it is answered all the same, or given up."""
        headers: dict[str, str | tuple[str, ...]] = {
            **{name: asked.request.get_header(name) or "" for name in ("Via", "From", "To", "Call-ID")},
            "CSeq": f"{messages.sequence_of(asked.request)[0]} CANCEL",
        }
        datagram = bytes(messages.request("CANCEL", asked.request.uri, headers=headers))
        self._out.append(Send(datagram, asked.hop))
        self._resending.begin(("cancelled", asked.branch), datagram, asked.hop, now=now)
        self._resending.begin(("asked", asked.branch), bytes(asked.request), asked.hop, now=now)
        self._resending.only_wait(("asked", asked.branch))

    def hear(self, answer: SipResponse, *, now: float) -> Asked | None:
        """What this answers, an INVITE also for the time being (1xx); None when it came before, or answers nothing that we asked."""
        branch, method = messages.branch_of(answer), messages.sequence_of(answer)[1]
        if method == "CANCEL":
            if answer.status_code >= 200:
                self._resending.stop(("cancelled", branch))
            return None
        if answer.status_code >= 200 and branch in self._answered:
            self._hear_again(self._answered[branch], answer, now=now)
            return None
        asked = self._asked.get(branch)
        if asked is None or messages.sequence_of(answer) != messages.sequence_of(asked.request):
            return None
        if answer.status_code < 200:
            return self._hear_progress(asked) if method == "INVITE" else None
        self._resending.stop(("asked", branch))
        del self._asked[branch]
        if method == "INVITE":
            self._answered[branch] = asked
            self._acknowledge(asked, answer, now=now)
        return asked

    def _hear_progress(self, asked: Asked) -> Asked:
        """Somebody works on it. A telephone that rings may ring for as long as its owner wants; a session is agreed on soon."""
        key = ("asked", asked.branch)
        if asked.begins and ("cancelled", asked.branch) not in self._resending:
            self._resending.stop(key)
        else:
            self._resending.only_wait(key)
        return asked

    def _hear_again(self, asked: Asked, answer: SipResponse, *, now: float) -> None:
        """What was acknowledged is acknowledged again. A second telephone that answered the same call is hung up (§13.2.2.4)."""
        if known := self._acks.get((asked.branch, messages.receiver_tag(answer))):
            self._out.append(known)
        elif asked.begins and answer.status_code < 300:
            self._acknowledge(asked, answer, now=now)
            forked = begun_by_answer(asked.request, answer, tag=asked.tag, hop=asked.hop)
            self.ask("BYE", replace(forked, sequence=forked.sequence + 1), now=now)

    def under_way(self, branch: str) -> Asked:
        """What we asked under this branch and wait to hear. KeyError when it is answered."""
        return self._asked[branch]

    def give_up(self, branch: str) -> Asked | None:
        """Nobody answered, or is waited for any more."""
        return self._asked.pop(branch, None)

    def forget(self, *, now: float) -> None:
        """Forget the ACKs of what is answered no more."""
        while self._forget_at and self._forget_at[0][0] <= now:
            _, branch, tag = self._forget_at.popleft()
            self._acks.pop((branch, tag), None)
            self._answered.pop(branch, None)

    def _acknowledge(self, asked: Asked, answer: SipResponse, *, now: float) -> None:
        """The ACK of an acceptance is a request of its own, that of a refusal belongs to the INVITE (§13.2.2.4, §17.1.1.3)."""
        accepted = answer.status_code < 300
        route = asked.request.get_header_values("Route")
        if accepted and asked.begins:
            route = answer.get_header_values("Record-Route")[::-1]
        headers: dict[str, str | tuple[str, ...]] = {
            "Via": self._via(COOKIE + self._token() if accepted else asked.branch),
            "Route": tuple(route),
            "From": asked.request.get_header("From") or "",
            "To": answer.get_header("To") or "",
            "Call-ID": asked.request.call_id or "",
            "CSeq": f"{messages.sequence_of(asked.request)[0]} ACK",
        }
        target = (contact_of(answer) if accepted else "") or asked.request.uri
        ack = Send(bytes(messages.request("ACK", target, headers=headers)), asked.hop)
        self._out.append(ack)
        their_tag = messages.receiver_tag(answer)
        self._acks[asked.branch, their_tag] = ack
        self._forget_at.append((now + PATIENCE_SECONDS, asked.branch, their_tag))

    def _via(self, branch: str) -> str:
        return f"SIP/2.0/UDP {self._contact};branch={branch};rport"
