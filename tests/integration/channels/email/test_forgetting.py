"""What goes when a customer is erased, or kept long enough, and what stays: the whole database is searched for them."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import OperationalError, models

from homeshore.channels.email.models import InboundMail, OutboundMail
from homeshore.channels.email.outgoing import prepare_message
from homeshore.channels.email.taking import Place, take
from homeshore.contacts import services
from homeshore.contacts.models import Assignment, Attachment, Contact, Conversation, Customer, Message
from homeshore.contacts.refusals import CustomerInConversation
from homeshore.contacts.services import CustomerFacts, NewAttachment
from homeshore.foundation import housekeeping, retention
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import AuditEntry, OutboxMessage, RetentionRule, Role
from homeshore.foundation.retention import Periods
from homeshore.pay.models import Act
from tests.factories import AgentFactory, DispositionFactory, OperatorFactory, QueueFactory, RateCardFactory, user_as

pytestmark = pytest.mark.django_db(transaction=True)

HELENE = ("Hélène Ravary", "helene@ravary.example", "compteur 4471-K")
"""Her name, her address, and something that only she says."""


def mail_of(sender: str, address: str, *, body: str, to: str, mail_id: str, cites: str = "") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{sender} <{address}>", to, f"Facture de {sender}"
    mail["Message-ID"] = mail_id
    if cites:
        mail["In-Reply-To"] = cites
    mail.set_content(body)
    mail.add_attachment(body.encode(), maintype="text", subtype="plain", filename=f"{sender}.txt")
    return mail.as_bytes()


@pytest.fixture
def admin(operator):
    return user_as(Role.OPERATOR_ADMIN, operator)


@pytest.fixture
def agent(mailbox):
    agent = AgentFactory.create(operator=mailbox.operator, queues=[mailbox.queue])
    RateCardFactory.create(brand=mailbox.brand, rates=[{"amount_cents": 310}])
    return agent


@pytest.fixture
def written(mailbox, clock):
    """She writes, with a file."""
    name, address, words = HELENE
    mail = mail_of(name, address, body=f"Bonjour, {words}", to=mailbox.address, mail_id="<h1@ravary.example>")
    return take(mailbox, mail, place=Place(1, 1), now=clock.now())


@pytest.fixture
def closed(written, mailbox, agent, clock):
    """An agent answers by mail, notes her name for the brand, and closes: an act is paid."""
    disposition = DispositionFactory.create(brand=mailbox.brand)
    contact = Contact.objects.get(conversation=written.message.conversation)
    services.set_presence(agent_id=agent.pk, state="ready", now=clock.now())
    by = user_as(Role.SUPERVISOR, mailbox.operator)
    services.assign_contact(contact_id=contact.pk, agent_id=agent.pk, by=by, now=clock.now())
    named = NewAttachment("Hélène Ravary.pdf", "application/pdf", b"Ravary")
    answer = services.send_message(
        agent_id=agent.pk,
        contact_id=contact.pk,
        body="Bonjour Hélène Ravary",
        client_id="answer-1",
        attachments=[named],
        now=clock.now(),
    )
    prepare_message(answer.pk, now=clock.now())
    services.write_note(
        author=agent.user,
        agent_id=agent.pk,
        contact_id=contact.pk,
        body=f"Rappeler {HELENE[0]}",
        audience="brand",
        client_id="note-1",
        now=clock.now(),
    )
    clock.advance(seconds=60)
    services.close_contact(
        agent_id=agent.pk, contact_id=contact.pk, disposition_id=disposition.pk, wrap_up=False, now=clock.now()
    )
    contact.refresh_from_db()
    return contact


def says_of(*words: str) -> list[str]:
    """Where in the database, or among the files, any of these words stands."""
    found = []
    for model in apps.get_models():
        columns = [
            each.attname
            for each in model._meta.concrete_fields
            if isinstance(each, models.CharField | models.TextField | models.JSONField | models.FileField)
        ]
        for row in model._base_manager.values_list("pk", *columns):
            said = " ".join(map(str, row[1:])).casefold()
            found += [f"{model.__name__} {row[0]}: {word}" for word in words if word.casefold() in said]
    for path in Path(default_storage.location).rglob("*"):
        if path.is_file():
            said = path.name.encode() + path.read_bytes()
            found += [f"{path.name}: {word}" for word in words if word.encode() in said]
    return found


def figures() -> dict[str, list]:
    """What must stay as it was: when contacts came and were answered, who worked on them, what was paid."""
    kept = {
        Contact: ("id", "arrived_at", "answered_at", "answered_in_target", "closed_at", "outcome", "conversation"),
        Assignment: ("id", "agent", "contact", "opened_at", "closed_at", "why"),
        Act: ("id", "agent", "contact", "amount_cents", "at"),
    }
    return {model.__name__: list(model.objects.order_by("pk").values_list(*fields)) for model, fields in kept.items()}


def erase(customer, admin, clock, reason="Letter of 20 November"):
    return services.erase_customer(
        operator_id=customer.operator_id, customer_id=customer.pk, by=admin, reason=reason, now=clock.now()
    )


def test_of_an_erased_customer_nothing_is_left_but_figures(closed, mailbox, admin, clock):
    chat = QueueFactory.create(brand=mailbox.brand, channel="chat")
    typed = services.receive_message(
        queue_id=chat.pk,
        thread_key="visitor-9",
        customer=CustomerFacts(typed_email=HELENE[1]),
        body="Bonjour",
        client_id="m1",
        now=clock.now(),
    )
    services.abandon_contact(contact_id=typed.contact.pk, now=clock.now())
    customer = Customer.objects.get(email=HELENE[1])
    before = figures()
    assert says_of(*HELENE)

    gone = erase(customer, admin, clock)

    assert says_of(*HELENE, "Ravary", "h1@ravary") == []
    assert figures() == before
    assert (gone.conversations, gone.messages, gone.files) == (1, 3, 3)
    assert before["Act"][0][3] == 310
    customer.refresh_from_db()
    assert str(customer) == "erased customer"
    entry = AuditEntry.objects.get(verb="customer.erased")
    assert (entry.actor, entry.target) == (admin, f"contacts.customer:{customer.pk}")
    assert entry.data == {"reason": "Letter of 20 November", "conversations": 1, "messages": 3, "files": 3}
    assert not OutboxMessage.objects.filter(kind="email.send").exists()


def test_who_was_erased_and_writes_again_is_somebody_new(closed, written, mailbox, admin, clock):
    old = Customer.objects.get(email=HELENE[1])
    raw = mail_of(
        *HELENE[:2], body="Encore moi", to=mailbox.address, mail_id="<h2@r.example>", cites="<h1@ravary.example>"
    )
    with written.raw.open() as stored:
        first = stored.read()
    erase(old, admin, clock)

    again = take(mailbox, first, place=Place(2, 1), now=clock.now())
    assert (again.pk, again.message, Message.objects.count()) == (written.pk, None, 0)  # known by its fingerprint

    answered = take(mailbox, raw, place=Place(2, 2), now=clock.now())
    assert answered.message.conversation != written.message.conversation
    assert answered.message.conversation.customer != old


def test_her_name_goes_from_what_the_house_said_to_others_and_their_own_words_stay(closed, mailbox, admin, clock):
    cites = {"mail_id": "<e1@evil.example>", "cites": "<h1@ravary.example>"}
    eve = mail_of("Eve", "eve@evil.example", body="Et moi ?", to=mailbox.address, **cites)
    took = take(mailbox, eve, place=Place(1, 2), now=clock.now())
    said = Message.objects.filter(conversation=took.message.conversation).order_by("id")
    assert HELENE[0] in said.get(kind="system").body

    erase(Customer.objects.get(email=HELENE[1]), admin, clock)
    assert says_of(*HELENE) == []
    assert "…" in said.get(kind="system").body
    assert said.get(kind="inbound").body.strip() == "Et moi ?"


def test_nobody_is_erased_in_the_middle_of_a_contact_nor_without_a_reason_nor_by_another_operator(
    written, admin, clock
):
    customer = Customer.objects.get(email=HELENE[1])
    with pytest.raises(CustomerInConversation, match=Contact.objects.get().reference):
        erase(customer, admin, clock)
    with pytest.raises(Invalid):
        erase(customer, admin, clock, reason=" ")
    with pytest.raises(NotFound):
        services.erase_customer(
            operator_id=OperatorFactory.create().pk, customer_id=customer.pk, by=None, reason="x", now=clock.now()
        )
    assert says_of(*HELENE)


def test_when_erasing_fails_in_the_middle_nothing_is_gone(closed, admin, clock, monkeypatch):
    from homeshore.contacts import events

    def fail(going):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(events, "words_forgotten", [*events.words_forgotten, fail])
    files = sorted(default_storage.listdir("attachments")[0])
    with pytest.raises(OperationalError):
        erase(Customer.objects.get(email=HELENE[1]), admin, clock)
    assert Message.objects.count() == 3
    assert all(default_storage.exists(each.file.name) for each in Attachment.objects.all())
    assert sorted(default_storage.listdir("attachments")[0]) == files


def test_words_go_after_a_year_and_the_customer_after_three(closed, mailbox, clock):
    before = figures()
    housekeeping.purge(now=closed.closed_at + timedelta(days=365))
    assert Message.objects.count() == 3

    housekeeping.purge(now=closed.closed_at + timedelta(days=366))
    assert (Message.objects.count(), Attachment.objects.count(), OutboundMail.objects.count()) == (0, 0, 0)
    assert says_of(HELENE[2], "h1@ravary") == []
    assert Customer.objects.get().name == HELENE[0]
    conversation = Conversation.objects.get()
    assert (conversation.subject, conversation.thread_key) == ("", f"forgotten-{conversation.pk}")

    housekeeping.purge(now=closed.closed_at + timedelta(days=3 * 365 + 1))
    assert says_of(*HELENE) == []
    assert figures() == before


def test_who_is_in_touch_and_what_is_open_is_kept(written, clock):
    housekeeping.purge(now=clock.now() + timedelta(days=4 * 365))

    assert (Contact.objects.get().state, Message.objects.count()) == (Contact.State.WAITING, 1)
    assert Customer.objects.get().email == HELENE[1]


def test_stray_mails_go_after_three_months_and_leave_their_fingerprint(written, mailbox, clock):
    own = mail_of("Nous", mailbox.address, body="?", to=mailbox.address, mail_id="<n1@evil.example>")
    foreign = take(mailbox, own, place=Place(1, 2), now=clock.now())
    assert foreign.state == InboundMail.State.SET_ASIDE
    path = foreign.raw.name
    housekeeping.purge(now=clock.now() + timedelta(days=91))

    foreign.refresh_from_db()
    assert (foreign.sender, foreign.subject, foreign.detail, foreign.raw.name) == ("", "", "", "")
    assert foreign.fingerprint
    assert not default_storage.exists(path)
    assert InboundMail.objects.exclude(pk=foreign.pk).get().raw.name


def test_an_operators_own_periods_hold_from_their_day_on(closed, operator, admin, clock):
    soon = clock.now() + timedelta(days=10)
    short = Periods(conversation_days=30, customer_days=60, stray_mail_days=30)
    retention.save_rule(
        operator_id=operator.pk, periods=short, source="Registre, ligne 4", valid_from=soon, by=admin, now=clock.now()
    )

    assert retention.periods_of(operator.pk, at=clock.now()) == Periods()
    assert retention.periods_of(operator.pk, at=soon) == short
    assert retention.periods_of(OperatorFactory.create().pk, at=soon) == Periods()
    housekeeping.purge(now=closed.closed_at + timedelta(days=31))
    assert Message.objects.count() == 0
    assert AuditEntry.objects.filter(verb="retention.saved").get().data["conversation_days"] == 30


@pytest.mark.parametrize(
    ("periods", "wrong"),
    [
        (Periods(conversation_days=1), {"conversation_days"}),
        (Periods(conversation_days=400, customer_days=300), {"customer_days"}),
        (Periods(stray_mail_days=10**6), {"stray_mail_days"}),
    ],
)
def test_periods_that_cannot_be_are_refused_by_field(operator, admin, clock, periods, wrong):
    with pytest.raises(Invalid) as refused:
        retention.save_rule(
            operator_id=operator.pk, periods=periods, source="", valid_from=None, by=admin, now=clock.now()
        )
    assert (set(refused.value.fields), RetentionRule.objects.count()) == (wrong, 0)


def test_files_that_no_row_names_are_swept_at_night_and_no_other(closed, clock):
    from django.core.files.base import ContentFile

    for path in ("attachments/2026/10/lost", "mails/1/ab/lost.eml"):
        default_storage.save(path, ContentFile(b"lost"))
    young = housekeeping.purge(now=default_storage.get_modified_time("attachments/2026/10/lost"))
    swept = housekeeping.purge(now=clock.now() + timedelta(days=60))

    names = ("files without a row", "mail files without a row")
    assert [young[name] for name in names] == [0, 0]
    assert [swept[name] for name in names] == [1, 1]
    assert all(default_storage.exists(each.file.name) for each in Attachment.objects.all())
    assert all(default_storage.exists(each.raw.name) for each in InboundMail.objects.all())
