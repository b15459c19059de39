"""Writing who works for an operator, in which role."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeshore.foundation import audit, grants, outbox
from homeshore.foundation.errors import Invalid, NotFound, Refused
from homeshore.foundation.models import Membership, Operator, Role, User
from homeshore.foundation.transactions import write

INVITATION = "account.invitation"
LONGEST_NAME, LONGEST_EMAIL = 120, 254
INVITED_ROLES = (Role.SUPERVISOR, Role.PLANNER, Role.OPERATOR_ADMIN)
"""Roles given by invitation. Agents and brand users need more, and are let in by the contexts that know it."""


class HasSignedIn(Refused):
    """Somebody who came already, or was shut out, is not invited again."""

    code = "has_signed_in"
    message = _("This person has signed in already, or was shut out: there is nothing to send.")


class LastAdministrator(Refused):
    """An operator always keeps somebody who can let people in."""

    code = "last_administrator"
    message = _("An operator keeps at least one administrator. Invite another one first.")


def invite(*, operator_id: int, email: str, name: str, role: str, by: User, now: datetime) -> Membership:
    """Let a person in, under a role that needs nothing else, and send them the mail with which they choose a password.

    Raises Invalid, naming the fields that are wrong. Inviting somebody again sends the mail again, and lets one back in
    who was shut out.
    """
    if role not in INVITED_ROLES:
        raise Invalid(fields={"role": _("This role is not given by invitation.")} | problems_of(email=email, name=name))
    return let_in(operator_id=operator_id, email=email, name=name, role=role, by=by, now=now)


def let_in(*, operator_id: int, email: str, name: str, role: str, by: User, now: datetime) -> Membership:
    """The same for any role: for contexts that add, in the same transaction, what the role needs. Raises Invalid."""
    email, name = email.strip().lower(), name.strip()
    if wrong := problems_of(email=email, name=name):
        raise Invalid(fields=wrong)
    with write():
        language = Operator.objects.get(pk=operator_id).language
        user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(
            email, None, name=name, language=language
        )
        membership, is_new = Membership.objects.get_or_create(user=user, operator_id=operator_id, role=role)
        if not membership.active:
            membership.active = True
            membership.save(update_fields=["active"])
        _send_invitation(membership, by=by, again=not is_new, now=now)
    return membership


def invite_again(*, operator_id: int, membership_id: int, by: User, now: datetime) -> Membership:
    """Send the mail once more to somebody who never signed in; a link sent before opens nothing any more.

    Raises NotFound, and HasSignedIn when there is nothing to invite them to.
    """
    with write():
        membership = _membership(operator_id, membership_id)
        if not membership.active or membership.user.last_login is not None:
            raise HasSignedIn
        _void_links(membership.user)
        _send_invitation(membership, by=by, again=True, now=now)
    return membership


def problems_of(*, email: str, name: str) -> dict[str, str | Promise]:
    """What is wrong with the address and the name of somebody who is to be let in, by field."""
    wrong: dict[str, str | Promise] = {}
    try:
        validate_email(email.strip())
    except ValidationError as error:
        wrong["email"] = error.messages[0]
    if not name.strip():
        wrong["name"] = _("Say the person's name.")
    for field, said, longest in (("name", name, LONGEST_NAME), ("email", email, LONGEST_EMAIL)):
        if len(said.strip()) > longest:
            wrong[field] = _("At most %(length)s characters.") % {"length": longest}
    return wrong


def _send_invitation(membership: Membership, *, by: User, again: bool, now: datetime) -> None:
    outbox.put(
        operator_id=membership.operator_id,
        kind=INVITATION,
        key=f"{INVITATION}:{membership.pk}:{now.timestamp()}",
        payload={"membership": membership.pk, "by": by.pk},
        at=now,
    )
    audit.record(
        operator_id=membership.operator_id,
        actor=by,
        verb="member.invited",
        target=membership,
        data={"role": membership.role, "again": again},
        at=now,
    )


def _void_links(user: User) -> None:
    """Links to choose a first password are signed over the password, which is none: another none voids them."""
    if not user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])


def shut_out(*, operator_id: int, membership_id: int, by: User, now: datetime) -> Membership:
    """End a person's membership: their open screens end, nothing more opens, and what they did stays on record.

    Raises NotFound when the operator has no such membership, LastAdministrator when it would be left without one.
    """
    with write():
        Operator.objects.select_for_update().get(
            pk=operator_id
        )  # of two administrators who shut each other out, one stays
        membership = _membership(operator_id, membership_id)
        if membership.role == Role.OPERATOR_ADMIN and not _has_other_administrator(membership):
            raise LastAdministrator
        if membership.active:
            membership.active = False
            membership.save(update_fields=["active"])
            grants.revoke(principal=f"user:{membership.user_id}", at=now)
            _void_links(membership.user)
            audit.record(operator_id=operator_id, actor=by, verb="member.shut_out", target=membership, at=now)
    return membership


def let_back_in(*, operator_id: int, membership_id: int, by: User, now: datetime) -> Membership:
    """Let a person who was shut out act again; raises NotFound when the operator has no such membership."""
    with write():
        membership = _membership(operator_id, membership_id)
        if not membership.active:
            membership.active = True
            membership.save(update_fields=["active"])
            audit.record(operator_id=operator_id, actor=by, verb="member.let_back_in", target=membership, at=now)
    return membership


def require_second_factor(*, operator_id: int, required: bool, by: User, now: datetime) -> None:
    """Whether supervisors and administrators of the operator must sign in with a second factor."""
    with write():
        changed = (
            Operator.objects.filter(pk=operator_id)
            .exclude(two_factor_required=required)
            .update(two_factor_required=required)
        )
        if changed:
            audit.record(
                operator_id=operator_id,
                actor=by,
                verb="operator.second_factor",
                target=f"foundation.operator:{operator_id}",
                data={"required": required},
                at=now,
            )


def _membership(operator_id: int, membership_id: int) -> Membership:
    found = Membership.objects.select_related("user").filter(pk=membership_id, operator_id=operator_id).first()
    if found is None:
        raise NotFound
    return found


def _has_other_administrator(membership: Membership) -> bool:
    others = Membership.objects.filter(operator=membership.operator_id, role=Role.OPERATOR_ADMIN, active=True)
    return others.exclude(pk=membership.pk).exists()
