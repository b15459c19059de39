"""The mail with which somebody who was let in chooses a password."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from homeshore.foundation.members import INVITATION
from homeshore.foundation.models import Membership, OutboxMessage, User
from homeshore.foundation.outbox import DeliveryError, handles


@handles(INVITATION)
def send_invitation(message: OutboxMessage) -> None:
    """Send it in the person's language; raises DeliveryError when the mail server does not take it."""
    membership = Membership.objects.select_related("user", "operator").get(pk=message.payload["membership"])
    said = {
        "membership": membership,
        "by": User.objects.filter(pk=message.payload["by"]).first(),
        "link": _link_for(membership.user),
        "has_password": membership.user.has_usable_password(),
    }
    with translation.override(membership.user.language):
        subject = translation.gettext("%(operator)s invites you") % {"operator": membership.operator.name}
        body = render_to_string("accounts/invitation.txt", said)
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [membership.user.email])
    except OSError as error:
        raise DeliveryError(str(error)) from error


def _link_for(user: User) -> str:
    """Where they choose a password (good for three days, once), or sign in when they have one already."""
    if user.has_usable_password():
        return settings.BASE_URL + reverse("account_login")
    key = default_token_generator.make_token(user)
    where = {"uidb36": user_pk_to_url_str(user), "key": key}
    return settings.BASE_URL + reverse("account_reset_password_from_key", kwargs=where)
