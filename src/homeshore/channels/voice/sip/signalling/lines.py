"""The dialogs that go on, and what is under way in each."""

from dataclasses import dataclass, replace

from aiosipua.message import SipRequest

from homeshore.channels.voice.sip.signalling.dialogs import Address, Dialog
from homeshore.channels.voice.sip.signalling.digest import Account, Challenge


@dataclass(slots=True)
class Line:
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

    def counted(self) -> Dialog:
        """The dialog, which counts one request of ours more."""
        self.dialog = replace(self.dialog, sequence=self.dialog.sequence + 1)
        return self.dialog


Lines = dict[str, Line]
"""By our tag of the dialog."""
