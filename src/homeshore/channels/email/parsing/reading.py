"""One mail, from bytes to what the house uses."""

import hashlib
import re
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from homeshore.channels.email.parsing import automatic, headers, markup, quotes, structure
from homeshore.channels.email.parsing.mail import MailFile, ParsedMail, Unreadable, Why

MOST_LINES = 600_000
"""25 MB of files are 350,000 lines; Python's parser holds each line against the boundaries of all parts around it."""
_SAME_IN_EVERY_COPY = ("Message-ID", "Date", "From", "Subject")
_BOUNDARY = re.compile(rb'boundary="?([^"\s;]+)', re.IGNORECASE)
_MOST_BOUNDARIES = 50


def parse(raw: bytes) -> ParsedMail:
    """Read a mail as it came over the wire. What can be understood of a broken one is used.

    Raises Unreadable, and nothing else, when there is nothing to use: no content, no sender, absurd nesting, or fields so
    broken that Python's parser fails on them.
    """
    try:
        return understood(raw)
    except Unreadable:
        raise
    except (Exception, RecursionError) as error:
        raise Unreadable(Why.BROKEN, f"{type(error).__name__}: {str(error)[:200]}") from error


def understood(raw: bytes) -> ParsedMail:
    """`parse`, with the failures of Python's parser still as they are."""
    if not raw.strip():
        raise Unreadable(Why.EMPTY)
    if raw.count(b"\n") > MOST_LINES:
        raise Unreadable(Why.TOO_LARGE, str(len(raw)))
    message = BytesParser(policy=compat32).parsebytes(raw)
    senders = headers.addresses(message, "From") or headers.addresses(message, "Sender", "Reply-To", "Return-Path")
    if not senders:
        raise Unreadable(Why.NO_SENDER, headers.text(message, "From", longest=100))
    name, sender = senders[0]
    parts = list(structure.leaves(message))
    subject = headers.text(message, "Subject")
    bounce = automatic.read_bounce(message, sender=sender, leaves=parts)
    kind = automatic.judge(message, sender=sender, subject=subject, bounce=bounce)
    read, files = bodies(parts)
    reply_to = headers.addresses(message, "Reply-To")
    return ParsedMail(
        message_id=next(iter(headers.message_ids(message, "Message-ID")), ""),
        in_reply_to=headers.message_ids(message, "In-Reply-To"),
        references=headers.message_ids(message, "References"),
        sender=sender,
        sender_name=name,
        reply_to=reply_to[0][1] if reply_to else sender,
        recipients=tuple(
            dict.fromkeys(
                address
                for _, address in headers.addresses(
                    message, "To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To"
                )
            )
        ),
        subject=subject,
        language=headers.text(message, "Content-Language", longest=20)
        or headers.text(message, "Accept-Language", longest=20),
        body=read.new,
        quoted=read.quoted,
        html=read.html,
        blocked_images=read.blocked_images,
        files=tuple(files),
        automatic=kind,
        bounce=bounce,
        answerable=automatic.answerable(message, sender=sender, automatic=kind),
    )


class Bodies:
    """What a mail says, gathered from its text parts."""

    def __init__(self, plain: list[str], rich: list[str]) -> None:
        self.markup = markup.read("\n".join(rich)) if rich else None
        split = quotes.split("\n\n".join(part.strip("\n") for part in plain)[: structure.LONGEST_BODY])
        if self.markup is not None and (self.markup.quoted or not split.new.strip()):
            split = quotes.split(self.markup.text[: structure.LONGEST_BODY])
            split = quotes.Split(split.new, split.signature, split.quoted or self.markup.quoted)
        self.new = split.new
        self.quoted = "\n\n".join(filter(None, (split.signature, split.quoted)))[: structure.LONGEST_BODY]
        self.html = self.markup.html if self.markup else ""
        self.blocked_images = self.markup.blocked_images if self.markup else 0


def bodies(parts: list[tuple[Message, tuple[str, ...]]]) -> tuple[Bodies, list[MailFile]]:
    """The text to read and the files, of the parts in order. HTML that stands for a plain part is the same text again."""
    plain: list[str] = []
    rich: list[str] = []
    files: list[MailFile] = []
    for part, _ in parts:
        kind = structure.content_type(part)
        if kind in {"message/delivery-status", "message/disposition-notification"}:
            continue
        if structure.is_file(part):
            files.append(structure.file_of(part, len(files) + 1))
        elif kind == "text/html":
            rich.append(structure.text_of(part))
        else:
            plain.append(structure.text_of(part))
    return Bodies(plain, rich), files


def fingerprint(raw: bytes) -> str:
    """The same for every copy of a mail, whichever way it came, and another for any other mail.

    Message ids alone will not do: some programs give all their mails the same one, or none. So it is a SHA-256 over the
    fields that no server on the way changes, and everything after the header but the boundaries of parts: a server that
    puts a mail together anew draws others.
    """
    end = min((place for place in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if place >= 0), default=len(raw))
    digest = hashlib.sha256()
    header = BytesParser(policy=compat32).parsebytes(raw[:end], headersonly=True)
    for name in _SAME_IN_EVERY_COPY:
        value = " ".join(headers.raw_value(header, name).split())
        digest.update(f"{name}:{value}\n".encode("utf-8", errors="surrogateescape"))
    body = raw[end:]
    for boundary in sorted(set(_BOUNDARY.findall(raw)[:_MOST_BOUNDARIES]), key=len, reverse=True):
        body = body.replace(boundary, b"")
    digest.update(b"\n".join(body.splitlines()).strip())
    return digest.hexdigest()
