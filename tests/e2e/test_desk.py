"""An agent's desk, as people use it: the real page on the real server, with customers who write meanwhile."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from homeshore.contacts.models import Assignment, Attachment, Contact, Message, Offer
from homeshore.contacts.services import NewAttachment, assign_contact, lapse_presences, mark_read
from homeshore.foundation import clock
from homeshore.foundation.models import Role
from homeshore.pay.models import Act
from tests.e2e.conftest import IN_WHOLE_CHROMIUM, session_of
from tests.e2e.desk_scene import Scene, morning
from tests.e2e.line import line_to
from tests.factories import user_as
from tests.servers.ground import wait_until

NARROW = "\u202f"
WORDS = {
    "fr": {"ready": "Disponible", "stay": "Clôturer et rester disponible", "why": "Pourquoi vous"},
    "en": {"ready": "Ready", "stay": "Close and stay ready", "why": "Why you"},
}


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    return morning()


@pytest.fixture
def desk(scene: Scene, person) -> Page:
    """The agent's browser, on the desk, the line live."""
    page = person(scene.agent.user)
    page.goto("/desk/")
    expect(page.locator(".vital.line")).to_contain_text("ms")
    return page


def become_ready(page: Page, language: str = "fr") -> None:
    page.keyboard.press("F4")
    expect(page.get_by_role("dialog").get_by_role("button", name=WORDS[language]["ready"])).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".presence")).to_contain_text(WORDS[language]["ready"])


def accept(page: Page, name: str) -> None:
    expect(page.locator(".offer-acts")).to_be_visible()
    page.keyboard.press("F8")
    expect(page.locator(".thread-head")).to_contain_text(name)


