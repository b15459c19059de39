"""What a mail becomes: a message, a failure of one of ours, a notice set apart, or something for a supervisor."""

import pytest
from django.db import OperationalError

from homeshore.channels.email import taking
from homeshore.channels.email.models import InboundMail, Mailbox, OutboundMail
from homeshore.channels.email.reply_addresses import reply_address
from homeshore.channels.email.taking import FLOOD, Place, take
from homeshore.contacts.models import Contact, Conversation, Message
from homeshore.contacts.services import assign_contact, send_message, set_presence
from homeshore.foundation.models import Event, OutboxMessage, Role
from tests.clock import MORNING
from tests.factories import AgentFactory, user_as
from tests.unit.channels.email.mails import recorded, written

pytestmark = pytest.mark.django_db


def kept(file) -> bytes:
    """What a stored file holds."""
    with file.open() as stored:
        return stored.read()


@pytest.fixture
def arrives(mailbox, clock):
    """Mails that come one after the other into the mailbox."""
    uids = iter(range(1, 1000))

    def take_next(raw: bytes, into: Mailbox = mailbox) -> InboundMail:
        return take(into, raw, place=Place(1, next(uids)), now=clock.now())

    return take_next


@pytest.fixture
def answered(mailbox, clock):
    """An agent answers a contact; returns the mail that will carry it."""

    def answer(contact: Contact, body: str = "Bonjour, nous regardons.") -> OutboundMail:
        from homeshore.channels.email.outgoing import prepare_message

        agent = AgentFactory.create(operator=mailbox.operator, queues=[mailbox.queue])
        set_presence(agent_id=agent.pk, state="ready", now=clock.now())
        by = user_as(Role.SUPERVISOR, mailbox.operator)
        assign_contact(contact_id=contact.pk, agent_id=agent.pk, by=by, now=clock.now())
        message = send_message(
            agent_id=agent.pk, contact_id=contact.pk, body=body, client_id="answer-1", now=clock.now()
        )
        return prepare_message(message.pk, now=clock.now())

    return answer


def test_a_customers_mail_becomes_a_message_in_a_contact_that_waits(arrives, mailbox):
    mail = arrives(recorded("outlook-reply-fr"))

    message = Message.objects.get()
    contact = Contact.objects.get()
    assert (mail.state, mail.message) == (InboundMail.State.TAKEN, message)
    assert (contact.state, contact.queue, contact.channel) == (Contact.State.WAITING, mailbox.queue, "email")
    assert message.body.startswith("Bonjour,\n\nLe montant est de 120 €")
    assert [(file.name, kept(file.file)[:8]) for file in message.attachments.all()] == [
        ("Facture corrigée.pdf", b"%PDF-1.7")
    ]
    assert message.conversation.customer.email == "paul.dubois@societe.example"
    assert message.conversation.subject == "RE: Facture F-2026-118"
    assert kept(mail.raw) == recorded("outlook-reply-fr")


def test_the_same_mail_delivered_twice_makes_one_contact(arrives, mailbox):
    first = arrives(recorded("gmail-reply-fr"))
    again = arrives(b"Delivered-To: alias@maisonverte.example\r\n" + recorded("gmail-reply-fr"))

    assert again == first
    assert (Contact.objects.count(), Message.objects.count(), InboundMail.objects.count()) == (1, 1, 1)
    mailbox.refresh_from_db()
    assert mailbox.last_uid == 2


def test_a_mail_to_two_mailboxes_of_a_brand_is_one_message(arrives, mailbox):
    other = Mailbox.objects.get(pk=mailbox.pk)
    other.pk, other.address = None, "contact@maisonverte.example"
    other.save()

    arrives(recorded("gmail-reply-fr"))
    arrives(recorded("gmail-reply-fr"), into=other)

    assert (Contact.objects.count(), Message.objects.count(), InboundMail.objects.count()) == (1, 1, 2)


def test_different_mails_under_one_message_id_are_all_taken(arrives):
    arrives(written("Le premier", Message_ID="<always-the-same@form.example>"))
    arrives(written("Le second", Message_ID="<always-the-same@form.example>"))

    assert set(Message.objects.values_list("body", flat=True)) == {"Le premier", "Le second"}


