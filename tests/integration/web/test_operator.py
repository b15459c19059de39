import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from homeshore.channels.voice.models import Choice, LeftInMenu, Notice, Number, Prompt, TrunkAccount, TurnedAway
from homeshore.channels.voice.sip import alaw
from homeshore.channels.voice.sip.notices import Telling, keep_telling, set_notices
from homeshore.channels.voice.sip.numbers import Offer, set_menu
from homeshore.channels.voice.sip.spoken import can_speak
from homeshore.contacts.models import Customer, Fact
from homeshore.foundation import outbox
from homeshore.foundation.errors import Invalid
from homeshore.foundation.models import ApiToken, AuditEntry, Membership, OutboxMessage, Role
from homeshore.missions import queries as missions
from homeshore.outbound import numbers
from homeshore.people.models import Agent
from tests.clock import MORNING
from tests.factories import (
    AgentFactory,
    BrandFactory,
    CallFactory,
    ContactFactory,
    CustomerFactory,
    FloorFactory,
    MembershipFactory,
    MissionFactory,
    OperatorFactory,
    QueueFactory,
    SkillFactory,
    user_as,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db):
    return MembershipFactory.create(role=Role.OPERATOR_ADMIN, user__language="en")


@pytest.fixture
def client(admin) -> Client:
    client = Client(headers={"Accept": "text/html"})
    client.force_login(admin.user)
    return client


def test_an_administrator_invites_somebody(client, admin):
    response = client.post(
        reverse("people"), {"name": "Zoé Marchand", "email": "zoe@example.org", "role": "planner"}, follow=True
    )

    assert "Zoé Marchand is invited by mail." in response.content.decode()
    assert Membership.objects.get(user__email="zoe@example.org").operator == admin.operator
    assert OutboxMessage.objects.get().kind == "account.invitation"


def test_an_agent_is_invited_with_their_file_and_their_missions(client, admin, clock):
    floor = FloorFactory.create(operator=admin.operator)
    queue = QueueFactory.create(brand__operator=admin.operator, floor=floor)
    mission = MissionFactory.create(brand=queue.brand, queues=[queue])
    skill = SkillFactory.create(operator=admin.operator)
    who = {"first_name": "Inês", "name": "Inês Carvalho", "email": "ines@example.org", "status": "employee"}
    response = client.post(
        reverse("invite-agent"), {**who, "missions": [mission.pk], f"skill-{skill.pk}": "4"}, follow=True
    )

    assert "Inês Carvalho is invited by mail." in response.content.decode()
    agent = Agent.objects.get(user__email="ines@example.org")
    assert (agent.first_name, agent.status, agent.operator) == ("Inês", "employee", admin.operator)
    assert list(agent.skills.values_list("skill", "level")) == [(skill.pk, 4)]
    assert missions.queues_of_agent(agent.pk) == [queue.pk]
    assert agent.user.memberships.get().role == Role.AGENT
    assert Fact.objects.get(floor=floor).input["kind"] == "AgentSet"
    assert OutboxMessage.objects.get().kind == "account.invitation"
    again = client.post(reverse("invite-agent"), {**who, "missions": [mission.pk]})
    assert (again.status_code, Agent.objects.count(), agent.engagements.count()) == (302, 1, 1)


def test_who_is_an_agent_elsewhere_is_refused_and_nothing_is_done(client, admin):
    elsewhere = AgentFactory.create(user__email="ines@example.org")
    who = {"first_name": "Inês", "name": "Inês", "email": "ines@example.org", "status": "employee"}
    refused = client.post(reverse("invite-agent"), who)

    assert (refused.status_code, "agent of another operator" in refused.content.decode()) == (422, True)
    assert (elsewhere.user.memberships.count(), OutboxMessage.objects.count()) == (1, 0)


