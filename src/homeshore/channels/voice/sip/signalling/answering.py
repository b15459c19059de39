"""Requests of theirs (RFC 3261 §17.2): each is answered once; asked again, it gets the answer it got."""

from collections import deque
from collections.abc import Mapping

from aiosipua.message import SipRequest

from homeshore.channels.voice.sip.signalling import messages
from homeshore.channels.voice.sip.signalling.dialogs import Address
from homeshore.channels.voice.sip.signalling.resending import PATIENCE_SECONDS, Resending, Send

Key = tuple[str, str, str]


class Answering:
    """What was asked of us and what we said, for as long as it may be asked again. Puts what is to be sent into `out`."""

    def __init__(self, resending: Resending, out: list[Send]) -> None:
        self._resending, self._out = resending, out
        self._said: dict[Key, bytes | None] = {}
        self._forget_at: deque[tuple[float, Key]] = deque()

    def is_known(self, request: SipRequest, source: Address) -> bool:
        """Whether this was asked before; its answer, if there is one yet, is given again."""
        key = messages.key_of(request)
        if said := self._said.get(key):
            self._out.append(Send(said, source))
        return key in self._said

    def has_invite(self, key: Key) -> bool:
        """Whether there is an INVITE of this key."""
        return key in self._said

    def begin(self, invite: SipRequest) -> None:
        """It will be answered later."""
        self._said[messages.key_of(invite)] = None

    def say(
        self,
        request: SipRequest,
        status: int,
        to: Address,
        *,
        tag: str = "",
        sdp: str = "",
        headers: Mapping[str, str] | None = None,
        now: float,
    ) -> None:
        """Answer. An answer to an INVITE is sent again until it is acknowledged."""
        key = messages.key_of(request)
        datagram = bytes(messages.reply(request, status, tag=tag, sdp=sdp, headers=headers))
        self._said[key] = datagram
        self._forget_at.append((now + PATIENCE_SECONDS, key))
        self._out.append(Send(datagram, to))
        if request.method == "INVITE":
            self._resending.begin(("accepted", tag) if status < 300 else ("refused", key), datagram, to, now=now)

    def hear_ack(self, ack: SipRequest) -> None:
        """A refusal was heard."""
        self._resending.stop(("refused", messages.key_of(ack)))

    def forget(self, *, now: float) -> None:
        """Forget what is asked no more."""
        while self._forget_at and self._forget_at[0][0] <= now:
            self._said.pop(self._forget_at.popleft()[1], None)
