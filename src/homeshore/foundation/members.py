"""Writing who works for an operator, in which role."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from homeshore.foundation import audit, grants, outbox
from homeshore.foundation.errors import Invalid, NotFound, Refused
from homeshore.foundation.models import Membership, Operator, Role, User
from homeshore.foundation.transactions import write

INVITATION = "account.invitation"
LONGEST_NAME, LONGEST_EMAIL = 120, 254
INVITED_ROLES = (Role.SUPERVISOR, Role.PLANNER, Role.OPERATOR_ADMIN)
"""Roles given by invitation. Agents come through recruiting, brand users through their brand."""


class LastAdministrator(Refused):
    """An operator always keeps somebody who can let people in."""

    code = "last_administrator"
    message = _("An operator keeps at least one administrator. Invite another one first.")


def invite(*, operator_id: int, email: str, name: str, role: str, by: User, now: datetime) -> Membership:
    """Let a person in, under a role, and send them the mail with which they choose a password.

    Raises Invalid, naming the fields that are wrong. Inviting somebody again sends the mail again, and lets one back in
    who was shut out.
    """
    email, name = email.strip().lower(), name.strip()
    wrong = {}
    try:
        validate_email(email)
    except ValidationError as error:
        wrong["email"] = error.messages[0]
    if role not in INVITED_ROLES:
        wrong["role"] = str(_("This role is not given by invitation."))
    if not name:
        wrong["name"] = str(_("Say the person's name."))
    for field, said, longest in (("name", name, LONGEST_NAME), ("email", email, LONGEST_EMAIL)):
        if len(said) > longest:
            wrong[field] = str(_("At most %(length)s characters.")) % {"length": longest}
    if wrong:
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
        outbox.put(
            operator_id=operator_id,
            kind=INVITATION,
            key=f"{INVITATION}:{membership.pk}:{now.timestamp()}",
            payload={"membership": membership.pk, "by": by.pk},
            at=now,
        )
        audit.record(
            operator_id=operator_id,
            actor=by,
            verb="member.invited",
            target=membership,
            data={"role": role, "again": not is_new},
            at=now,
        )
    return membership


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