def test_a_brand_user_is_invited_to_one_brand(client, admin):
    brand = BrandFactory.create(operator=admin.operator)
    foreign = BrandFactory.create()
    typed = {"name": "Max", "email": "max@brand.example"}
    assert client.post(reverse("invite-brand-user"), {**typed, "brand": foreign.pk}).status_code == 422
    assert client.post(reverse("invite-brand-user"), {**typed, "brand": brand.pk}).status_code == 302
    member = Membership.objects.get(user__email="max@brand.example")
    assert (member.role, member.brand_access.brand) == (Role.BRAND_USER, brand)


def test_an_invitation_is_sent_again_or_revoked_and_the_link_before_it_opens_nothing(client, admin, clock, mailoutbox):
    def link() -> str:
        outbox.deliver_due()
        line = next(line for line in mailoutbox[-1].body.splitlines() if line.startswith("http"))
        return "/" + line.split("/", 3)[3]

    def opens(where: str) -> bool:
        return "password1" in Client().get(where, follow=True).content.decode()

    client.post(reverse("people"), {"name": "Zoé", "email": "zoe@example.org", "role": "planner"})
    theirs, first = Membership.objects.get(user__email="zoe@example.org"), link()
    assert opens(first)
    clock.advance(seconds=60)
    client.post(reverse("invite-again", args=[theirs.pk]))
    second = link()
    assert [opens(first), opens(second)] == [False, True]
    client.post(reverse("shut-out", args=[theirs.pk]))
    assert not opens(second)
    assert client.post(reverse("invite-again", args=[theirs.pk])).status_code == 409


def test_a_wrong_invitation_is_said_beside_its_field(client):
    response = client.post(reverse("people"), {"name": "Zoé", "email": "zoe@example", "role": "planner"})

    assert response.status_code == 400
    assert "email" in response.context["form"].errors


def test_an_administrator_shuts_somebody_out_and_lets_them_back_in(client, admin):
    theirs = MembershipFactory.create(operator=admin.operator, role=Role.PLANNER)

    client.post(reverse("shut-out", args=[theirs.pk]))
    theirs.refresh_from_db()
    assert not theirs.active
    client.post(reverse("let-back-in", args=[theirs.pk]))
    theirs.refresh_from_db()
    assert theirs.active


def test_the_last_administrator_is_told_why_not(client, admin):
    response = client.post(reverse("shut-out", args=[admin.pk]))

    assert response.status_code == 409
    assert b"at least one administrator" in response.content


def test_the_second_factor_is_asked_for_and_the_trail_says_so(client, admin):
    client.post(reverse("second-factor"), {"required": "yes"})

    admin.operator.refresh_from_db()
    assert admin.operator.two_factor_required
    assert AuditEntry.objects.get().data == {"required": True}


def test_the_trail_shows_times_of_the_operator_and_no_markup_of_others(client, admin):
    AuditEntry.objects.create(
        operator=admin.operator, actor=None, verb="x", target="<script>alert(1)</script>", data={"a": "<b>"}, at=MORNING
    )

    page = client.get(reverse("trail")).content.decode()

    assert "10:00:00" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_what_was_done_is_said_and_found_in_words(client, admin):
    for verb in ("member.invited", "queue.closed"):
        AuditEntry.objects.create(operator=admin.operator, actor=admin.user, verb=verb, target="x", data={}, at=MORNING)

    page = client.get(reverse("trail"), {"search": "closed a"}).content.decode()

    assert "Closed a queue" in page
    assert "Invited somebody" not in page


def test_the_floors_are_split_as_proposed(client, admin):
    floor = FloorFactory.create(operator=admin.operator)
    first = QueueFactory.create(floor=floor, brand__operator=admin.operator)
    second = QueueFactory.create(floor=floor, brand=first.brand)

    proposal = client.get(reverse("floors"), {"floors": "2"})
    assert [[id for id, _ in each.queues] for each in proposal.context["plan"].proposed] == [[first.pk], [second.pk]]
    confirmed = client.post(reverse("split-floors"), {"floor": [str(first.pk), str(second.pk)]}, follow=True)

    assert "There are 2 floors now." in confirmed.content.decode()
    assert not confirmed.context["plan"].changes
    assert AuditEntry.objects.filter(verb="floors.split", actor=admin.user).count() == 1


