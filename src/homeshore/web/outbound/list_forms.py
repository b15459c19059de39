"""What those who lead write about a list of people to be called."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from homeshore.outbound import numbers as telephone
from homeshore.outbound import words
from homeshore.outbound.gate.rules import TO_CUSTOMERS, Purpose
from homeshore.outbound.lists.making import Plan
from homeshore.web.outbound.forms import OwnIds

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class ListForm(OwnIds):
    """A list: its name, what its calls are for, where they count, when and how often people are tried, what agents say."""

    name = forms.CharField(label=_("Name"), max_length=120)
    queue = forms.TypedChoiceField(
        label=_("Queue in which the calls count"),
        coerce=int,
        help_text=_("Agents who serve this queue are given the list."),
    )
    purpose = forms.ChoiceField(
        label=_("What the calls are for"),
        choices=[(each, words.PURPOSES[each]) for each in TO_CUSTOMERS if each != Purpose.CALLBACK],
    )
    about_contract = forms.BooleanField(label=_("They are about a contract under way"), required=False)
    caller_number = forms.ChoiceField(label=_("The number people see"), required=False)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=[(day, capfirst(name)) for day, name in WEEKDAYS.items()],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        initial=list(range(5)),
    )
    opens = forms.TimeField(label=_("From"), widget=TIME, required=False)
    closes = forms.TimeField(
        label=_("Until"),
        widget=TIME,
        required=False,
        help_text=_("In your time zone. The rules of calls out hold beside it, where the person is."),
    )
    most_attempts = forms.IntegerField(
        label=_("Attempts without an answer, at most"), min_value=1, max_value=10, initial=3
    )
    pause_hours = forms.IntegerField(label=_("Hours between two attempts"), min_value=1, max_value=720, initial=24)
    script = forms.CharField(
        label=_("What agents say"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Agents read it before and during the call."),
    )

    def __init__(
        self, *args: Any, queues: list[tuple[int, str]], shown: list[tuple[str, int]], brand_of: dict[int, int], **more: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        self.brand_of, self.brand_of_number = brand_of, dict(shown)
        self.fields["queue"].choices = queues  # type: ignore[attr-defined]
        self.fields["caller_number"].choices = [  # type: ignore[attr-defined]
            ("", _("The queue’s own")),
            *((digits, telephone.shown(digits)) for digits, _brand in shown),
        ]

    def clean(self) -> dict[str, Any]:
        """A number of another brand is not shown."""
        typed = super().clean() or {}
        number, queue = typed.get("caller_number"), typed.get("queue")
        if number and queue and self.brand_of_number[number] != self.brand_of[queue]:
            self.add_error("caller_number", _("This number belongs to another brand."))
        return typed

    def plan(self) -> Plan:
        """What was typed."""
        typed = dict(self.cleaned_data)
        return Plan(queue_id=typed.pop("queue"), purpose=Purpose(typed.pop("purpose")), **typed)


class PeopleForm(OwnIds):
    """A file of people."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "Its first line names the columns: number, name, language (fr or en); to sell something also consent date, consent source, "
            "consent wording. All others are shown to the agent."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    leave_out = forms.BooleanField(label=_("Leave wrong lines out and take the others"), required=False)

    def clean_file(self) -> Any:
        """No larger than the house takes."""
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_REQUEST_BYTES:
            raise forms.ValidationError(_("This file is too large."))
        return file


class ForgetForm(OwnIds):
    """Somebody who is to be forgotten on all lists."""

    number = forms.CharField(
        label=_("Telephone number"), max_length=32, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
    )
