"""What supervisors decide about mails, and how an administrator adds a mailbox, in a real browser."""

import pytest

from homeshore.channels.email.models import InboundMail, Mailbox, OutboundMail
from homeshore.channels.email.taking import Place, take
from homeshore.contacts.models import Message
from homeshore.foundation.models import Role
from tests.clock import MORNING
from tests.factories import QueueFactory, user_as
from tests.servers.ground import free_port, wait_until
from tests.unit.channels.email.mails import recorded, written


@pytest.fixture
def mailbox(transactional_db, operator) -> Mailbox:
    queue = QueueFactory.create(
        brand__operator=operator, brand__name="Maison Verte", name="Service client", channel="email"
    )
    return Mailbox.objects.create(
        operator=operator,
        brand=queue.brand,
        queue=queue,
        address="service@maisonverte.example",
        display_name="Maison Verte",
        active=False,
        imap_host="imap.maisonverte.example",
        imap_user="service",
        smtp_host="smtp.maisonverte.example",
        uidvalidity=1,
        take_since=MORNING,
        state_since=MORNING,
    )


def some_of_everything(mailbox: Mailbox) -> None:
    """Mails that are unreadable, too large, a flood, an absence, and one of ours that did not arrive."""
    take(mailbox, recorded("no-sender"), place=Place(1, 1), now=MORNING)
    take(mailbox, recorded("script-everywhere"), place=Place(1, 2), now=MORNING)
    InboundMail.objects.filter(uid=2).update(state="set_aside", why="too_large", detail="31457280", message=None)
    Message.objects.all().delete()
    take(mailbox, recorded("absence-exchange-fr"), place=Place(1, 3), now=MORNING)
    take(mailbox, recorded("bounce-postfix"), place=Place(1, 4), now=MORNING)
    answered = take(mailbox, written("Bonjour", Subject="Où est mon colis ?"), place=Place(1, 5), now=MORNING)
    OutboundMail.objects.create(
        operator=mailbox.operator,
        mailbox=mailbox,
        acknowledges=answered,
        mail_id="<1@maisonverte.example>",
        recipient="lea@fai.example",
        subject="Re: Où est mon colis ?",
        state="failed",
        last_error="550 5.1.1 <lea@fai.example>: Recipient address rejected: User unknown",
        prepared_at=MORNING,
        failed_at=MORNING,
    )


@pytest.fixture
def operator(transactional_db):
    from tests.factories import OperatorFactory

    return OperatorFactory.create(name="Réseau Ouest")


def test_a_supervisor_sees_what_waits_and_dismisses_it(person, operator, mailbox, look):
    page = person(user_as(Role.SUPERVISOR, operator))
    page.goto("/mail/")
    look.in_both_languages(page, "mail-empty")
    some_of_everything(mailbox)
    page.goto("/mail/automatic/")
    look.in_both_languages(page, "mail-automatic")
    page.goto("/mail/")
    look.in_both_languages(page, "mail-to-decide")

    page.locator("tr", has_text="attacker@evil.example").get_by_role("button", name="Écarter").click()
    page.get_by_role("status").wait_for()
    assert InboundMail.objects.filter(state="dismissed").count() == 1
    assert page.locator("tr", has_text="attacker@evil.example").count() == 0


def test_an_administrator_tries_a_mailbox_and_adds_it(person, operator, dovecot, smtp, look):
    QueueFactory.create(brand__operator=operator, name="Service client", channel="email")
    page = person(user_as(Role.OPERATOR_ADMIN, operator))
    for _ in look.languages(page):
        page.goto("/mail/mailboxes/new/")
        page.fill("[name=address]", "bonjour@horizon.example")
        page.fill("[name=display_name]", "Horizon")
        page.fill("[name=imap_host]", "127.0.0.1")
        page.fill("[name=imap_port]", str(dovecot.port))
        page.select_option("[name=imap_security]", "none")
        page.fill("[name=imap_user]", "horizon")
        page.fill("[name=smtp_host]", "127.0.0.1")
        page.fill("[name=smtp_port]", str(free_port()))
        page.select_option("[name=smtp_security]", "none")
        page.fill("[name=imap_password]", dovecot.password)
        page.click("[name=try]")
        page.locator(".banner.sea", has_text="IMAP").wait_for()
        page.locator(".banner.coral", has_text="SMTP").wait_for()
        look(page, "mailbox-tried")

    page.fill("[name=smtp_port]", str(smtp.port))
    page.fill("[name=imap_password]", dovecot.password)
    page.locator(".mail-foot .primary").click()
    page.locator("th a", has_text="bonjour@horizon.example").wait_for()

    wait_until(lambda: Mailbox.objects.get().state == "listening", what="first reading")
    dovecot.deliver("horizon", written("Bonjour d'ailleurs"))
    wait_until(lambda: Message.objects.filter(body="Bonjour d'ailleurs").exists(), what="arrival of the mail")


def test_the_mailboxes_and_how_they_are(person, operator, mailbox, look):
    Mailbox.objects.update(
        active=True, state="failing", last_error="Le serveur IMAP ne répond pas.", checked_at=MORNING
    )
    page = person(user_as(Role.OPERATOR_ADMIN, operator))
    page.goto("/mail/mailboxes/")
    look.in_both_languages(page, "mailboxes")