def test_a_proposal_that_no_longer_holds_is_said_and_changes_nothing(client, admin):
    floor = FloorFactory.create(operator=admin.operator)
    queue = QueueFactory.create(floor=floor, brand__operator=admin.operator)

    answered = client.post(reverse("split-floors"), {"floor": [str(queue.pk), "x"]}, follow=True)

    assert "have changed meanwhile" in answered.content.decode()
    assert floor.operator.floors.get() == floor


@pytest.mark.parametrize("asked", ["", "0", "-1", "many", "99999"])
def test_whatever_number_of_floors_is_asked_for_there_is_a_proposal(client, admin, asked):
    FloorFactory.create(operator=admin.operator)
    assert client.get(reverse("floors"), {"floors": asked}).status_code == 200


def test_a_token_is_shown_once_opens_the_api_and_ends_when_it_is_revoked(client, admin):
    page = client.post(reverse("tokens"), {"name": "warehouse", "may_write": "no"})
    [text] = re.findall(r"hs_[\w-]{43}", page.content.decode())
    program = Client(headers={"Authorization": f"Bearer {text}"})
    assert program.get("/api/v1/me").json()["membership"] == admin.pk
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    again = client.get(reverse("tokens")).content.decode()
    assert "warehouse" in again
    assert text not in again

    token = ApiToken.objects.get()
    client.post(reverse("revoke-token", args=[token.pk]))
    assert program.get("/api/v1/me").status_code == 401
    assert list(AuditEntry.objects.order_by("id").values_list("verb", "actor")) == [
        ("token.issued", admin.user.pk),
        ("token.revoked", admin.user.pk),
    ]


def test_an_administrator_looks_for_a_customer_and_erases_them(client, admin, clock):
    brand = BrandFactory.create(operator=admin.operator, name="Maison Lavande")
    kept = CustomerFactory.create(brand=brand, name="Jeanne Dupont", email="jeanne@dupont.example")
    CustomerFactory.create(name="Jeanne Ailleurs")  # of another operator
    found = client.get(reverse("customers"), {"search": "jeanne"}).content.decode()
    assert "jeanne@dupont.example" in found
    assert "Jeanne Ailleurs" not in found

    address = reverse("customer", args=[kept.pk])
    assert "This field is required" in client.post(address, {"reason": "her letter"}).content.decode()
    erased = client.post(address, {"reason": "her letter", "meant": "on"}, follow=True)
    assert "The customer is erased." in erased.content.decode()
    kept.refresh_from_db()
    assert (kept.name, kept.email, kept.forgotten_at) == ("", "", clock.now())
    assert AuditEntry.objects.get(verb="customer.erased").actor == admin.user
    assert client.get(address).status_code == 404


def test_a_customer_in_conversation_is_not_erased_and_one_is_told_why(client, admin, clock):
    queue = QueueFactory.create(brand__operator=admin.operator)
    contact = ContactFactory.create(queue=queue)
    address = reverse("customer", args=[contact.conversation.customer_id])
    assert f"Still open: {contact.reference}" in client.get(address).content.decode()

    refused = client.post(address, {"reason": "letter", "meant": "on"})
    assert refused.status_code == 422
    assert Customer.objects.get().name


def test_an_administrator_sets_for_how_long_customers_data_is_kept(client, admin, clock):
    shown = client.get(reverse("retention")).content.decode()
    assert "They come from no legal source" in shown

    typed = {
        "conversation_days": 180,
        "customer_days": 400,
        "stray_mail_days": 45,
        "recording_days": 90,
        "source": "Register, line 4",
    }
    later = client.post(reverse("retention"), {**typed, "valid_from": "2026-12-24"}, follow=True).content.decode()
    assert "24 December 2026" in later
    assert "planned" in later
    refused = client.post(reverse("retention"), {**typed, "conversation_days": 5})
    assert (refused.status_code, "conversation_days" in refused.context["form"].errors) == (422, True)
    past = client.post(reverse("retention"), {**typed, "valid_from": "2020-01-01"})
    assert "valid_from" in past.context["form"].errors