def test_a_message_is_offered_accepted_answered_closed_and_paid_by_keyboard(scene, desk, look, language):
    words = WORDS[language]
    become_ready(desk, language)
    look(desk, "desk-empty")

    scene.writes("Claire Vasseur", "Bonjour, j’ai reçu le plaid Ardèche. Il est bien trop grand pour mon fauteuil.")
    expect(desk.locator(".offer")).to_contain_text(words["why"])
    expect(desk.locator(".offer .amount")).to_have_text({"fr": f"2,40{NARROW}€", "en": "€2.40"}[language])
    look(desk, "desk-offer")
    accept(desk, "Claire Vasseur")

    desk.keyboard.type("Bonjour Claire, je regarde cela.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".msg.mine:not(.queued)")).to_contain_text("je regarde cela")
    scene.writes("Claire Vasseur", "Merci ! C’est un cadeau.")
    expect(desk.locator(".msg").last).to_contain_text("un cadeau")
    look(desk, "desk")

    desk.keyboard.press("Alt+c")
    desk.keyboard.press("Escape")
    expect(desk.locator(".composer textarea")).to_be_focused()
    desk.keyboard.press("Alt+c")
    desk.keyboard.press("Space")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Space")
    expect(desk.locator(".pop .amount")).to_contain_text({"fr": "2,40", "en": "2.40"}[language])
    look(desk, "desk-close")
    desk.keyboard.press("Enter")

    expect(desk.locator(".vital", has_text={"fr": "2,40", "en": "2.40"}[language])).to_be_visible()
    contact = Contact.objects.get()
    assert (contact.state, contact.disposition.name, Act.objects.get().amount_cents) == (
        "closed",
        "Taille ou modèle",
        240,
    )


LISTENING = """
    window.heard = []; window.noticed = []; window.away = false;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (when) {
      window.heard.push([Math.round(this.frequency.value), this.context.state]);
      return start.call(this, when);
    };
    const Real = window.Notification;
    window.Notification = class extends Real {
      constructor(title, options) { super(title, options); window.noticed.push([title, options.body, Real.permission]); }
    };
    Object.defineProperty(document, "hidden", { get: () => window.away });
"""
"""Notes what the page really plays and shows; a tab that nobody sees is told by its `hidden`."""


@IN_WHOLE_CHROMIUM
def test_an_offer_sounds_and_a_tab_that_nobody_sees_gives_a_notice(scene, site, person, look):
    page = person(scene.agent.user)
    page.context.grant_permissions(["notifications"], origin=site)
    page.add_init_script(LISTENING)
    page.goto("/desk/")
    expect(page.locator(".vital.line")).to_contain_text("ms")
    become_ready(page)

    page.evaluate("window.away = true")
    scene.writes("Claire Vasseur", "Bonjour")
    expect(page.locator(".offer-acts")).to_be_visible()
    wait_until(lambda: page.evaluate("window.noticed.length > 0"), what="a notice")
    assert page.evaluate("window.heard") == [[587, "running"], [880, "running"]]
    [(title, body, permission)] = page.evaluate("window.noticed")
    assert permission == "granted"
    assert "Maison" in title + body
    assert "Claire" not in title + body

    accept(page, "Claire Vasseur")
    page.evaluate("window.heard = []")
    scene.writes("Claire Vasseur", "Vous êtes là ?")
    wait_until(lambda: page.evaluate("window.heard.length > 0"), what="a tick")
    assert page.evaluate("window.heard") == [[196, "running"]]


def test_several_conversations_stand_side_by_side(scene, desk, look):
    become_ready(desk)
    photo = NewAttachment(name="etiquette-plaid.jpg", content_type="image/jpeg", content=b"not really" * 41_000)
    scene.writes("Claire Vasseur", "Bonjour, j’ai reçu le plaid Ardèche.", files=(photo,))
    accept(desk, "Claire Vasseur")
    desk.keyboard.press("Alt+n")
    desk.keyboard.type("Lot 11-26 : étiquettes inversées, confirmé par l’atelier.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".note")).to_contain_text("lue par Maison Lavande")
    desk.locator(".composer select").select_option("operator")
    desk.keyboard.press("Alt+n")
    desk.keyboard.type("À revoir entre nous")
    scene.writes(
        "Nadia Ferhat",
        "Bonjour,\nVoici le constat.\nNadia",
        queue=scene.mail,
        subject="Dégât des eaux : pièces manquantes",
        html='<p>Bonjour,</p><p>Voici le <b>constat</b>.</p><img src="https://tracker.example/p.gif" alt="">',
        quoted="Le 20 novembre, vous avez écrit : merci de nous envoyer le constat.",
        reply_to="expert@cabinet.example",
    )
    accept(desk, "Nadia Ferhat")
    expect(desk.locator(".letter header")).to_contain_text(
        "nadia@exemple.fr · demande une réponse à expert@cabinet.example"
    )
    expect(desk.locator(".composer")).to_contain_text("ira à expert@cabinet.example")
    expect(desk.frame_locator(".letter iframe").locator("b")).to_have_text("constat")
    expect(desk.locator(".blocked")).to_contain_text("1 image distante bloquée")
    desk.get_by_role("button", name="Pourquoi").click()
    typed = "thomas.berthelot@exemple.fr"
    scene.writes(
        "Thomas Berthelot", "La lampe clignote dès que je l’allume.", queue=scene.after_sales, typed_email=typed
    )
    expect(desk.locator(".offer-acts")).to_be_visible()
    look(desk, "desk-mail")
    accept(desk, "Thomas Berthelot")
    address = desk.locator(".facts dd", has_text=typed)
    expect(address).to_contain_text("non confirmée")
    look(desk, "desk-address")
    address.get_by_role("button", name="J’ai vérifié").click()
    expect(address).to_have_text(typed)
    scene.writes("Claire Vasseur", "Vous êtes là ?")
    expect(desk.locator(".conv", has_text="Claire").locator(".count")).to_contain_text("1")
    desk.keyboard.press("F2")
    desk.keyboard.press("Alt+ArrowDown")
    look(desk, "desk-several")
    assert desk.locator(".conv").count() == 3

    desk.locator(".conv", has_text="Claire").click()
    expect(desk.get_by_label("Votre note sur Claire Vasseur")).to_have_value("À revoir entre nous")
    expect(desk.locator(".composer select")).to_have_value("operator")
    scene.writes("Claire Vasseur", "Voici la liste :" + " un plaid," * 300)
    expect(desk.locator(".msg").last).to_contain_text("un plaid")
    thread = desk.locator(".thread")
    thread.hover()
    desk.mouse.wheel(0, -5000)
    wait_until(lambda: thread.evaluate("thread => thread.scrollTop") == 0, what="the thread to be at its beginning")
    scene.writes("Thomas Berthelot", "Je l’ai débranchée.", queue=scene.after_sales)
    expect(desk.locator(".conv", has_text="Thomas").locator(".count")).to_contain_text("1")
    assert thread.evaluate("thread => thread.scrollTop") == 0, "the thread moved under who reads it"


def test_what_the_desk_shows_is_told_to_the_customer_side(scene, desk):
    become_ready(desk)
    received = scene.writes("Claire Vasseur", "Bonjour")
    accept(desk, "Claire Vasseur")
    desk.keyboard.type("Bonjour !")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".msg.mine .by")).to_contain_text("envoyé")
    mark_read(conversation_id=received.conversation.pk, by="customer", now=clock.now())
    expect(desk.locator(".msg.mine .by")).to_contain_text("lu")