def test_an_answer_goes_on_with_the_conversation_it_cites(arrives, answered):
    arrives(written("Question", Message_ID="<q1@fai.example>"))
    sent = answered(Contact.objects.get())

    arrives(written("Merci", Message_ID="<q2@fai.example>", In_Reply_To=sent.mail_id))
    arrives(written("Encore", Message_ID="<q3@fai.example>", References=f"<x@y> {sent.mail_id} <z@y>"))
    arrives(written("À moi-même", Message_ID="<q4@fai.example>", In_Reply_To="<q1@fai.example>"))

    assert Conversation.objects.count() == 1
    assert Contact.objects.count() == 1


def test_an_answer_that_cites_nothing_finds_its_conversation_by_the_signed_address(arrives, answered, mailbox):
    arrives(written("Question", Message_ID="<q1@fai.example>"))
    sent = answered(Contact.objects.get())
    address = reply_address(mailbox.address, sent.message.conversation_id)

    arrives(written("Merci", Message_ID="<q2@fai.example>", To=f"Maison Verte <{address.upper()}>"))

    assert Conversation.objects.count() == 1


def test_whoever_cites_anothers_conversation_opens_their_own_which_says_so(arrives, answered, mailbox):
    arrives(written("Question", Message_ID="<q1@fai.example>"))
    sent = answered(Contact.objects.get())
    address = reply_address(mailbox.address, sent.message.conversation_id)

    cites = arrives(written("Et moi ?", From="Ève <eve@evil.example>", In_Reply_To=sent.mail_id))
    signed = arrives(written("Et là ?", From="Ève <eve@evil.example>", To=address))
    absent = arrives(
        written("Absente", From="eve@evil.example", In_Reply_To="<q1@fai.example>", Auto_Submitted="auto-replied")
    )

    assert absent.message is None
    for mail in (cites, signed):
        conversation = mail.message.conversation
        assert conversation.customer.email == "eve@evil.example"
        assert [(each.kind, each.author_name, each.address) for each in conversation.messages.order_by("id")] == [
            ("inbound", "Ève", "eve@evil.example"),
            ("system", "", ""),
        ]
        said = conversation.messages.get(kind="system").body
        assert all(part in said for part in ("Léa", sent.message.contact.reference, "eve@evil.example"))
    assert Conversation.objects.count() == 3


def test_an_address_that_an_agent_has_written_to_joins_under_its_own_name(arrives, answered):
    arrives(written("Question", Message_ID="<q1@fai.example>", Reply_To="bureau@fai.example"))
    sent = answered(Contact.objects.get())

    mail = arrives(written("Merci", From="Bureau de Léa <bureau@fai.example>", In_Reply_To=sent.mail_id))

    assert sent.recipient == "bureau@fai.example"
    assert Conversation.objects.count() == 1
    assert [
        (each.author_name, each.address, each.reply_to)
        for each in Message.objects.exclude(kind="system").order_by("id")
    ] == [
        ("Léa", "lea@fai.example", "bureau@fai.example"),
        (sent.message.author_name, "bureau@fai.example", ""),
        ("Bureau de Léa", "bureau@fai.example", "bureau@fai.example"),
    ]
    assert mail.message.conversation.customer.email == "lea@fai.example"


def test_an_answer_goes_where_it_was_said_to_go_when_it_was_sent(arrives, answered, mailbox, clock):
    arrives(written("Question", Message_ID="<q1@fai.example>"))
    contact = Contact.objects.get()
    from homeshore.channels.email.outgoing import prepare_message

    first = answered(contact)
    OutboundMail.objects.all().delete()
    clock.advance(seconds=1)
    arrives(written("À une autre adresse", Message_ID="<q2@fai.example>", Reply_To="eve@evil.example"))

    assert prepare_message(first.message_id, now=clock.now()).recipient == "lea@fai.example"


def test_a_made_up_reply_address_opens_a_conversation_of_its_own(arrives, answered, mailbox):
    arrives(written("Question", Message_ID="<q1@fai.example>"))
    sent = answered(Contact.objects.get())
    address = reply_address(mailbox.address, sent.message.conversation_id)
    forged = address.replace("+", "+a", 1) if "+a" not in address else address.replace("+a", "+b", 1)

    arrives(written("Bonjour", From="eve@evil.example", Message_ID="<q2@fai.example>", To=forged))

    assert Conversation.objects.count() == 2