def test_a_number_is_led_to_a_queue_of_calls_and_refused_again(client, admin):
    queue = QueueFactory.create(brand__operator=admin.operator, channel="voice", name="Appels")
    asked = {"number": "01 56 07 08 09", "queue": queue.pk, "language": "fr"}
    page = client.post(reverse("phone-numbers"), asked, follow=True).content.decode()
    assert "Calls of +33 1 56 07 08 09 go to Appels." in page
    number = Number.objects.get()
    assert (number.digits, number.operator, number.queue, number.active) == (
        "+33156070809",
        admin.operator,
        queue,
        True,
    )
    assert (
        "are refused from now on"
        in client.post(reverse("refuse-number", args=[number.pk]), follow=True).content.decode()
    )
    number.refresh_from_db()
    assert not number.active
    assert list(AuditEntry.objects.order_by("id").values_list("verb", "actor")) == [
        ("number.led", admin.user.pk),
        ("number.refused", admin.user.pk),
    ]


def test_a_number_that_is_none_or_of_another_operator_is_refused_in_words(client, admin):
    queue = QueueFactory.create(brand__operator=admin.operator, channel="voice")
    other = QueueFactory.create(channel="voice")
    Number.objects.create(operator=other.operator, queue=other, digits="+33156070810")
    asked = {"queue": queue.pk, "language": "fr"}
    assert (
        "This is no telephone number."
        in client.post(reverse("phone-numbers"), {**asked, "number": "the office"}).content.decode()
    )
    assert (
        "belongs to somebody else here"
        in client.post(reverse("phone-numbers"), {**asked, "number": "0156070810"}).content.decode()
    )
    assert (
        client.post(reverse("phone-numbers"), {**asked, "queue": other.pk, "number": "0156070811"}).status_code == 400
    )
    assert Number.objects.get().operator == other.operator


def test_the_menu_of_a_number_is_written_refused_in_words_and_emptied(client, admin, settings, tmp_path):
    settings.SPOKEN_DIR = tmp_path / "spoken"
    brand = BrandFactory.create(operator=admin.operator, name="Maison Lavande")
    orders = QueueFactory.create(brand=brand, channel="voice", name="Commandes")
    english, letters = (QueueFactory.create(brand=brand, channel=each) for each in ("voice", "email"))
    elsewhere = QueueFactory.create(brand__operator=admin.operator, channel="voice")
    number = Number.objects.create(operator=admin.operator, queue=orders, digits="+33156070809")
    address = reverse("number-menu", args=[number.pk])
    assert 'value="Bonjour, vous êtes chez Maison Lavande."' in client.get(address).content.decode()
    assert client.get(reverse("number-menu-spoken", args=[number.pk])).status_code == 409, "there is no menu to hear"
    asked = {f"{key}-language": "fr" for key in range(1, 10)} | {"opening": "Bonjour."}
    for typed, why in [
        ({"1-label": "Pour vos commandes"}, "Say to which queue this key leads."),
        ({"1-queue": orders.pk}, "Say what callers hear of this key"),
        ({"1-label": "Pour vos lettres", "1-queue": letters.pk}, "Select a valid choice"),
        ({"1-label": "Ailleurs", "1-queue": elsewhere.pk}, "Select a valid choice"),
        ({"1-label": "Commandes", "1-queue": orders.pk, "opening": ""}, "Say what callers hear first."),
    ]:
        answer = client.post(address, asked | typed)
        assert (answer.status_code, why in answer.content.decode()) == (400, True), why
    assert not Choice.objects.exists()

    menu = {"1-label": "Pour vos commandes", "1-queue": orders.pk}
    menu |= {"9-label": "For English", "9-queue": english.pk, "9-language": "en"}
    page = client.post(address, asked | menu, follow=True).content.decode()
    assert "From the next call on, +33 1 56 07 08 09 has this menu." in page
    assert list(Choice.objects.values_list("key", "label", "queue", "language")) == [
        (1, "Pour vos commandes", orders.pk, "fr"),
        (9, "For English", english.pk, "en"),
    ]
    spoken_at_once = len(list(settings.SPOKEN_DIR.glob("*.wav"))) if can_speak() else 3
    assert spoken_at_once == 3, "at first, once more, and after a wrong key"
    assert "2 keys" in client.get(reverse("phone-numbers")).content.decode()
    led = {"number": number.digits, "queue": elsewhere.pk, "language": "fr"}
    silence = alaw.as_wav([0] * 16_000, rate=8000)
    for wav, why in [(b"music of another kind", "This is no WAV file"), (silence, "Said by your own recording")]:
        page = client.post(address, asked | menu | {"9-sound": SimpleUploadedFile("mine.wav", wav)}, follow=True)
        assert why in page.content.decode()
    assert [each.prompt is None for each in number.choices.all()] == [True, False]
    assert "leads to another brand" in client.post(reverse("phone-numbers"), led).content.decode()
    assert "has no menu now" in client.post(address, asked, follow=True).content.decode()
    assert not Choice.objects.exists()
    assert [*AuditEntry.objects.values_list("verb", flat=True)] == ["number.menu"] * 3


