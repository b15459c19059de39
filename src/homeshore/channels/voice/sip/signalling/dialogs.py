"""A dialog: what two ends know of each other while a call lasts (RFC 3261 §12). Plain data, so that a row can keep it."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from aiosipua.headers import parse_address, stringify_uri
from aiosipua.message import SipRequest, SipResponse

from homeshore.channels.voice.sip.signalling import messages

Address = tuple[str, int]
SKIPPED = 100
"""Numbers that a dialog taken up again leaves out: those that may have been used and not been kept."""


@dataclass(frozen=True, slots=True)
class Dialog:
    """A dialog, begun by either end. `us` and `them` are From and To as our requests carry them; `hop` is where those
    go, the proxy from which the dialog came; `sequence` is the number of our last request, `heard` that of their last.
    """

    call_id: str
    tag: str
    their_tag: str
    us: str
    them: str
    target: str
    route: tuple[str, ...]
    hop: Address
    sequence: int
    heard: int

    def as_plain(self) -> dict[str, Any]:
        """As JSON can keep it."""
        return asdict(self)

    @classmethod
    def taken_up(cls, plain: dict[str, Any]) -> "Dialog":
        """The dialog that `as_plain` gave, carried on by another process."""
        known = cls(**{**plain, "route": tuple(plain["route"]), "hop": (plain["hop"][0], int(plain["hop"][1]))})
        return replace(known, sequence=known.sequence + SKIPPED)

    def after(self, request: SipRequest) -> "Dialog":
        """Having heard a request of theirs; their INVITE may name another target (§12.2.2)."""
        heard = replace(self, heard=messages.sequence_of(request)[0])
        return replace(heard, target=contact_of(request) or self.target) if request.method == "INVITE" else heard

    def answered(self, response: SipResponse) -> "Dialog":
        """The call that we place is answered: who they are, and the way to them (§12.1.2)."""
        return replace(
            self.retargeted(response),
            their_tag=messages.receiver_tag(response),
            them=response.get_header("To") or "",
            route=tuple(reversed(response.get_header_values("Record-Route"))),
        )

    def retargeted(self, response: SipResponse) -> "Dialog":
        """Having heard that they accepted a session of ours."""
        return replace(self, target=contact_of(response) or self.target)


def begun_by(invite: SipRequest, *, tag: str, source: Address) -> Dialog:
    """The dialog that an INVITE begins when it is answered under our `tag`. Raises Malformed without a Contact."""
    target = contact_of(invite)
    if not target:
        raise messages.Malformed("It has no Contact to which requests could go.")
    return Dialog(
        call_id=invite.call_id or "",
        tag=tag,
        their_tag=messages.sender_tag(invite),
        us=f"{invite.get_header('To')};tag={tag}",
        them=invite.get_header("From") or "",
        target=target,
        route=tuple(invite.get_header_values("Record-Route")),
        hop=source,
        sequence=0,
        heard=messages.sequence_of(invite)[0],
    )


def unanswered(
    *, call_id: str, tag: str = "", us: str, them: str, target: str, hop: Address, sequence: int = 0
) -> Dialog:
    """What we know before anybody has answered: `us`, `them` and `target` as the first request says them, numbered after `sequence`."""
    return Dialog(
        call_id=call_id,
        tag=tag,
        their_tag="",
        us=us,
        them=them,
        target=target,
        route=(),
        hop=hop,
        sequence=sequence,
        heard=-1,
    )


def begun_by_us(*, call_id: str, tag: str, number: str, shown: str, domain: str, hop: Address) -> Dialog:
    """The dialog of a call to `number` that has yet to be answered; `shown` is the number that they see."""
    target = f"sip:{number}@{domain}"
    us = f"<sip:{shown}@{domain}>;tag={tag}"
    return unanswered(call_id=call_id, tag=tag, us=us, them=f"<{target}>", target=target, hop=hop)


def begun_by_answer(invite: SipRequest, answer: SipResponse, *, tag: str, hop: Address) -> Dialog:
    """The dialog that an answer to our INVITE begins (§12.1.2)."""
    asked = unanswered(
        call_id=invite.call_id or "",
        tag=tag,
        us=invite.get_header("From") or "",
        them=invite.get_header("To") or "",
        target=invite.uri,
        hop=hop,
        sequence=messages.sequence_of(invite)[0],
    )
    return asked.answered(answer)


def contact_of(message: messages.Message) -> str:
    """The address under which the sender of a message is reached; empty when it names none that can be read."""
    found = message.get_header("Contact")
    if not found:
        return ""
    try:
        return stringify_uri(parse_address(found).uri)
    except (ValueError, IndexError):
        return ""


def belongs(message: messages.Message, dialog: Dialog) -> bool:
    """Whether a request of theirs is in this dialog."""
    return (message.call_id, messages.receiver_tag(message), messages.sender_tag(message)) == (
        dialog.call_id,
        dialog.tag,
        dialog.their_tag,
    )
