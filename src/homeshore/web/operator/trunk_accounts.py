"""The screens of an operator's accounts at SIP trunks: login, password, and the numbers whose calls go by them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from homeshore.channels.voice.models import TrunkAccount
from homeshore.channels.voice.sip import accounts, numbers
from homeshore.foundation.clock import now
from homeshore.foundation.errors import Refused
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership
from homeshore.values.telephone import shown
from homeshore.web.operator.forms import TrunkAccountForm
from homeshore.web.refused import blame


@for_roles(Role.OPERATOR_ADMIN)
def add(request: HttpRequest) -> HttpResponse:
    """Add an account."""
    return _form(request, None)


@for_roles(Role.OPERATOR_ADMIN)
def change(request: HttpRequest, account_id: int) -> HttpResponse:
    """Change an account; its password is never shown."""
    return _form(request, accounts.account_with(membership(request).operator_id, account_id))


def _form(request: HttpRequest, account: TrunkAccount | None) -> HttpResponse:
    mine = membership(request)
    offered = [(each.pk, shown(each.digits)) for each in numbers.numbers_of(mine.operator_id)]
    form = TrunkAccountForm(request.POST or None, account=account, numbers=offered)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.set_account(
                accounts.Wanted(**form.cleaned_data),
                operator_id=mine.operator_id,
                account_id=account.pk if account else None,
                by=mine.user,
                now=now(),
            )
        except Refused as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("The account was saved; how it stands is said beside it in a moment."))
            return redirect("phone-numbers")
    context = {"form": form, "account": account}
    return render(request, "operator/trunk_account.html", context, status=400 if form.errors else 200)