@pytest.mark.skipif(not can_speak(), reason="nothing here speaks")
def test_a_menu_is_heard_before_it_is_saved_and_a_recording_that_was_heard_is_saved_with_its_words(
    client, admin, settings, tmp_path
):
    settings.SPOKEN_DIR = tmp_path / "spoken"
    queue = QueueFactory.create(brand__operator=admin.operator, channel="voice")
    number = Number.objects.create(operator=admin.operator, queue=queue, digits="+33156070809")
    address = reverse("number-menu", args=[number.pk])
    asked = {f"{key}-language": "fr" for key in range(1, 10)} | {"opening": "Bonjour."}
    asked |= {"1-label": "Pour vos commandes", "1-queue": queue.pk, "2-label": "For English", "2-queue": queue.pk}

    def listens(typed):
        page = client.post(address, typed | {"listen": "1"})
        return page.context["form"].initial, page.context["sounds"], page.content.decode()

    mine = SimpleUploadedFile("mine.wav", alaw.as_wav([0] * 16_000, rate=8000))
    typed, [sound], page = listens(asked | {"2-sound": mine})
    assert "nothing is saved yet" in page
    assert not Choice.objects.exists()
    heard = b"".join(client.get(sound["src"]).streaming_content)
    seconds = round(alaw.seconds_of(heard))
    assert seconds >= 4, "two seconds are the recording's"
    assert sound["says"] == f"How it sounds: {seconds} seconds, then callers have five more to press a key"
    assert client.get(sound["src"][:-3]).status_code == 409, "it speaks what it has signed alone"

    again = {name: value for name, value in typed.items() if value is not None}
    assert again["2-prompt"]
    client.post(address, again | {"1-label": "Pour autre chose"})
    assert [(each.label, bool(each.prompt)) for each in number.choices.all()] == [
        ("Pour autre chose", False),
        ("For English", True),
    ]
    client.post(address, asked | {"2-label": "In English", "2-prompt": again["2-prompt"]})
    assert not number.choices.get(key=2).prompt, "it says other words"


def test_an_account_at_a_trunk_is_set_up_and_says_how_it_stands(client, operator_with_menu):
    number, supervisor = operator_with_menu
    administrator = user_as(Role.OPERATOR_ADMIN, number.operator, language="en")
    typed = {"server": "sip.trunk.example", "login": "0033156070809", "password": "correct horse", "active": "on"}
    client.force_login(supervisor)
    assert client.post(reverse("trunk-account-add"), typed).status_code == 403
    client.force_login(administrator)
    client.post(reverse("trunk-account-add"), {**typed, "numbers": [number.pk]})
    account = TrunkAccount.objects.get()
    page = client.get(reverse("phone-numbers")).content.decode()
    assert ("not registered yet" in page, "correct horse" in page) == (True, False)
    TrunkAccount.objects.update(state="refused", status=403, next_at=MORNING)
    page = client.get(reverse("phone-numbers")).content.decode()
    assert "The trunk refuses this login or password." in page
    address = reverse("trunk-account", args=[account.pk])
    client.post(address, {**typed, "password": "", "numbers": [number.pk]})
    kept, account = account.secret, TrunkAccount.objects.get()
    assert (account.state, account.secret) == ("new", kept)
    assert "Type the password." in client.post(address, {**typed, "password": "", "login": "other"}).content.decode()
    client.force_login(user_as(Role.OPERATOR_ADMIN, OperatorFactory.create()))
    assert client.get(address).status_code == 404


