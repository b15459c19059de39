"""What becomes of a dialog, as the telephone is told. `tag` is our tag: it names the dialog."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody calls the number `called`; `caller` is the user of From, "" when they withhold it. Answer or refuse it."""

    tag: str
    called: str
    caller: str
    name: str
    sdp: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The caller gave up before they were answered."""

    tag: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The caller knows that we answered: from now on we may ask for another session."""

    tag: str


@dataclass(frozen=True, slots=True)
class Reinvited:
    """The caller's end asks for another session; `sdp` is empty when it wants ours. Accept or refuse it."""

    tag: str
    sdp: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """The session that we asked for holds."""

    tag: str
    sdp: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The session that we asked for is refused; the one before it still holds."""

    tag: str
    status: int


@dataclass(frozen=True, slots=True)
class HungUp:
    """The caller hung up."""

    tag: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The other end does not know the dialog any more, or does not answer: it is over."""

    tag: str
    why: str


@dataclass(frozen=True, slots=True)
class Ended:
    """What we ended is over at the other end too, or nobody answers there."""

    tag: str


@dataclass(frozen=True, slots=True)
class Rings:
    """Whom we call is being told; `sdp` is how to hear what their network says meanwhile, empty when it says nothing."""

    tag: str
    sdp: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Whom we call has answered: the dialog holds, with this session of theirs."""

    tag: str
    sdp: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Whom we call does not answer: `status` says why as SIP does; 408 when nobody said anything."""

    tag: str
    status: int


Event = (
    Rings | Answered | Failed | Invited | Cancelled | Confirmed | Reinvited | Agreed | Refused | HungUp | Gone | Ended
)
