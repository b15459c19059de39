"""Answers on their way: what the customer gets, and what agents and supervisors learn when it fails."""

import socket
import threading
from contextlib import contextmanager

import pytest

from homeshore.channels.email import smtp as smtp_client
from homeshore.channels.email.models import InboundMail, OutboundMail
from homeshore.channels.email.outgoing import answer_subject
from homeshore.channels.email.services import send_again
from homeshore.channels.email.taking import Place, take
from homeshore.contacts.models import Contact, Message
from homeshore.contacts.services import NewAttachment, assign_contact, send_message, set_presence
from homeshore.foundation import outbox
from homeshore.foundation.models import Event, OutboxMessage, Role
from tests.factories import AgentFactory, user_as
from tests.unit.channels.email.mails import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(mailbox, clock):
    """Léa has written, and an agent has her contact."""
    raw = written(
        "Où est mon colis ?",
        Subject="Colis",
        Message_ID="<q1@fai.example>",
        References="<q0@fai.example>",
        Reply_To="lea.perso@fai.example",
    )
    inbound = take(mailbox, raw, place=Place(1, 1), now=clock.now())
    agent = AgentFactory.create(operator=mailbox.operator, first_name="Nadia", queues=[mailbox.queue])
    set_presence(agent_id=agent.pk, state="ready", now=clock.now())
    contact = inbound.message.contact
    assign_contact(
        contact_id=contact.pk, agent_id=agent.pk, by=user_as(Role.SUPERVISOR, mailbox.operator), now=clock.now()
    )
    return agent, contact


@pytest.fixture
def answer(conversation, clock):
    def send(body: str = "Il arrive demain.", client_id: str = "a1", attachments=()) -> Message:
        agent, contact = conversation
        return send_message(
            agent_id=agent.pk,
            contact_id=contact.pk,
            body=body,
            client_id=client_id,
            attachments=attachments,
            now=clock.now(),
        )

    return send