def test_the_notice_of_a_number_is_heard_before_it_is_saved_and_every_version_is_shown(
    client, admin, settings, tmp_path
):
    settings.SPOKEN_DIR = tmp_path / "spoken"
    queue = QueueFactory.create(brand__operator=admin.operator, channel="voice")
    number = Number.objects.create(operator=admin.operator, queue=queue, digits="+33156070809")
    address, spoken = (reverse(each, args=[number.pk]) for each in ("number-notice", "number-notice-spoken"))
    assert "Every version" not in client.get(address).content.decode()
    words = {"fr": "Vos données\r\nsont   gardées.", "en": ""}
    heard = client.post(address, words | {"listen": "1"}).content.decode()
    assert (Notice.objects.count(), "nothing is saved yet" in heard) == (0, can_speak())
    page = client.post(address, words, follow=True).content.decode()
    assert "From the next call on, callers of +33 1 56 07 08 09 are told this." in page
    assert [*Notice.objects.values_list("language", "version", "text")] == [("fr", 1, "Vos données sont gardées.")]
    assert ("Every version" in page, "As it was saved last." in page) == (True, can_speak())
    assert "Nothing was changed" in client.post(address, words, follow=True).content.decode()
    assert "Français" in client.get(reverse("phone-numbers")).content.decode()
    assert client.post(address, {"fr": "x" * 1001}).status_code == 400
    assert "are told nothing any more" in client.post(address, {"fr": "", "en": ""}, follow=True).content.decode()
    assert client.get(spoken, {"language": "de", "text": "Guten Tag."}).status_code == 409
    if can_speak():
        sound = client.get(spoken, {"language": "fr", "text": "Bonjour."})
        assert (sound.headers["Content-Type"], b"".join(sound.streaming_content)[:4]) == ("audio/wav", b"RIFF")


def test_a_notice_is_said_by_a_recording_of_ones_own_which_is_heard_first_and_refused_in_words(client, admin):
    queue = QueueFactory.create(brand__operator=admin.operator, channel="voice")
    number = Number.objects.create(operator=admin.operator, queue=queue, digits="+33156070809")
    address = reverse("number-notice", args=[number.pk])

    def given(wav: bytes, **typed: str) -> dict:
        return {"fr-sound": SimpleUploadedFile("mine.wav", wav), **typed}

    silence = alaw.as_wav([0] * 16_000, rate=8000)
    for wav, typed, why in [
        (b"music of another kind", {"fr": "Bonjour."}, "This is no WAV file"),
        (silence, {"fr": ""}, "Write what the recording says"),
    ]:
        answer = client.post(address, given(wav, **typed))
        assert (answer.status_code, why in answer.content.decode()) == (400, True), why
    heard = client.post(address, given(silence, fr="Bonjour.", listen="1")).content.decode()
    prompt = Prompt.objects.get()
    marked = re.search(rf'name="fr-prompt" value="({prompt.name}-\w+)"', heard).group(1)
    assert (Notice.objects.count(), "2 seconds" in heard) == (0, True)
    sound = client.get(reverse("number-notice-spoken", args=[number.pk]), {"prompt": prompt.name})
    assert (sound.headers["Content-Type"], sound.content) == ("audio/wav", silence)
    client.post(address, {"fr": "Bonsoir.", "fr-prompt": marked})
    assert Notice.objects.get().prompt is None, "it does not say these words"
    page = client.post(address, {"fr": "Bonjour.", "fr-prompt": marked}, follow=True).content.decode()
    assert ("by your own recording" in page, Notice.objects.latest("version").prompt) == (True, prompt)
    spoken_again = {"fr": "Bonjour.", "fr-spoken": "on"}
    assert "checked" in client.post(address, spoken_again | {"listen": "1"}).content.decode()
    client.post(address, spoken_again)
    assert Notice.objects.latest("version").prompt is None


