"""Who sees a brand's own screens."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from homeshore.brands.models import Brand, BrandAccess
from homeshore.foundation import members
from homeshore.foundation.errors import Invalid
from homeshore.foundation.models import Membership, Role, User
from homeshore.foundation.transactions import write


def invite_brand_user(*, operator_id: int, brand_id: int, email: str, name: str, by: User, now: datetime) -> Membership:
    """Let a person of a brand in: they see that brand and nothing else, and get the mail to choose a password.

    Raises Invalid, with the fields that are wrong; then nothing is done.
    """
    with write():
        if not Brand.objects.filter(pk=brand_id, operator_id=operator_id).exists():
            raise Invalid(fields={"brand": _("There is no such brand.")})
        member = members.let_in(operator_id=operator_id, email=email, name=name, role=Role.BRAND_USER, by=by, now=now)
        access, is_new = BrandAccess.objects.get_or_create(membership=member, defaults={"brand_id": brand_id})
        if not is_new and access.brand_id != brand_id:
            raise Invalid(fields={"brand": _("This person sees %(brand)s already.") % {"brand": access.brand}})
    return member
