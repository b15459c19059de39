"""What reading a mail yields."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why a mail could not be taken in; the screens put it in words."""

    EMPTY = "empty"
    NO_SENDER = "no_sender"
    TOO_MANY_PARTS = "too_many_parts"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    LOOP = "loop"
    REFUSED = "refused"


class Unreadable(Exception):
    """The mail cannot be read; `why` is the reason and `detail` what was found."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else str(why))
        self.why = why
        self.detail = detail


class Automatic(StrEnum):
    """Whether a program wrote the mail, and of what sort (RFC 3834)."""

    NO = "no"
    REPLIED = "replied"  # an absence notice or another answer by a program
    GENERATED = "generated"  # a notice, a newsletter, a form: not an answer, and never to be answered by a program
    BOUNCE = "bounce"  # about a mail of ours that did not arrive
    RECEIPT = "receipt"  # a read receipt (RFC 8098)


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file in a mail; `content_id` is what the HTML calls an image by."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report (RFC 3464) says: which mail of ours, whether it is given up for good, and why."""

    message_ids: tuple[str, ...]
    failed: bool
    recipient: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as the house uses it. `body` is what its author newly wrote; `quoted` the rest, folded on screen."""

    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: str
    sender_name: str
    reply_to: str
    recipients: tuple[str, ...]
    subject: str
    language: str
    body: str
    quoted: str
    html: str
    blocked_images: int
    files: tuple[MailFile, ...]
    automatic: Automatic
    bounce: Bounce | None
    answerable: bool
    """A program may acknowledge it: a person wrote it, to us, and did not ask programs to be silent."""