def test_an_offer_may_be_contested_and_declined(scene, desk):
    become_ready(desk)
    scene.writes("Claire Vasseur", "Bonjour")
    desk.get_by_role("button", name="Contester ce choix").click()
    desk.get_by_label("Qu’est-ce qui ne va pas").fill("Je ne parle plus portugais.")
    desk.get_by_role("button", name="Envoyer la contestation").click()
    expect(desk.locator(".offer-foot")).to_contain_text("Contestation envoyée")
    desk.keyboard.press("F9")
    declined = Offer.objects.filter(state="declined", contests__text="Je ne parle plus portugais.")
    wait_until(declined.exists, what="the offer to be declined")


def test_a_canned_reply_is_called_by_a_slash_and_filled_in(scene, desk, look):
    become_ready(desk)
    scene.writes("Claire Vasseur", "Bonjour")
    accept(desk, "Claire Vasseur")
    desk.keyboard.type("/bon")
    expect(desk.get_by_role("option")).to_contain_text("Se présenter")
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Votre réponse à Claire Vasseur")).to_have_value(
        "Bonjour Claire Vasseur, ici Inês de Maison Lavande."
    )
    desk.keyboard.press("Control+k")
    desk.keyboard.type("trans")
    look(desk, "desk-palette")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("dialog", name="Transférer la conversation")).to_be_visible()
    desk.get_by_label("Note pour la suite").fill("Plaid trop grand.")
    look(desk, "desk-transfer")
    desk.get_by_role("dialog").get_by_role("button", name="Transférer").click()
    expect(desk.locator("#calm-title")).to_be_visible()
    wait_until(lambda: Assignment.objects.get().why == "transferred", what="the transfer")
    assert Contact.objects.get().queue == scene.after_sales
    assert Message.objects.filter(kind="note", body="Plaid trop grand.").exists()


def test_files_are_sent_as_downloads_and_large_ones_are_refused_in_words(scene, desk, settings):
    become_ready(desk)
    scene.writes("Claire Vasseur", "Bonjour")
    accept(desk, "Claire Vasseur")
    picker = desk.locator(".composer input[type=file]")
    picker.set_input_files(
        [
            {"name": "étiquette.svg", "mimeType": "image/svg+xml", "buffer": b"<svg onload='alert(1)'/>"},
            {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"0" * (settings.MAX_UPLOAD_BYTES + 1)},
        ]
    )
    expect(desk.get_by_role("alert").filter(has_text="film.mp4")).to_contain_text("la limite est de")
    desk.keyboard.press("Control+Enter")
    card = desk.locator(".msg.mine:not(.queued) .file")
    expect(card).to_contain_text("étiquette.svg")
    with desk.expect_download() as download:
        card.click()
    assert download.value.suggested_filename == "étiquette.svg"
    assert Attachment.objects.get().size == 24


def test_what_is_typed_survives_a_reload(scene, desk):
    become_ready(desk)
    scene.writes("Claire Vasseur", "Bonjour")
    accept(desk, "Claire Vasseur")
    desk.keyboard.type("Une réponse à moitié")
    desk.reload()
    expect(desk.get_by_label("Votre réponse à Claire Vasseur")).to_have_value("Une réponse à moitié")


def test_without_a_line_nothing_is_lost_and_coming_back_doubles_nothing(scene, site, person, look, console_errors):
    with line_to(site) as line:
        desk = person(scene.agent.user)
        desk.context.add_cookies([{"name": "sessionid", "value": session_of(scene.agent.user), "url": line.address}])
        desk.goto(f"{line.address}/desk/")
        become_ready(desk)
        scene.writes("Claire Vasseur", "Il arrivera avant samedi ?")
        accept(desk, "Claire Vasseur")

        line.cut()
        expect(desk.locator(".banner.coral")).to_contain_text("Connexion perdue")
        desk.keyboard.type("Oui, il part ce soir de l’atelier.")
        desk.keyboard.press("Control+Enter")
        expect(desk.locator(".msg.queued")).to_contain_text("En attente d’envoi")
        desk.keyboard.type("Et je vous")
        look(desk, "desk-offline")
        scene.writes("Claire Vasseur", "Vous êtes encore là ?")
        assert Message.objects.filter(kind="outbound").count() == 0

        line.mend()
        expect(desk.locator(".msg.mine:not(.queued)")).to_contain_text("part ce soir", timeout=30_000)
        expect(desk.locator(".banner.coral")).to_have_count(0)
        expect(desk.locator(".thread")).to_contain_text("Vous êtes encore là ?")
        expect(desk.locator(".msg.queued")).to_have_count(0)
        expect(desk.get_by_label(re.compile("Votre réponse"))).to_have_value("Et je vous")
        assert Message.objects.filter(kind="outbound").count() == 1
    desk.close()
    console_errors.clear()  # what the browser says of requests that failed while the line was cut