def test_a_mail_that_cites_another_brands_conversation_does_not_get_in(arrives, mailbox):
    arrives(written("Question", Message_ID="<q1@fai.example>"))
    other = Mailbox.objects.get(pk=mailbox.pk)
    from tests.factories import QueueFactory

    other.pk, other.address, other.queue = None, "other@horizon.example", QueueFactory.create(channel="email")
    other.brand, other.operator = other.queue.brand, other.queue.operator
    other.save()

    arrives(written("Curieux", Message_ID="<q2@fai.example>", In_Reply_To="<q1@fai.example>"), into=other)

    assert Conversation.objects.count() == 2


@pytest.mark.parametrize("name", ["absence-exchange-fr", "vacation-sieve", "read-receipt", "bounce-delayed"])
def test_what_a_program_answers_opens_no_contact_and_is_not_answered(arrives, mailbox, name):
    Mailbox.objects.update(acknowledgement="Bien reçu.")

    mail = arrives(recorded(name))

    assert mail.state == InboundMail.State.AUTOMATIC
    assert Contact.objects.count() == 0
    assert OutboxMessage.objects.count() == 0


def test_an_absence_notice_is_shown_in_the_conversation_it_answers(arrives, answered):
    arrives(written("Question", Message_ID="<q1@fai.example>"))
    sent = answered(Contact.objects.get())
    Contact.objects.update(state="closed", closed_at=MORNING)

    mail = arrives(
        written("Absente", Message_ID="<oof@fai.example>", In_Reply_To=sent.mail_id, Auto_Submitted="auto-replied")
    )

    assert mail.message.conversation == sent.message.conversation
    assert Contact.objects.exclude(state="closed").count() == 0


def test_a_bounce_marks_our_mail_as_not_delivered_with_the_reason(arrives, answered, mailbox):
    arrives(written("Question", Message_ID="<q1@fai.example>"))
    sent = answered(Contact.objects.get())
    OutboundMail.objects.filter(pk=sent.pk).update(mail_id="<out-1@maisonverte.example>", state="sent")

    mail = arrives(recorded("bounce-postfix"))

    sent.refresh_from_db()
    sent.message.refresh_from_db()
    assert mail.state == InboundMail.State.AUTOMATIC
    assert (sent.state, sent.message.delivery) == (OutboundMail.State.FAILED, Message.Delivery.FAILED)
    assert "5.1.1" in sent.message.delivery_error
    assert "User unknown" in sent.message.delivery_error
    event = Event.objects.get(kind="delivery.failed")
    assert event.topics == [f"floor:{mailbox.queue.on_floor.floor_id}"]
    assert "parti@" not in str(event.payload)


def test_a_mail_that_cannot_be_read_is_kept_whole_and_does_not_stop_the_next(arrives, mailbox):
    broken = arrives(recorded("no-sender"))
    arrives(written("Bonjour"))

    assert (broken.state, broken.why) == (InboundMail.State.SET_ASIDE, "no_sender")
    assert kept(broken.raw) == recorded("no-sender")
    assert Contact.objects.count() == 1
    event = Event.objects.get(kind="mail.set_aside")
    assert event.payload == {"mail": broken.pk, "mailbox": mailbox.pk, "queue": mailbox.queue_id, "why": "no_sender"}


def test_a_mail_that_the_house_cannot_store_for_a_reason_of_its_own_is_set_aside(arrives, monkeypatch):
    def fails(*args, **kwargs):
        raise ValueError("unforeseen")

    monkeypatch.setattr(taking, "receive_message", fails)

    mail = arrives(written("Bonjour"))

    assert (mail.state, mail.why, mail.detail) == (InboundMail.State.SET_ASIDE, "broken", "ValueError")


def test_a_mail_of_which_something_cannot_be_stored_is_set_aside_without_it(arrives, mailbox, monkeypatch):
    def notes_what_no_row_takes(inbound, parsed):
        inbound.sender, inbound.subject = parsed.sender, None

    monkeypatch.setattr(taking, "describe", notes_what_no_row_takes)

    mail = arrives(written("Bonjour"))

    mail.refresh_from_db()
    mailbox.refresh_from_db()
    assert (mail.state, mail.why, mail.message_id, mail.sender) == (InboundMail.State.SET_ASIDE, "broken", None, "")
    assert kept(mail.raw) == written("Bonjour")
    assert (mailbox.last_uid, Message.objects.count()) == (1, 0)


