"""Forms of an operator's administrator."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from homeshore.foundation.members import INVITED_ROLES
from homeshore.foundation.retention import Periods


class InvitationForm(forms.Form):
    """Who is let in, and as what."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, role.label) for role in INVITED_ROLES])


class TokenForm(forms.Form):
    """What a program's key is for."""

    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("The name of the program, as you will look for it later.")
    )


class PeriodsForm(forms.Form):
    """For how long things are kept, from which day on, and who says so."""

    conversation_days = forms.IntegerField(
        label=_("What was said, days"), help_text=_("Messages, files and mails, after the last contact.")
    )
    customer_days = forms.IntegerField(
        label=_("Who the customer is, days"), help_text=_("Name, address and number, after the last contact.")
    )
    stray_mail_days = forms.IntegerField(
        label=_("Mails that joined no conversation, days"), help_text=_("Set aside, automatic or dismissed.")
    )
    valid_from = forms.DateField(
        label=_("From which day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("At once when empty."),
    )
    source = forms.CharField(
        label=_("Who asks for it"),
        required=False,
        max_length=300,
        help_text=_("The line of your register of processing, or the rule of law."),
    )

    def periods(self) -> Periods:
        """What was typed, in days."""
        typed: dict[str, Any] = self.cleaned_data
        return Periods(typed["conversation_days"], typed["customer_days"], typed["stray_mail_days"])

    def starts(self, zone: ZoneInfo) -> datetime | None:
        """The beginning of the day typed, in the operator's zone; None for at once."""
        day = self.cleaned_data["valid_from"]
        return datetime.combine(day, time(), zone) if day else None


class ErasureForm(forms.Form):
    """Why a customer is erased, and that it is meant."""

    reason = forms.CharField(
        label=_("Who asked, and how"), max_length=300, help_text=_("Kept in the audit trail: do not name the customer.")
    )
    meant = forms.BooleanField(label=_("I know that this cannot be undone"))