def test_who_leads_reads_what_a_caller_was_told_beside_their_call(client, admin):
    queue = QueueFactory.create(brand__operator=admin.operator, channel="voice")
    number = Number.objects.create(operator=admin.operator, queue=queue, digits="+33156070809")
    assert "No caller was told a notice yet" in client.get(reverse("told-calls")).content.decode()
    [notice] = set_notices(number, {"en": "Your data is handled by us."}, now=MORNING)
    heard, unheard = (CallFactory.create(contact__queue=queue) for _ in range(2))
    keep_telling(heard, Telling(notice, MORNING, MORNING + timedelta(seconds=9)))
    keep_telling(unheard, Telling(notice, MORNING, None))
    listed = client.get(reverse("told-calls")).content.decode()
    assert [listed.count(each) for each in ("to its end", "could not be said")] == [1, 1]
    assert "No call fits" in client.get(reverse("told-calls"), {"search": "C-0"}).content.decode()
    said = [
        client.get(reverse("recordings-of-contact", args=[call.contact_id])).content.decode()
        for call in (heard, unheard)
    ]
    assert all("Your data is handled by us." in each for each in said)
    assert ["heard to its end" in each for each in said] == [True, False]
    client.force_login(user_as(Role.OPERATOR_ADMIN, OperatorFactory.create()))
    assert client.get(reverse("recordings-of-contact", args=[heard.contact_id])).status_code == 404


def test_supervisors_see_how_many_left_in_a_menu(client, operator_with_menu):
    number, supervisor = operator_with_menu
    client.force_login(supervisor)
    assert "Left before they waited" not in client.get(reverse("queues")).content.decode()
    LeftInMenu.objects.create(number=number, at=MORNING - timedelta(days=1))
    LeftInMenu.objects.create(number=number, at=MORNING - timedelta(days=2), during=LeftInMenu.During.NOTICE)
    page = client.get(reverse("queues")).content.decode()
    said = ("Left before they waited", numbers.shown(number.digits), "1 in the notice")
    assert [each in page for each in said] == [True, True, True]


def test_supervisors_see_how_many_were_turned_away_because_the_house_was_full(client, operator_with_menu):
    number, supervisor = operator_with_menu
    client.force_login(supervisor)
    assert "the house was full" not in client.get(reverse("queues")).content.decode()
    TurnedAway.objects.create(number=number, at=MORNING - timedelta(days=1), calls=41)
    page = client.get(reverse("queues")).content.decode()
    assert ("the house was full" in page, '<td data-l="In 7 days" class="num">41</td>' in page) == (True, True)


@pytest.fixture
def operator_with_menu(clock):
    queue = QueueFactory.create(channel="voice")
    supervisor = user_as(Role.SUPERVISOR, queue.operator, language="en")
    return Number.objects.create(operator=queue.operator, queue=queue, digits="+33156070809"), supervisor


@pytest.mark.parametrize("channel", ["voice", "email"])
def test_a_menu_leads_to_queues_of_calls_of_its_own_brand_whoever_asks(channel):
    queue, other = QueueFactory.create(channel="voice"), QueueFactory.create(channel=channel)
    number = Number.objects.create(operator=queue.operator, queue=queue, digits="+33156070809")
    with pytest.raises(Invalid) as refused:
        set_menu(number, opening="Hello.", choices={1: Offer("For orders", other.pk, "de")}, now=MORNING)
    assert set(refused.value.fields) == {"1-queue", "1-language"}