def test_words_for_a_contact_that_went_elsewhere_can_be_taken_back(scene, site, person, look, console_errors):
    supervisor = user_as(Role.SUPERVISOR, scene.operator)
    with line_to(site) as line:
        desk = person(scene.agent.user)
        desk.context.add_cookies([{"name": "sessionid", "value": session_of(scene.agent.user), "url": line.address}])
        desk.goto(f"{line.address}/desk/")
        become_ready(desk)
        received = scene.writes("Thomas Berthelot", "La lampe clignote.", queue=scene.after_sales)
        accept(desk, "Thomas Berthelot")

        line.cut()
        expect(desk.locator(".banner.coral")).to_contain_text("Connexion perdue")
        desk.keyboard.type("Je vous envoie la pièce 204.")
        desk.keyboard.press("Control+Enter")
        desk.keyboard.type("Et aussi")
        lapse_presences(now=clock.now() + timedelta(minutes=3))
        assign_contact(contact_id=received.contact.pk, agent_id=scene.colleague.pk, by=supervisor, now=clock.now())

        line.mend()
        expect(desk.locator(".stranded")).to_contain_text("pièce 204", timeout=30_000)
        expect(desk.locator(".stranded")).to_contain_text("Et aussi")
        expect(desk.locator(".banner.amber")).to_contain_text("Votre ligne a été coupée")
        look(desk, "desk-stranded")
        desk.get_by_role("button", name="Compris").click()
        throw_away = desk.locator(".stranded").get_by_role("button", name="Supprimer")
        throw_away.first.click()
        expect(throw_away).to_have_count(1)
        throw_away.click()
        expect(desk.locator(".stranded")).to_have_count(0)
        assert Message.objects.filter(kind="outbound").count() == 0
    desk.close()
    console_errors.clear()  # what the browser says of requests that failed or were refused


def test_the_end_of_a_session_is_said_and_keeps_what_was_written(scene, desk, console_errors):
    become_ready(desk)
    scene.writes("Claire Vasseur", "Bonjour")
    accept(desk, "Claire Vasseur")
    Session.objects.all().delete()
    desk.keyboard.type("Bonjour Claire")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".banner.coral")).to_contain_text("Votre session est terminée")
    expect(desk.locator(".msg.queued")).to_contain_text("Bonjour Claire")
    desk.context.add_cookies(
        [{"name": "sessionid", "value": session_of(scene.agent.user), "url": desk.url.removesuffix("/desk/")}]
    )
    desk.reload()
    expect(desk.locator(".msg.mine:not(.queued)")).to_contain_text("Bonjour Claire")
    assert Message.objects.filter(kind="outbound").count() == 1
    console_errors.clear()


def test_two_tabs_of_one_desk_stay_in_step(scene, desk):
    become_ready(desk)
    other = desk.context.new_page()
    other.goto("/desk/")
    expect(other.locator(".presence")).to_contain_text("Disponible")
    scene.writes("Claire Vasseur", "Bonjour")
    expect(other.locator(".offer-acts")).to_be_visible()
    accept(desk, "Claire Vasseur")
    expect(other.locator(".offer-acts")).to_have_count(0)
    expect(other.locator(".conv")).to_contain_text("Claire Vasseur")


def test_after_the_close_there_is_time_for_notes(scene, desk, look):
    become_ready(desk)
    scene.writes("Thomas Berthelot", "La lampe clignote.", queue=scene.after_sales)
    accept(desk, "Thomas Berthelot")
    desk.keyboard.press("Alt+c")
    desk.get_by_label("Remboursement").check()
    desk.get_by_role("button", name=re.compile("puis noter")).click()
    expect(desk.locator(".wrap-up")).to_contain_text("Conversation clôturée")
    look(desk, "desk-wrap-up")
    desk.get_by_role("button", name="J’ai fini").click()
    expect(desk.locator("#calm-title")).to_be_visible()


def test_on_other_pages_an_agent_stays_present_and_answers_offers(scene, desk, look):
    become_ready(desk)
    desk.goto("/account/")
    expect(desk.locator(".presence")).to_contain_text("Disponible")
    expect(desk.locator(".vital.line")).to_contain_text("ms")
    scene.writes("Claire Vasseur", "Bonjour")
    expect(desk.locator(".banner.deep")).to_contain_text("Tchat · Maison Lavande")
    look(desk, "account-offer")
    desk.keyboard.press("F8")
    expect(desk.locator(".thread-head")).to_contain_text("Claire Vasseur")
