"""Mails that wait for a supervisor: set aside on their way in, or not delivered on their way out."""

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeshore.channels.email import queries, services
from homeshore.channels.email.models import InboundMail
from homeshore.foundation import clock
from homeshore.foundation.errors import NotFound, Refused
from homeshore.foundation.models import Membership, Role
from homeshore.foundation.tenancy import for_roles

ON_A_PAGE = 50
AUTOMATIC_DAYS = 14
LEADERS = (Role.SUPERVISOR, Role.OPERATOR_ADMIN)


@for_roles(*LEADERS)
def to_decide(request: HttpRequest) -> HttpResponse:
    """What waits for a decision: mails set aside, and our own that did not arrive."""
    operator_id = acting(request).operator_id
    aside = page_of(request, queries.set_aside(operator_id))
    return render(
        request,
        "mail/to_decide.html",
        {
            "aside": aside,
            "failed": queries.failed(operator_id)[:ON_A_PAGE],
            "counts": queries.counts(operator_id),
            "page": "to_decide",
        },
    )


@for_roles(*LEADERS)
def automatic(request: HttpRequest) -> HttpResponse:
    """Absence notices, reports and receipts of the last days: what programs wrote and opened no contact."""
    operator_id = acting(request).operator_id
    since = clock.now() - timedelta(days=AUTOMATIC_DAYS)
    context = {
        "mails": page_of(request, queries.automatic(operator_id, since=since)),
        "counts": queries.counts(operator_id),
        "days": AUTOMATIC_DAYS,
        "page": "automatic",
    }
    return render(request, "mail/automatic.html", context)


@for_roles(*LEADERS)
def raw(request: HttpRequest, mail_id: int) -> HttpResponse:
    """A mail as it came, as a download: never shown, since anything may be in it."""
    mail = queries.inbound(acting(request).operator_id, mail_id)
    if mail is None:
        raise NotFound
    answer = FileResponse(
        mail.raw.open("rb"), as_attachment=True, filename=f"mail-{mail.pk}.eml", content_type="message/rfc822"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return cast(HttpResponse, answer)


@require_POST
@for_roles(*LEADERS)
def retry(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Try once more to take a mail in."""
    try:
        services.retry_inbound(
            operator_id=acting(request).operator_id, mail_id=mail_id, by=acting(request).user, now=clock.now()
        )
        messages.success(request, _("The mail was taken in and waits for an agent."))
    except NotFound:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("mail")


@require_POST
@for_roles(*LEADERS)
def dismiss(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Take a mail off the list; it is still kept."""
    services.dismiss_inbound(
        operator_id=acting(request).operator_id, mail_id=mail_id, by=acting(request).user, now=clock.now()
    )
    messages.success(request, _("The mail was taken off the list. It is still kept."))
    return redirect("mail")


@require_POST
@for_roles(*LEADERS)
def send_again(request: HttpRequest, outbound_id: int) -> HttpResponse:
    """Send once more what did not arrive, or may not have."""
    services.send_again(
        operator_id=acting(request).operator_id, outbound_id=outbound_id, by=acting(request).user, now=clock.now()
    )
    messages.success(request, _("The mail is being sent again."))
    return redirect("mail")


@require_POST
@for_roles(*LEADERS)
def settle(request: HttpRequest, outbound_id: int) -> HttpResponse:
    """Take a failed mail off the list: somebody has seen to it otherwise."""
    services.settle_failure(
        operator_id=acting(request).operator_id, outbound_id=outbound_id, by=acting(request).user, now=clock.now()
    )
    return redirect("mail")


def acting(request: HttpRequest) -> Membership:
    """In whose name the person acts; the views are for members only."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    return membership


def page_of(request: HttpRequest, rows: QuerySet[InboundMail]) -> Page[InboundMail]:
    """One page of a list, the number in `?page=`."""
    return Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
