"""The operator's mailboxes: how each is doing, its settings, and trying them for real."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from homeshore.channels.email import queries, services
from homeshore.channels.email.models import Mailbox
from homeshore.channels.email.secrets import encrypt
from homeshore.foundation import clock
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles
from homeshore.web.mail.forms import MailboxForm
from homeshore.web.mail.mails import acting


@for_roles(Role.OPERATOR_ADMIN, Role.SUPERVISOR)
def overview(request: HttpRequest) -> HttpResponse:
    """Every mailbox and how it is doing."""
    operator_id = acting(request).operator_id
    context = {
        "mailboxes": queries.mailboxes(operator_id),
        "may_change": acting(request).role == Role.OPERATOR_ADMIN,
        "counts": queries.counts(operator_id),
        "page": "mailboxes",
    }
    return render(request, "mail/mailboxes.html", context)


@for_roles(Role.OPERATOR_ADMIN)
def add(request: HttpRequest) -> HttpResponse:
    """Add a mailbox, or try it before."""
    form = MailboxForm(request.POST or None, operator_id=acting(request).operator_id)
    checks = None
    if request.method == "POST" and form.is_valid():
        if "try" in request.POST:
            checks = services.try_mailbox(as_typed(form, Mailbox()))
        else:
            services.add_mailbox(
                operator_id=acting(request).operator_id,
                settings=form.settings(),
                imap_password=form.cleaned_data["imap_password"],
                smtp_password=form.cleaned_data["smtp_password"],
                take_existing=form.cleaned_data["take_existing"],
                by=acting(request).user,
                now=clock.now(),
            )
            messages.success(request, _("The mailbox was added; its mails are read from now on."))
            return redirect("mailboxes")
    return render(request, "mail/mailbox.html", {"form": form, "checks": checks, "mailbox": None})


@for_roles(Role.OPERATOR_ADMIN)
def change(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Change a mailbox, or try what was typed."""
    mailbox = services.mailbox_of(acting(request).operator_id, mailbox_id)
    form = MailboxForm(request.POST or None, instance=mailbox, operator_id=acting(request).operator_id)
    checks = None
    if request.method == "POST" and form.is_valid():
        if "try" in request.POST:
            checks = services.try_mailbox(as_typed(form, services.mailbox_of(acting(request).operator_id, mailbox_id)))
        else:
            services.change_mailbox(
                operator_id=acting(request).operator_id,
                mailbox_id=mailbox_id,
                settings=form.settings(),
                imap_password=form.cleaned_data["imap_password"],
                smtp_password=form.cleaned_data["smtp_password"],
                by=acting(request).user,
                now=clock.now(),
            )
            messages.success(request, _("The settings were saved."))
            return redirect("mailboxes")
    return render(request, "mail/mailbox.html", {"form": form, "checks": checks, "mailbox": mailbox})


def as_typed(form: MailboxForm, mailbox: Mailbox) -> Mailbox:
    """The mailbox as the form has it, not saved: only to be tried."""
    for name, value in form.settings().items():
        setattr(mailbox, name, value)
    for side in ("imap", "smtp"):
        password = form.cleaned_data[f"{side}_password"]
        if password:
            setattr(mailbox, f"{side}_secret", encrypt(password))
    return mailbox
