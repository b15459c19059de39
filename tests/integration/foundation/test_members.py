import pytest
from django.core import mail

from homeshore.foundation import feed, grants, members, outbox, queries
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.members import LastAdministrator
from homeshore.foundation.models import AuditEntry, Membership, Role
from tests.clock import MORNING
from tests.factories import MembershipFactory, OperatorFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db):
    return MembershipFactory.create(role=Role.OPERATOR_ADMIN)


def invite(admin, email="zoe@example.org", name="Zoé Marchand", role=Role.SUPERVISOR):
    return members.invite(operator_id=admin.operator_id, email=email, name=name, role=role, by=admin.user, now=MORNING)


def ids(membership):
    return {"operator_id": membership.operator_id, "membership_id": membership.pk}


def test_who_is_invited_chooses_a_password_by_mail(admin, clock, client):
    invited = invite(admin)
    outbox.deliver_due()

    assert not invited.user.has_usable_password()
    assert mail.outbox[0].to == ["zoe@example.org"]
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    page = client.get("/" + link.split("/", 3)[3], follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": "a password of mine", "password2": "a password of mine"})
    invited.user.refresh_from_db()
    assert invited.user.check_password("a password of mine")


def test_who_has_an_account_is_invited_under_it(admin, clock):
    known = UserFactory.create(email="zoe@example.org")

    assert invite(admin, email=" Zoe@Example.org").user == known
    outbox.deliver_due()
    assert "/accounts/login/" in mail.outbox[0].body


def test_an_invitation_speaks_the_language_of_the_operator(admin, clock):
    admin.operator.language = "en"
    admin.operator.save()

    invite(admin)
    outbox.deliver_due()

    assert mail.outbox[0].subject == f"{admin.operator.name} invites you"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"email": "zoe"}, "email"), ({"role": Role.AGENT}, "role"), ({"role": "king"}, "role"), ({"name": " "}, "name")],
)
def test_a_wrong_invitation_names_its_field_and_changes_nothing(admin, wrong, field):
    with pytest.raises(Invalid) as refused:
        invite(admin, **wrong)

    assert list(refused.value.fields) == [field]
    assert Membership.objects.count() == 1


def test_who_is_shut_out_keeps_no_stream_and_no_right(admin, clock):
    theirs = MembershipFactory.create(operator=admin.operator, role=Role.SUPERVISOR)
    token = feed.grant(principal=f"user:{theirs.user_id}", topics=["floor:1"])

    members.shut_out(**ids(theirs), by=admin.user, now=clock.now())

    theirs.refresh_from_db()
    assert not theirs.active
    assert grants.revoked([grants.read(token, now=clock.now())])
    assert AuditEntry.objects.get().verb == "member.shut_out"


def test_a_subscription_of_before_does_not_come_back_beside_one_of_after(admin, clock):
    old = grants.read(feed.grant(principal="user:1", topics=["floor:1"]), now=clock.now())
    clock.advance(seconds=5)
    grants.revoke(principal="user:1", at=clock.now())
    clock.advance(seconds=5)
    new = grants.read(feed.grant(principal="user:1", topics=["agent:7"]), now=clock.now())

    assert [grants.revoked(each) for each in ([new], [old, new], [new, old])] == [False, True, True]


def test_who_is_shut_out_may_be_let_back_in(admin):
    theirs = MembershipFactory.create(operator=admin.operator, role=Role.PLANNER, active=False)

    members.let_back_in(**ids(theirs), by=admin.user, now=MORNING)

    theirs.refresh_from_db()
    assert theirs.active


def test_the_last_administrator_cannot_be_shut_out(admin):
    with pytest.raises(LastAdministrator):
        members.shut_out(**ids(admin), by=admin.user, now=MORNING)


@pytest.mark.parametrize("act", [members.shut_out, members.let_back_in])
def test_members_of_another_operator_are_not_there(admin, act):
    other = MembershipFactory.create()

    with pytest.raises(NotFound):
        act(operator_id=admin.operator_id, membership_id=other.pk, by=admin.user, now=MORNING)


def test_the_trail_is_read_page_by_page_and_by_word(admin):
    for number in range(60):
        AuditEntry.objects.create(
            operator=admin.operator, actor=admin.user, verb=f"thing.{number}", target="x", at=MORNING
        )
    AuditEntry.objects.create(operator=OperatorFactory.create(), verb="thing.elsewhere", target="x", at=MORNING)

    first = queries.trail(admin.operator_id)
    second = queries.trail(admin.operator_id, before=first.older)

    verbs = [entry.verb for entry in first.entries + second.entries]
    assert verbs == [f"thing.{number}" for number in reversed(range(60))]
    assert second.older is None
    assert [entry.verb for entry in queries.trail(admin.operator_id, search="thing.59").entries] == ["thing.59"]