@pytest.mark.parametrize("length", [254, 255])
def test_the_longest_address_is_stored_and_a_longer_one_stops_nothing(arrives, length):
    address = "l" * 64 + "@" + "d" * (length - 65 - len(".example")) + ".example"

    mail = arrives(f"From: <{address}>\r\n\r\nBonjour".encode())
    arrives(written("Suivant"))

    assert mail.state == (InboundMail.State.TAKEN if length == 254 else InboundMail.State.SET_ASIDE)
    assert InboundMail.objects.count() == 2


def test_another_folder_may_give_the_same_number_to_another_mail(mailbox, clock):
    first = take(mailbox, written("Un"), place=Place(1, 7), now=clock.now())
    second = take(mailbox, written("Deux"), place=Place(1, 7), now=clock.now())

    assert [mail.state for mail in (first, second)] == [InboundMail.State.TAKEN] * 2


def test_a_database_that_fails_leaves_the_mail_to_be_read_again(arrives, mailbox, monkeypatch):
    def fails(*args, **kwargs):
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(taking, "receive_message", fails)
        with pytest.raises(OperationalError):
            arrives(written("Bonjour"))

    mailbox.refresh_from_db()
    assert (mailbox.last_uid, InboundMail.objects.count()) == (0, 0)
    arrives(written("Bonjour"))
    assert Message.objects.count() == 1


def test_an_address_that_floods_the_mailbox_is_taken_for_a_program(arrives, clock):
    for number in range(FLOOD):
        arrives(written(f"Message {number}", From="robot@machine.example"))

    assert arrives(written("Encore", From="robot@machine.example")).why == "loop"
    assert arrives(written("Bonjour", From="lea@fai.example")).state == InboundMail.State.TAKEN
    clock.advance(hours=2)
    assert arrives(written("Plus tard", From="robot@machine.example")).state == InboundMail.State.TAKEN


def test_our_own_mail_coming_back_is_no_contact(arrives, answered):
    arrives(written("Question", Message_ID="<q1@fai.example>"))
    sent = answered(Contact.objects.get())

    mail = arrives(written("Bonjour, nous regardons.", From="service@maisonverte.example", Message_ID=sent.mail_id))

    assert (mail.state, mail.why) == (InboundMail.State.AUTOMATIC, "own")


def test_the_receipt_is_acknowledged_once_a_day_and_never_to_a_program(arrives, mailbox, clock):
    Mailbox.objects.update(acknowledgement="Bien reçu.")
    mailbox.refresh_from_db()

    arrives(written("Un", Message_ID="<a1@fai.example>"))
    from homeshore.channels.email.outgoing import prepare_acknowledgement

    task = OutboxMessage.objects.get(kind="email.acknowledge")
    prepare_acknowledgement(task.payload["inbound"], now=clock.now())
    arrives(written("Deux", Message_ID="<a2@fai.example>"))
    arrives(recorded("newsletter"))
    arrives(written("Trois", From="no-reply@shop.example"))

    assert OutboxMessage.objects.filter(kind="email.acknowledge").count() == 1
    clock.advance(hours=25)
    arrives(written("Quatre", Message_ID="<a4@fai.example>"))
    assert OutboxMessage.objects.filter(kind="email.acknowledge").count() == 2


def test_mails_that_are_read_together_are_acknowledged_once(arrives, mailbox):
    Mailbox.objects.update(acknowledgement="Bien reçu.")
    mailbox.refresh_from_db()

    for number in range(3):
        arrives(written(f"Message {number}", From=f"eve{number}@evil.example", Reply_To="lea@fai.example"))

    assert OutboxMessage.objects.filter(kind="email.acknowledge").count() == 1


def test_names_and_subjects_with_script_are_kept_as_text(arrives):
    message = arrives(recorded("script-everywhere")).message

    assert message.author_name == "<script>alert('nom')</script>"
    assert "<script" not in message.html
    assert [file.name for file in message.attachments.all()] == ["script_.svg"]