def delivery_of(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.delivery, message.delivery_error


def test_the_customer_gets_a_mail_that_goes_on_with_theirs(on_smtp, smtp, answer, clock):
    files = [
        NewAttachment("étiquette.pdf", "application/pdf", b"%PDF"),
        NewAttachment("note.txt", "text/plain", "é".encode()),
    ]
    message = answer("Il arrive demain.\n.\nNadia", attachments=files)

    outbox.deliver_due()

    sent = smtp.received[0].message
    outbound = OutboundMail.objects.get()
    assert smtp.received[0].recipients == ["lea.perso@fai.example"]
    assert str(sent["From"]) == "Maison Verte <service@maisonverte.example>"
    assert sent["Subject"] == "Re: Colis"
    assert sent["In-Reply-To"] == "<q1@fai.example>"
    assert sent["References"] == "<q0@fai.example> <q1@fai.example>"
    assert sent["Message-ID"] == outbound.mail_id
    assert sent["Auto-Submitted"] is None
    assert sent["Reply-To"].startswith("service+")
    text = sent.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith("Il arrive demain.\n.\nNadia\n")
    assert "a écrit" in text
    assert "> Où est mon colis ?" in text
    assert [
        (part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
        for part in sent.iter_attachments()
    ] == [
        ("étiquette.pdf", "application/pdf", b"%PDF"),
        ("note.txt", "text/plain", "é".encode()),
    ]
    assert delivery_of(message) == ("sent", "")
    assert outbound.state == OutboundMail.State.SENT


def test_long_message_ids_of_large_providers_leave_as_they_came(on_smtp, smtp, answer, clock):
    long = "<" + "A" * 52 + "@EURP190MB0913.EURP190.PROD.OUTLOOK>"
    assert len(long) > 84
    for client_id, references in [("a1", f"<q0@fai.example> {long}"), ("a2", f"<ï@fai.example> {long}")]:
        InboundMail.objects.update(mail_id=long, references=references)
        answer(client_id=client_id)
        outbox.deliver_due()

    plain, foreign = (each.raw.replace(b"\r\n", b"\n").replace(b"\n ", b" ") for each in smtp.received)
    assert f"\nIn-Reply-To: {long}\n".encode() in plain
    assert f"\nReferences: <q0@fai.example> {long}\n".encode() in plain
    assert f"\nIn-Reply-To: {long}\n".encode() in foreign


def test_a_sent_mail_is_not_sent_again(on_smtp, smtp, answer, clock):
    answer()
    outbox.deliver_due()
    OutboxMessage.objects.update(state="pending", claimed_until=None)

    outbox.deliver_due()

    assert len(smtp.received) == 1


def test_a_server_that_asks_to_come_back_later_is_tried_again(on_smtp, smtp, answer, clock):
    message = answer()
    smtp.answer = "451 4.7.1 greylisted"

    outbox.deliver_due()
    assert delivery_of(message) == ("queued", "451 4.7.1 greylisted")

    smtp.answer = "250 OK"
    clock.advance(seconds=6)
    outbox.deliver_due()
    assert delivery_of(message) == ("sent", "")
    assert smtp.refused[0].message["Message-ID"] == smtp.received[0].message["Message-ID"]


def test_a_server_that_refuses_for_good_is_believed_and_people_are_told(
    on_smtp, smtp, answer, conversation, clock, mailbox
):
    agent, _contact = conversation
    message = answer()
    smtp.answer = "550 5.7.1 not here"

    outbox.deliver_due()
    clock.advance(days=1)
    outbox.deliver_due()

    assert delivery_of(message) == ("failed", "550 5.7.1 not here")
    assert len(smtp.refused) == 1
    told = [
        event
        for event in Event.objects.filter(kind="message.changed").order_by("id")
        if f"agent:{agent.pk}" in event.topics
    ]
    assert told[-1].payload["message"]["delivery"] == "failed"
    assert [event.topics for event in Event.objects.filter(kind="delivery.failed")] == [
        [f"floor:{mailbox.queue.on_floor.floor_id}"]
    ]


def test_a_server_that_is_away_is_tried_until_patience_ends(mailbox, answer, clock):
    message = answer()

    for _try in range(9):
        clock.advance(hours=5)
        outbox.deliver_due()

    assert OutboxMessage.objects.get().state == OutboxMessage.State.FAILED
    delivery, error = delivery_of(message)
    assert delivery == "failed"
    assert "SMTP" in error


def test_a_server_that_does_not_answer_costs_one_time_out_and_not_one_a_mail(mailbox, answer, clock, monkeypatch):
    tried = []

    def unreachable(mailbox):
        tried.append(mailbox.pk)
        raise TimeoutError

    monkeypatch.setattr(smtp_client, "opened", unreachable)
    for number in range(5):
        answer(client_id=f"a{number}")
    outbox.deliver_due()
    assert len(tried) == 1
    assert sorted(OutboxMessage.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    clock.advance(seconds=61)
    outbox.deliver_due()
    assert len(tried) == 2


@contextmanager
def server_that_falls_silent(after: bytes):
    """An SMTP server that closes the connection when it has read `after`."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 hello\r\n")
            in_data = False
            for line in lines:
                if line.strip().lower() == after:
                    return
                if in_data:
                    continue
                if line.upper().startswith(b"DATA"):
                    in_data = True
                    connection.sendall(b"354 go on\r\n")
                else:
                    connection.sendall(b"250 fine\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.close()
    thread.join(5)


def test_a_mail_that_was_given_without_an_answer_is_not_given_again(mailbox, answer, clock):
    message = answer()
    with server_that_falls_silent(after=b".") as port:
        mailbox.smtp_port = port
        mailbox.save()
        outbox.deliver_due()
    clock.advance(hours=1)
    outbox.deliver_due()

    outbound = OutboundMail.objects.get()
    assert (outbound.state, outbound.attempts) == (OutboundMail.State.UNCERTAIN, 1)
    assert delivery_of(message)[0] == "failed"


def test_a_mail_whose_server_goes_away_before_its_content_is_tried_again(mailbox, answer, clock):
    message = answer()
    with server_that_falls_silent(after=b"rcpt to:<lea.perso@fai.example>") as port:
        mailbox.smtp_port = port
        mailbox.save()
        outbox.deliver_due()

    assert OutboundMail.objects.get().state == OutboundMail.State.PREPARED
    assert delivery_of(message)[0] == "queued"


def test_after_a_crash_in_the_middle_of_handing_over_a_person_decides(on_smtp, smtp, answer, clock, monkeypatch):
    message = answer()

    def crashes(self, content):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(smtp_client.Connection, "hand_over", crashes)
        with pytest.raises(KeyboardInterrupt):
            outbox.deliver_due()

    clock.advance(minutes=3)
    outbox.deliver_due()
    assert OutboundMail.objects.get().state == OutboundMail.State.HANDING_OVER
    clock.advance(minutes=10)
    outbox.deliver_due()
    outbound = OutboundMail.objects.get()
    assert outbound.state == OutboundMail.State.UNCERTAIN
    assert smtp.received == []

    send_again(
        operator_id=outbound.operator_id,
        outbound_id=outbound.pk,
        by=user_as(Role.SUPERVISOR, outbound.operator),
        now=clock.now(),
    )
    outbox.deliver_due()
    assert delivery_of(message) == ("sent", "")
    assert smtp.received[0].message["Message-ID"] == outbound.mail_id


def test_an_address_that_no_mail_can_carry_fails_at_once(on_smtp, smtp, answer, clock):
    Message.objects.update(reply_to="léa..@fai.example")
    message = answer()

    outbox.deliver_due()

    assert delivery_of(message)[0] == "failed"
    assert smtp.received == []


def test_a_conversation_without_a_mailbox_says_so(on_smtp, answer, clock):
    message = answer()
    InboundMail.objects.all().delete()
    type(on_smtp).objects.update(active=False)

    outbox.deliver_due()

    assert delivery_of(message)[0] == "failed"


def test_an_acknowledgement_says_that_a_program_wrote_it(on_smtp, smtp, clock):
    on_smtp.acknowledgement = "Bien reçu, nous répondons sous 24 h."
    on_smtp.save()
    take(
        on_smtp, written("Bonjour", Subject="Colis", Message_ID="<q9@fai.example>"), place=Place(1, 9), now=clock.now()
    )

    outbox.deliver_due()

    sent = smtp.received[0].message
    assert sent["Auto-Submitted"] == "auto-replied"
    assert sent["In-Reply-To"] == "<q9@fai.example>"
    assert sent.get_content().strip() == "Bien reçu, nous répondons sous 24 h."
    back = take(on_smtp, smtp.received[0].raw, place=Place(1, 10), now=clock.now())
    assert back.state == InboundMail.State.AUTOMATIC
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("subject", "answered"),
    [
        ("Colis", "Re: Colis"),
        ("RE: Re : re:Colis", "Re: Colis"),
        ("", "Re:"),
        ("Retour", "Re: Retour"),
        ("a\nb", "Re: a b"),
    ],
)
def test_an_answer_has_one_re_before_its_subject(subject, answered):
    assert answer_subject(subject) == answered
