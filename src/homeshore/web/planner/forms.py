"""What planners are asked."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from homeshore.planning.models import Plan
from homeshore.planning.report.words import GIVEN_OUT, KINDS, pattern_in_words

COUNTRIES = [
    ("", _("none")), ("FR", _("France")), ("BE", _("Belgium")), ("CH", _("Switzerland")), ("LU", _("Luxembourg")),
    ("CA", _("Canada")), ("DE", _("Germany")), ("ES", _("Spain")), ("GB", _("United Kingdom")), ("IL", _("Israel")),
    ("IT", _("Italy")), ("MA", _("Morocco")), ("MG", _("Madagascar")), ("PT", _("Portugal")), ("SN", _("Senegal")),
    ("TN", _("Tunisia")), ("US", _("United States")),
]  # fmt: skip


FORM_BYTES = 65_536
"""What a form takes around its file."""
TOO_LARGE = _("The file is larger than this site takes. Send it as Parquet, which is smaller.")


def _file_input() -> forms.FileInput:
    """A field for a file, which says of too large a one what is wrong before it is sent."""
    return forms.FileInput(
        attrs={"data-most-bytes": settings.MAX_REQUEST_BYTES - FORM_BYTES, "data-too-large": TOO_LARGE}
    )


class NewPlan(forms.Form):
    """Where the history comes from."""

    source = forms.ChoiceField(choices=Plan.Source, widget=forms.RadioSelect, initial=Plan.Source.PLATFORM)
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("CSV, TSV, Excel or Parquet: single calls, or counts by interval."),
        widget=_file_input(),
    )
    name = forms.CharField(label=_("Name of the plan"), max_length=120, required=False)

    def clean_file(self) -> "UploadedFile[Any] | None":
        file: UploadedFile[Any] | None = self.cleaned_data.get("file")
        if file is not None and file.size and file.size > settings.MAX_REQUEST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("source") != Plan.Source.FILE:
            self.errors.pop("file", None)
            data["file"] = None  # chosen before the platform was
        elif not data.get("file") and "file" not in self.errors:
            self.add_error("file", _("Choose the file to read."))
        return data


class Reading(forms.Form):
    """How a file is read: its zone, interval and dates; columns and outcomes are added by the file itself."""

    zone = forms.CharField(label=_("Time zone of the file’s clock"), max_length=60)
    interval_minutes = forms.TypedChoiceField(
        label=_("Plan by"), choices=[(30, _("30 minutes")), (15, _("15 minutes"))], coerce=int
    )
    country = forms.ChoiceField(label=_("Public holidays"), choices=COUNTRIES, required=False)
    date_format = forms.ChoiceField(label=_("Dates are written"))

    def __init__(self, *args: Any, date_formats: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date_format"].choices = [(form, pattern_in_words(form)) for form in date_formats]  # type: ignore[attr-defined]

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise forms.ValidationError(_("There is no time zone of this name; write it like Europe/Paris.")) from error
        return zone


class Ahead(forms.Form):
    """What the forecast takes into account."""

    country = forms.ChoiceField(label=_("Public holidays"), choices=COUNTRIES, required=False)
    school_zone = forms.ChoiceField(
        label=_("French school holidays"),
        choices=[("", _("none")), *((zone, _("zone %(zone)s") % {"zone": zone}) for zone in "ABC")],
        required=False,
    )
    days = forms.TypedChoiceField(
        label=_("Days ahead"), choices=[(days, days) for days in (7, 14, 21, 28)], coerce=int, initial=14
    )


def _decimal() -> forms.TextInput:
    """A field for a number in the reader's own writing: 1,2 in French."""
    return forms.TextInput(attrs={"inputmode": "decimal"})


class Event(forms.Form):
    """Days that the planner knows to be unlike others."""

    name = forms.CharField(label=_("Event"), max_length=60)
    first = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    factor = forms.FloatField(
        label=_("Calls, times"), min_value=0, max_value=20, initial=1.2, localize=True, widget=_decimal()
    )


Events = forms.formset_factory(Event, extra=1, can_delete=True, max_num=40)


class WhatIf(forms.Form):
    """The levers of staffing, in per cent and seconds; each as a slider."""

    share = forms.FloatField(label=_("Answered in time"), min_value=50, max_value=99)
    seconds = forms.FloatField(label=_("Within"), min_value=0, max_value=600)
    occupancy = forms.FloatField(label=_("Busy at most"), min_value=50, max_value=100)
    shrinkage = forms.FloatField(label=_("Scheduled time not at work"), min_value=0, max_value=60)
    calls = forms.FloatField(label=_("Calls"), min_value=-50, max_value=100)
    handling = forms.FloatField(label=_("Handling time"), min_value=-50, max_value=100)

    one_goal = forms.BooleanField(label=_("One goal for all calls and chats"), required=False)
    shared = forms.BooleanField(label=_("Agents with several queues help each other"), required=False)

    def settings(self) -> dict[str, float | bool]:
        """The levers as a plan keeps them."""
        told = self.cleaned_data
        return {
            "share": told["share"] / 100, "seconds": told["seconds"], "occupancy": told["occupancy"] / 100,
            "shrinkage": told["shrinkage"] / 100, "calls_factor": 1 + told["calls"] / 100,
            "handling_factor": 1 + told["handling"] / 100, "shared": told["shared"], "one_goal": told["one_goal"],
        }  # fmt: skip


