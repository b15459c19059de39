"""Writing operators, people and their memberships."""

from datetime import datetime
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from homeshore.foundation import audit
from homeshore.foundation.errors import Invalid
from homeshore.foundation.models import Membership, Operator, Role, User
from homeshore.foundation.transactions import write


def create_operator(
    *, name: str, time_zone: str, language: str, email: str, person: str, password: str, now: datetime
) -> Operator:
    """Create an operator with its first administrator; raises Invalid, naming the fields that are wrong."""
    email = email.strip().lower()
    wrong: dict[str, str] = {}
    if not slugify(name):
        wrong["name"] = str(_("Give the operator a name."))
    if time_zone not in available_timezones():
        wrong["time_zone"] = str(_("This is no time zone; write it like Europe/Paris."))
    user = User(email=email, name=person, language=language)
    try:
        user.full_clean(exclude=["password"])
        validate_password(password, user)
    except ValidationError as error:
        wrong |= (
            {field: " ".join(said) for field, said in error.message_dict.items()}
            if hasattr(error, "error_dict")
            else {"password": " ".join(error.messages)}
        )
    if wrong:
        raise Invalid(_("The operator was not created."), fields=wrong)
    with write():
        operator = Operator.objects.create(
            name=name, slug=_free_slug(slugify(name)), time_zone=time_zone, language=language
        )
        user.set_password(password)
        user.save()
        Membership.objects.create(user=user, operator=operator, role=Role.OPERATOR_ADMIN)
        audit.record(operator_id=operator.pk, actor=None, verb="operator.created", target=operator, at=now)
    return operator


def _free_slug(wanted: str) -> str:
    taken = set(Operator.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(slug for slug in [wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))] if slug not in taken)
