"""Forms of an operator's administrator."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from homeshore.channels.voice.models import TrunkAccount
from homeshore.foundation.members import INVITED_ROLES
from homeshore.foundation.retention import Periods
from homeshore.people.status import Status

LEVELS = [("", "–"), *((str(level), str(level)) for level in range(1, 6))]


class InvitationForm(forms.Form):
    """Who is let in, and as what."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, role.label) for role in INVITED_ROLES])


class AgentForm(forms.Form):
    """An agent to be invited: who they are, what they know, and the missions they work on."""

    first_name = forms.CharField(label=_("First name"), max_length=60, help_text=_("What customers see."))
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("First name and surname."))
    email = forms.EmailField(label=_("E-mail address"))
    status = forms.ChoiceField(label=_("Status"), choices=Status.choices)
    missions = forms.MultipleChoiceField(
        label=_("Missions"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("What they are offered.")
    )

    def __init__(
        self, *arguments: Any, missions: Sequence[tuple[str, str]], skills: Mapping[int, str], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.fields["missions"].choices = missions  # type: ignore[attr-defined]
        if not missions:
            del self.fields["missions"]
        self.skills = skills
        for skill, named in skills.items():
            self.fields[f"skill-{skill}"] = forms.TypedChoiceField(
                label=named, choices=LEVELS, coerce=int, empty_value=None, required=False
            )

    def invited(self) -> dict[str, Any]:
        """What was typed, as `missions.services.invite_agent` asks it."""
        typed = self.cleaned_data
        levels = {skill: typed[f"skill-{skill}"] for skill in self.skills if typed[f"skill-{skill}"]}
        who = {name: typed[name] for name in ("first_name", "name", "email", "status")}
        return who | {"skills": levels, "mission_ids": [int(each) for each in typed.get("missions", [])]}


class BrandUserForm(forms.Form):
    """A person of a brand to be invited."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"))
    brand = forms.TypedChoiceField(label=_("Brand"), coerce=int, help_text=_("They see this brand and nothing else."))

    def __init__(self, *arguments: Any, brands: Mapping[int, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["brand"].choices = list(brands.items())  # type: ignore[attr-defined]


class TokenForm(forms.Form):
    """What a program's key is for, and how far it reaches."""

    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("The name of the program, as you will look for it later.")
    )
    may_write = forms.TypedChoiceField(
        label=_("What it may do"),
        choices=[("no", _("read only")), ("yes", _("read and change"))],
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
        initial="no",
    )
    brands = forms.TypedMultipleChoiceField(
        label=_("Only for these brands"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "None: for the whole operator. A token for some brands opens only what tells brands apart: queues."
        ),
    )

    def __init__(self, *arguments: Any, brands: Mapping[int, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["brands"].choices = list(brands.items())  # type: ignore[attr-defined]
        if not brands:
            del self.fields["brands"]


class NumberForm(forms.Form):
    """A telephone number and where it leads."""

    number = forms.CharField(
        label=_("Number"), max_length=30, help_text=_("As the trunk writes it, or with its country: +33123456789.")
    )
    queue = forms.ChoiceField(label=_("Queue of calls"))
    language = forms.ChoiceField(
        label=_("Language in which callers are met"), choices=[("fr", "Français"), ("en", "English")]
    )

    def __init__(self, *given: Any, queues: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["queue"].choices = queues  # type: ignore[attr-defined]


class TrunkAccountForm(forms.Form):
    """An account at a SIP trunk; its fields are those of `accounts.Wanted`."""

    server = forms.CharField(
        label=_("Server"), max_length=120, help_text=_("As the trunk gave it, for example sip.trunk.example.")
    )
    login = forms.CharField(label=_("Login"), max_length=80)
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    numbers = forms.TypedMultipleChoiceField(
        label=_("Numbers whose calls go by this account"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    active = forms.BooleanField(label=_("Register, and call by this account"), required=False, initial=True)

    def __init__(
        self, *given: Any, account: TrunkAccount | None, numbers: Sequence[tuple[int, str]], **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.fields["numbers"].choices = numbers  # type: ignore[attr-defined]
        if account:
            self.fields["password"].help_text = _("Leave empty to keep the one there is.")
            self.initial = {name: getattr(account, name) for name in ("server", "login", "active")}
            self.initial["numbers"] = [each.pk for each in account.numbers.all()]
        else:
            self.fields["password"].required = True
        if not numbers:
            self.fields["numbers"].widget = forms.MultipleHiddenInput()


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
    recording_days = forms.IntegerField(
        label=_("Recordings of calls, days"), help_text=_("After the call; the CNIL recommends six months at most.")
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
        return Periods(**{each.name: typed[each.name] for each in fields(Periods)})

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