class Terms(forms.Form):
    """How one queue is served: what comes in it, how much of it is answered how soon, how many an agent holds at once."""

    kind = forms.ChoiceField(label=_("What comes"), choices=list(KINDS.items()))
    share = forms.FloatField(label=_("Answered in time"), min_value=50, max_value=99.9)
    within = forms.FloatField(label=_("Within"), min_value=0, max_value=7 * 24 * 3600)
    unit = forms.TypedChoiceField(
        label=_("Unit"), choices=[(1, _("s")), (60, _("min")), (3600, _("h"))], coerce=int, initial=1
    )
    at_once = forms.IntegerField(label=_("At once"), min_value=1, max_value=20, initial=1)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        seconds = data.get("within", 1) * data.get("unit", 1)
        if data.get("kind") == "mail" and seconds <= 0:
            self.add_error("within", _("E-mails need some time to be answered in."))
        if seconds > 7 * 24 * 3600:
            self.add_error("within", _("A week is the longest."))
        return data

    def terms(self) -> dict[str, Any]:
        """The terms as a plan keeps them."""
        told = self.cleaned_data
        chats = told["at_once"] if told["kind"] == "chat" else 1
        return {"kind": told["kind"], "share": round(told["share"] / 100, 4), "seconds": told["within"] * told["unit"],
                "at_once": chats}  # fmt: skip


TermsOfQueues = forms.formset_factory(Terms, extra=0)


class SkillMix(forms.Form):
    """The hours for which the cheapest mix of skills is looked for, and how sure it must be."""

    day = forms.TypedChoiceField(label=_("Day"), coerce=int)
    first_hour = forms.TypedChoiceField(label=_("From"), coerce=float)
    last_hour = forms.TypedChoiceField(label=_("To"), coerce=float)
    probability = forms.FloatField(label=_("Days with goals kept (%)"), min_value=50, max_value=99, initial=90)
    rule = forms.ChoiceField(
        label=_("Contacts are given out"),
        choices=list(GIVEN_OUT.items()),
    )
    more = forms.FloatField(label=_("One more queue costs (%)"), min_value=0, max_value=100, initial=5)

    def __init__(
        self, *arguments: Any, days: list[tuple[int, str]], hours: list[tuple[float, str]], **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self.fields["day"].choices = days  # type: ignore[attr-defined]
        self.fields["first_hour"].choices = hours[:-1]  # type: ignore[attr-defined]
        self.fields["last_hour"].choices = hours[1:]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("first_hour", 0) >= data.get("last_hour", 24):
            self.add_error("last_hour", _("The end must come after the beginning."))
        return data

    def asked(self) -> dict[str, Any]:
        """The question as the work takes it."""
        told = self.cleaned_data
        return {
            "day": told["day"], "first_hour": told["first_hour"], "last_hour": told["last_hour"],
            "probability": told["probability"] / 100, "more_a_skill": told["more"] / 100,
            "rule": told["rule"],
        }  # fmt: skip


class Staff(forms.Form):
    """Whose availability the schedule is made with."""

    PLATFORM, FILE, SUPPOSED, SAME = "platform", "file", "supposed", "same"
    people = forms.ChoiceField(
        choices=[(PLATFORM, _("the platform’s agents")), (FILE, _("a file of people")), (SUPPOSED, _("supposed people")),
                 (SAME, _("the same people"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    file = forms.FileField(label=_("File of people"), required=False, widget=_file_input())
    hourly = forms.DecimalField(
        label=_("An hour three quarters busy pays"),
        min_value=1,
        max_value=200,
        decimal_places=2,
        localize=True,
        initial=16,
        widget=_decimal(),
    )
    floor = forms.DecimalField(
        label=_("Guaranteed an hour, to be costed"),
        min_value=0,
        max_value=200,
        decimal_places=2,
        localize=True,
        initial=12,
        widget=_decimal(),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("people") == self.FILE and not data.get("file"):
            self.add_error("file", _("Choose the file to read."))
        return data


class Repair(forms.Form):
    """What happened to a schedule that is already known to people."""

    day = forms.TypedChoiceField(label=_("Day"), coerce=int)
    hour = forms.TypedChoiceField(label=_("From"), coerce=float)
    absent = forms.MultipleChoiceField(
        label=_("Who is ill that day"), required=False, widget=forms.CheckboxSelectMultiple
    )
    peak = forms.FloatField(label=_("Calls from then on"), min_value=-50, max_value=200, initial=0)

    def __init__(
        self,
        *arguments: Any,
        days: list[tuple[int, str]],
        hours: list[tuple[float, str]],
        people: list[str],
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **named)
        self.fields["day"].choices = days  # type: ignore[attr-defined]
        self.fields["hour"].choices = hours  # type: ignore[attr-defined]
        self.fields["absent"].choices = [(name, name) for name in people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("absent") and not data.get("peak"):
            raise forms.ValidationError(_("Say who is ill, or by how much calls change."))
        return data
