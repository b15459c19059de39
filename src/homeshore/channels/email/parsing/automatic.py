"""Whether a person or a program wrote a mail (RFC 3834), and what a delivery report says (RFC 3464)."""

import re
from collections.abc import Iterable
from email.message import Message

from homeshore.channels.email.parsing import charsets, headers, structure
from homeshore.channels.email.parsing.mail import Automatic, Bounce

_ABSENT = re.compile(
    r"^\W*(?:automatic reply|auto(?:matic)?[- ]?response|autoreply|out of (?:the )?office|réponse automatique|"
    r"message d['’]absence|absence du bureau|absent(?:e)? du bureau|je suis absent)",
    re.I,
)
_POSTMASTER = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon)@", re.I)
_NO_REPLY = re.compile(r"^(?:no|do|ne)[-_.]?(?:not|pas)?[-_.]?(?:reply|repondre)[-_.+@]", re.I)
_OUR_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s]{1,100}>")
LONGEST_SEARCHED = 200_000


def judge(message: Message, *, sender: str, subject: str, bounce: Bounce | None) -> Automatic:
    """Who wrote it, from the fields that programs set; the subject counts only for absence notices without them."""
    if bounce is not None:
        return Automatic.BOUNCE
    if report_type(message) == "disposition-notification":
        return Automatic.RECEIPT
    submitted = headers.text(message, "Auto-Submitted").lower().split(";")[0].strip()
    precedence = headers.text(message, "Precedence").lower().strip()
    absent = bool(_ABSENT.match(subject))
    if (
        submitted.startswith("auto-replied")
        or precedence == "auto_reply"
        or has_any(message, "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply-From", "X-Mail-Autoreply")
    ):
        return Automatic.REPLIED
    told = submitted not in {"", "no"} or has_any(message, "X-Auto-Response-Suppress") or empty_return_path(message)
    if absent and (told or precedence in {"bulk", "junk"} or has_any(message, "In-Reply-To")):
        return Automatic.REPLIED
    if empty_return_path(message) or _POSTMASTER.match(sender):
        return Automatic.REPLIED
    if (
        submitted not in {"", "no"}
        or precedence in {"bulk", "junk", "list"}
        or has_any(message, "List-Id", "List-Unsubscribe")
    ):
        return Automatic.GENERATED
    return Automatic.NO


def answerable(message: Message, *, sender: str, automatic: Automatic) -> bool:
    """Whether a program may answer (RFC 3834, section 2): written by a person who did not ask programs to be silent."""
    suppressed = headers.text(message, "X-Auto-Response-Suppress").lower()
    return (
        automatic is Automatic.NO
        and not _NO_REPLY.match(sender)
        and not any(word in suppressed for word in ("all", "autoreply", "oof"))
    )


def has_any(message: Message, *names: str) -> bool:
    return any(headers.raw_values(message, name) for name in names)


def empty_return_path(message: Message) -> bool:
    """A sender who cannot be written back to: `Return-Path: <>`."""
    return headers.raw_value(message, "Return-Path").strip() == "<>"


def report_type(message: Message) -> str:
    """The kind of a multipart/report (RFC 6522), or nothing."""
    if message.get_content_type() != "multipart/report":
        return ""
    return str(message.get_param("report-type", "")).lower()


def read_bounce(message: Message, *, sender: str, leaves: Iterable[tuple[Message, tuple[str, ...]]]) -> Bounce | None:
    """What a mail says of a mail of ours that did not arrive, or None when it is no delivery report.

    Reports that keep to RFC 3464 are read by their fields; those of old servers by the mail they give back.
    """
    parts = [part for part, _ in leaves]
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if report_type(message) == "delivery-status" or status is not None:
        return told_by_fields(status, parts)
    if empty_return_path(message) or _POSTMASTER.match(sender):
        ids = ids_of_returned(parts)
        words = " ".join(structure.text_of(parts[0]).split())[:200] if parts and not structure.is_file(parts[0]) else ""
        if ids:
            return Bounce(message_ids=ids, failed=True, recipient="", status="", diagnostic=words)
    return None


def told_by_fields(status: Message | None, parts: list[Message]) -> Bounce:
    """The worst that a report says of any recipient."""
    blocks = status.get_payload() if status is not None else []
    found = Bounce(message_ids=ids_of_returned(parts), failed=False, recipient="", status="", diagnostic="")
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, Message):
            continue
        action = headers.text(block, "Action").lower()
        told = Bounce(
            message_ids=found.message_ids,
            failed=action == "failed",
            recipient=after_type(headers.text(block, "Final-Recipient") or headers.text(block, "Original-Recipient")),
            status=headers.text(block, "Status", longest=20),
            diagnostic=after_type(headers.text(block, "Diagnostic-Code")),
        )
        if told.failed:
            return told
        if action:
            found = told
    return found


def after_type(value: str) -> str:
    """`rfc822; lea@example.org` without what comes before the semicolon."""
    return value.partition(";")[2].strip() or value.strip()


def ids_of_returned(parts: list[Message]) -> tuple[str, ...]:
    """The message ids of the mails a report gives back, in whole, as fields, or in its text."""
    found: dict[str, None] = {}
    for part in parts:
        inner = part.get_payload()
        if (
            part.get_content_type() == "message/rfc822"
            and isinstance(inner, list)
            and inner
            and isinstance(inner[0], Message)
        ):
            found.update(dict.fromkeys(headers.message_ids(inner[0], "Message-ID")))
        elif part.get_content_maintype() == "text" and not isinstance(inner, list):
            text = charsets.decode(structure.content(part)[:LONGEST_SEARCHED])
            for line in text.split("\n"):
                if line.lower().lstrip("> ").startswith("message-id:"):
                    found.update(dict.fromkeys(_OUR_ID.findall(line)))
    return tuple(found)[: headers.MOST_REFERENCES]
