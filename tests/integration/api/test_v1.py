import pytest
from django.test import Client

from homeshore.foundation import tokens
from homeshore.foundation.models import ApiToken, IdempotentAnswer, Role
from homeshore.foundation.tenancy import membership_of
from tests.clock import MORNING
from tests.factories import AgentFactory, MembershipFactory, QueueFactory, SkillFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db):
    return MembershipFactory.create(role=Role.OPERATOR_ADMIN, user__name="Hélène Aubry", user__language="en")


@pytest.fixture
def program(admin) -> Client:
    """A program with a token of the administrator, and no cookie."""
    _, text = tokens.issue(by=admin, name="warehouse", now=MORNING)
    return Client(headers={"Authorization": f"Bearer {text}", "Accept-Language": "en"}, enforce_csrf_checks=True)


def post(client, path, body, **headers):
    return client.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def test_a_program_learns_as_whom_it_acts(program, admin):
    assert program.get("/api/v1/me").json() == {
        "membership": admin.pk,
        "name": "Hélène Aubry",
        "email": admin.user.email,
        "role": "operator_admin",
        "operator": {
            "id": admin.operator.pk,
            "name": admin.operator.name,
            "time_zone": "Europe/Paris",
            "currency": "EUR",
            "language": "fr",
        },
    }


def test_a_token_is_told_once_and_kept_as_a_digest(program):
    answer = post(program, "/tokens", {"name": "shop"})

    text = answer.json()["token"]
    assert answer.status_code == 201
    assert text not in str(list(ApiToken.objects.values()))
    assert all("token" not in each for each in program.get("/api/v1/tokens").json())
    assert Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/me").status_code == 200


def test_a_token_that_only_reads_changes_nothing(admin):
    _, text = tokens.issue(by=admin, name="warehouse", may_write=False, now=MORNING)
    reader = Client(headers={"Authorization": f"Bearer {text}", "Accept-Language": "en"})
    assert reader.get("/api/v1/members").status_code == 200
    refused = post(reader, "/tokens", {"name": "more"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "out_of_scope")
    assert ApiToken.objects.count() == 1


def test_a_token_for_one_brand_sees_its_queues_and_nothing_of_the_whole_operator(admin):
    ours, other = (QueueFactory.create(brand__operator=admin.operator) for _ in range(2))
    _, text = tokens.issue(by=admin, name="shop", brands=[ours.brand_id], now=MORNING)
    shop = Client(headers={"Authorization": f"Bearer {text}"})
    assert [each["id"] for each in shop.get("/api/v1/queues").json()] == [ours.pk]
    assert shop.get("/api/v1/me").status_code == 200
    assert {shop.get(f"/api/v1/{each}").status_code for each in ("agents", "members", "trail", "tokens")} == {403}
    assert other.pk not in {each["id"] for each in shop.get("/api/v1/queues").json()}


def test_a_revoked_token_opens_nothing(admin):
    token, text = tokens.issue(by=admin, name="warehouse", now=MORNING)
    program = Client(headers={"Authorization": f"Bearer {text}"})
    tokens.revoke(by=admin, token_id=token.pk, now=MORNING)

    answer = program.get("/api/v1/me")

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("what", ["membership", "account"])
def test_the_token_of_somebody_shut_out_opens_nothing(program, admin, what):
    if what == "membership":
        admin.active = False
        admin.save()
    else:
        admin.user.is_active = False
        admin.user.save()

    assert program.get("/api/v1/me").status_code == 401


def test_a_browser_session_needs_its_csrf_token(admin):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(admin.user)

    assert browser.get("/api/v1/me").status_code == 200
    assert post(browser, "/tokens", {"name": "x"}).status_code == 403


def test_the_same_key_makes_one_token_and_tells_it_once(program):
    first, again = (post(program, "/tokens", {"name": "shop"}, **{"Idempotency-Key": "one"}) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 409)
    assert again.json()["error"]["code"] == "told_once"
    assert ApiToken.objects.filter(name="shop").count() == 1
    assert first.json()["token"] not in str(list(IdempotentAnswer.objects.values()))


def test_what_is_missing_is_named(program):
    assert post(program, "/members", {"name": "Zoé", "role": "planner"}).json() == {
        "error": {
            "code": "invalid",
            "message": "Something in what you sent is not right.",
            "fields": {"invitation.email": "Field required"},
        }
    }


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_what_is_no_json_object_is_refused_in_the_same_shape(program, body):
    answer = program.post("/api/v1/members", body, content_type="application/json")

    assert 400 <= answer.status_code < 500
    assert set(answer.json()["error"]) <= {"code", "message", "fields"}


def test_a_role_without_the_right_is_told_so(db):
    agent = AgentFactory.create()
    browser = Client()
    browser.force_login(agent.user)

    answer = browser.get("/api/v1/members")

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


def test_agents_and_queues_are_those_of_the_operator(program, admin):
    skill = SkillFactory.create(operator=admin.operator)
    agent = AgentFactory.create(operator=admin.operator, skills={skill: 4})
    queue = QueueFactory.create(brand__operator=admin.operator, needs={skill: 2})
    AgentFactory.create()
    QueueFactory.create()

    agents, queues = program.get("/api/v1/agents").json(), program.get("/api/v1/queues").json()

    assert [(each["id"], each["skills"]) for each in agents] == [(agent.pk, {str(skill.pk): 4})]
    assert [(each["id"], each["needs"]) for each in queues] == [(queue.pk, {str(skill.pk): 2})]


def test_the_description_is_open_to_all(client):
    described = client.get("/api/v1/openapi.json").json()

    assert described["info"] == {"title": "Homeshore", "version": "1", "description": described["info"]["description"]}
    assert "/api/v1/members" in described["paths"]


def test_health_says_live_and_ready(client):
    assert client.get("/health/live").json() == {"status": "live"}
    assert client.get("/health/ready").json() == {"status": "ready"}


def test_health_says_that_the_database_lacks_migrations(client, monkeypatch):
    monkeypatch.setattr("homeshore.api.health.MigrationExecutor.migration_plan", lambda *_: [("one", False)])

    answer = client.get("/health/ready")

    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "why": "migrations"})


def test_a_membership_is_read_from_the_session(admin, rf):
    request = rf.get("/")
    request.user, request.session = admin.user, {}

    assert membership_of(request) == admin
