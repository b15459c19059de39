"""The administrator's screens of customers' data: for how long it is kept, who is held, and the erasure of one."""

from dataclasses import asdict
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from homeshore.contacts import services
from homeshore.contacts.queries import customers as kept
from homeshore.foundation import retention
from homeshore.foundation.clock import now
from homeshore.foundation.errors import NotFound, Refused
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership
from homeshore.web.operator.forms import ErasureForm, PeriodsForm
from homeshore.web.refused import blame


@for_roles(Role.OPERATOR_ADMIN)
@require_GET
def customers(request: HttpRequest) -> HttpResponse:
    """The customers who fit a search, and for how long customers' data is kept."""
    mine = membership(request)
    search = request.GET.get("search", "").strip()
    shown = {
        "search": search,
        "found": kept.search(mine.operator_id, search) if search else [],
        "most": kept.SHOWN,
        "periods": retention.periods_of(mine.operator_id, at=now()),
        "zone": mine.operator.time_zone,
    }
    return render(request, "operator/customers.html", shown)


@for_roles(Role.OPERATOR_ADMIN)
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """All that is kept of one customer, and the form that erases it."""
    mine = membership(request)
    found = kept.kept_customer(mine.operator_id, customer_id)
    if found is None:
        raise NotFound(_("No such customer is kept here: perhaps they were erased already."))
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.erase_customer(
                operator_id=mine.operator_id,
                customer_id=customer_id,
                by=mine.user,
                reason=form.cleaned_data["reason"],
                now=now(),
            )
        except Refused as refusal:
            form.add_error("reason" if "reason" in refusal.fields else None, str(refusal))
        else:
            messages.success(
                request, _("The customer is erased. Contacts and acts stay, without saying whose they were.")
            )
            return redirect("customers")
    shown = {"customer": found, "form": form, "zone": mine.operator.time_zone}
    return render(request, "operator/customer.html", shown, status=422 if form.errors else 200)


@for_roles(Role.OPERATOR_ADMIN)
def periods(request: HttpRequest) -> HttpResponse:
    """For how long customers' data is kept: what holds, what is planned, what held; and the form that changes it."""
    mine = membership(request)
    in_force = retention.periods_of(mine.operator_id, at=now())
    form = PeriodsForm(request.POST or None, initial=asdict(in_force))
    if request.method == "POST" and form.is_valid():
        try:
            retention.save_rule(
                operator_id=mine.operator_id,
                periods=form.periods(),
                source=form.cleaned_data["source"],
                valid_from=form.starts(ZoneInfo(mine.operator.time_zone)),
                by=mine.user,
                now=now(),
            )
        except Refused as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("Saved. What is over its time goes within the hour."))
            return redirect("retention")
    shown = {
        "form": form,
        "in_force": in_force,
        "rules": retention.rules_of(mine.operator_id),
        "now": now(),
        "zone": mine.operator.time_zone,
    }
    return render(request, "operator/retention.html", shown, status=422 if form.errors else 200)
