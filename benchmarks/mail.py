"""Mails taken in a second from a real Dovecot, beside the naive way of doing the same.

    python -m benchmarks.mail

Both ways end with the same rows: the mail kept whole, a customer, a conversation, a message, a contact that waits. Ours
fetches mails in groups and reads them with the tolerant parser; the naive way fetches them one by one and reads them with
`email.policy.default`, as most examples do. One JSON object on the last line; SQLite with synchronous=FULL.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import threading
import time
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

MAILS = 400
SEED = 1999
WORDS = [
    "bonjour",
    "commande",
    "colis",
    "facture",
    "remboursement",
    "livraison",
    "adresse",
    "merci",
    "retard",
    "produit",
    "référence",
    "échange",
    "délai",
]


def workload(chance: random.Random, number: int) -> bytes:
    """A customer's mail as programs send them: plain and HTML, a third with a quoted answer, a fifth with a file."""
    mail = EmailMessage()
    mail["From"] = f"Client {number} <client{number}@fai.example>"
    mail["To"] = "service@maisonverte.example"
    mail["Subject"] = f"Commande n° {number} – {chance.choice(WORDS)}"
    mail["Message-ID"] = f"<{number}.{SEED}@fai.example>"
    mail["Date"] = "Sun, 22 Nov 2026 10:42:07 +0100"
    text = "\n\n".join(" ".join(chance.choices(WORDS, k=40)) + "." for _ in range(4))
    quoted = "\n\nLe 21/11/2026 à 09:31, Maison Verte a écrit :\n" + "\n".join(f"> {line}" for line in text.split("\n"))
    mail.set_content(text + (quoted if number % 3 == 0 else ""))
    paragraphs = "".join(f"<p style='margin:0'>{part}</p>" for part in text.split("\n\n"))
    mail.add_alternative(
        f"<html><body><div>{paragraphs}<img src='https://pixel.example/{number}.gif'></div></body></html>",
        subtype="html",
    )
    if number % 5 == 0:
        mail.add_attachment(chance.randbytes(60_000), maintype="application", subtype="pdf", filename="facture.pdf")
    return mail.as_bytes()


def ours(mailbox) -> int:
    """Take in what is there by the intake."""
    from homeshore.channels.email.imap import open_folder
    from homeshore.channels.email.intake import read_new

    with open_folder(mailbox) as folder:
        return read_new(mailbox.pk, folder, threading.Event())


def naive(mailbox) -> int:
    """The same rows, one mail after the other: UID FETCH, parse with the default policy, store."""
    import hashlib
    import imaplib

    from django.core.files.base import ContentFile
    from django.db import transaction

    from homeshore.channels.email.models import InboundMail
    from homeshore.channels.email.secrets import decrypt
    from homeshore.contacts.services import CustomerFacts, NewAttachment, receive_message
    from homeshore.foundation import clock

    connection = imaplib.IMAP4(mailbox.imap_host, mailbox.imap_port)
    connection.login(mailbox.imap_user, decrypt(mailbox.imap_secret))
    connection.select("INBOX")
    uids = connection.uid("search", "ALL")[1][0].split()
    for uid in uids:
        raw = connection.uid("fetch", uid, "(RFC822)")[1][0][1]
        mail = BytesParser(policy=policy.default).parsebytes(raw)
        body, html = mail.get_body(("plain",)), mail.get_body(("html",))
        name, address = parseaddr(str(mail["From"]))
        with transaction.atomic():
            received = receive_message(
                queue_id=mailbox.queue_id,
                thread_key=str(mail["Message-ID"]),
                customer=CustomerFacts(name=name, email=address),
                subject=str(mail["Subject"]),
                body=body.get_content(),
                html=html.get_content(),
                client_id=hashlib.sha256(raw).hexdigest(),
                attachments=[
                    NewAttachment(str(part.get_filename()), part.get_content_type(), part.get_content())
                    for part in mail.iter_attachments()
                ],
                now=clock.now(),
            )
            kept = InboundMail(
                operator_id=mailbox.operator_id,
                mailbox=mailbox,
                uidvalidity=1,
                uid=int(uid),
                fingerprint=hashlib.sha256(raw).hexdigest(),
                size=len(raw),
                state="taken",
                message=received.message,
                received_at=clock.now(),
            )
            kept.raw.save("", ContentFile(raw), save=False)
            kept.save()
    connection.logout()
    return len(uids)


def mailbox_on(dovecot, user: str):
    """A mailbox of a brand of its own."""
    from datetime import UTC, datetime

    from homeshore.brands.models import Brand, Queue
    from homeshore.channels.email.models import Mailbox
    from homeshore.channels.email.secrets import encrypt
    from homeshore.contacts.models import Floor, QueueOnFloor
    from homeshore.foundation.models import Operator

    operator, _ = Operator.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    brand = Brand.objects.create(operator=operator, name=user, slug=user, sector="retail", widget_key=user)
    queue = Queue.objects.create(
        operator=operator,
        brand=brand,
        name="E-mails",
        slug="mails",
        channel="email",
        activity="customer_service",
        target_seconds=3600,
    )
    floor, _ = Floor.objects.get_or_create(operator=operator, defaults={"name": "Bench"})
    QueueOnFloor.objects.create(queue=queue, floor=floor)
    return Mailbox.objects.create(
        operator=operator,
        brand=brand,
        queue=queue,
        address=f"{user}@maisonverte.example",
        display_name="Maison Verte",
        imap_host=dovecot.host,
        imap_port=dovecot.port,
        imap_security="none",
        imap_user=user,
        imap_secret=encrypt(dovecot.password),
        smtp_host="127.0.0.1",
        take_since=datetime(2000, 1, 1, tzinfo=UTC),
        state_since=datetime(2026, 1, 1, tzinfo=UTC),
    )


def measure() -> dict[str, float]:
    """Fill two mailboxes with the same mails, and empty each in its way."""
    from homeshore.cli.start import migrate_database, start_django

    start_django()
    migrate_database()
    from homeshore.contacts.models import Contact
    from tests.servers.dovecot import dovecot_server

    chance = random.Random(SEED)
    mails = [workload(chance, number) for number in range(MAILS)]
    seconds = {}
    with dovecot_server() as dovecot:
        for user, way in (("naive", naive), ("ours", ours)):
            mailbox = mailbox_on(dovecot, user)
            with dovecot.open(user) as connection:
                for raw in mails:
                    connection.append("INBOX", None, None, raw)
            start = time.perf_counter()
            taken = way(mailbox)
            seconds[user] = time.perf_counter() - start
            assert taken == MAILS == Contact.objects.filter(queue=mailbox.queue).count()
    return {
        "mails": MAILS,
        "mails_per_second": round(MAILS / seconds["ours"], 1),
        "naive_mails_per_second": round(MAILS / seconds["naive"], 1),
        "ratio": round(seconds["naive"] / seconds["ours"], 2),
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="homeshore-bench-mail-") as folder:
        os.environ["HOMESHORE_DATA_DIR"], os.environ["HOMESHORE_DATABASE_URL"] = folder, ""
        os.environ["HOMESHORE_LOG_LEVEL"] = "WARNING"
        print(json.dumps({"benchmark": "mail", **measure()}))
        sys.exit(0)
