"""What becomes of a dialog, as the telephone is told. `tag` is our tag: it names the dialog."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody calls the number `called`; `caller` is the user of From, "" when they withhold it. Answer or refuse it.

    `wrote_to` is the user of To: where `called` is our name at a trunk, it is the number they called.
    """

    tag: str
    called: str
    caller: str
    name: str
    sdp: str
    wrote_to: str = ""


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
class There:
    """The other end, which was asked, is still in the dialog."""

    tag: str


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


@dataclass(frozen=True, slots=True)
class Registered:
    """The trunk keeps the registration that was asked for under this tag for so many seconds; for 0 it is no more."""

    tag: str
    seconds: int


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """The trunk refused the registration: `status` says why as SIP does; 408 when nobody said anything.

    `retry_after` is how many seconds it wants not to be asked again; 0 when it does not say.
    """

    tag: str
    status: int
    retry_after: int


@dataclass(frozen=True, slots=True)
class ProxySeen:
    """Our proxy is there; `started` is its word for when it was started, another one each time, empty when it does not say."""

    started: str
    tag: str = ""


Event = (
    ProxySeen
    | Registered
    | NotRegistered
    | Rings
    | Answered
    | Failed
    | Invited
    | Cancelled
    | Confirmed
    | Reinvited
    | Agreed
    | Refused
    | HungUp
    | Gone
    | There
    | Ended
)
