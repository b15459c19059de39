"""What a brand's own people see: the service they get today, and what is noted of their customers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from homeshore.brands import queries as brands
from homeshore.contacts.queries.brand import shared_notes
from homeshore.floor.service import service_of_brand
from homeshore.foundation import clock
from homeshore.foundation.errors import Forbidden
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership

NOTES_A_PAGE = 30


@for_roles(Role.BRAND_USER)
def service(request: HttpRequest) -> HttpResponse:
    """The brand's queues today, and the notes shared with it."""
    mine = membership(request)
    brand_id = brands.brand_of_user(mine.pk)
    known = brands.brand_settings(operator_id=mine.operator_id, brand_id=brand_id) if brand_id else None
    if known is None:
        raise Forbidden
    now, zone = clock.now(), known.brand.time_zone
    before = request.GET.get("before", "")
    notes = shared_notes(
        known.brand.pk,
        before=int(before) if before.isascii() and before.isdigit() else None,
        limit=NOTES_A_PAGE,
    )
    shown = {
        "brand": known.brand,
        "articles": known.articles,
        "queues": service_of_brand(operator_id=mine.operator_id, brand_id=known.brand.pk, time_zone=zone, now=now),
        "notes": notes,
        "older": notes[-1].id if len(notes) == NOTES_A_PAGE else None,
        "now": now,
        "zone": zone,
    }
    return render(request, "brand/service.html", shown)
