"""Forms of a brand's settings: they read what was typed; the rules are the brands' own."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

import holidays
from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from homeshore.brands.hours import Stretch

STRETCHES_A_DAY = 2


class WidgetForm(forms.Form):
    """What the chat looks like, what it says, and which sites may carry it."""

    allowed_origins = forms.CharField(
        label=_("Sites that may carry the chat"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One a line, like https://www.example.com. On any other site the chat stays hidden."),
    )
    accent = forms.CharField(
        label=_("Accent"),
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("Buttons and marks of the chat. It must be readable on white; by night it is lightened for you."),
    )
    greeting_fr = forms.CharField(label=_("First words, in French"), required=False, widget=forms.Textarea({"rows": 2}))
    greeting_en = forms.CharField(
        label=_("First words, in English"), required=False, widget=forms.Textarea({"rows": 2})
    )
    privacy_url = forms.URLField(
        label=_("Page on personal data"),
        required=False,
        assume_scheme="https",
        help_text=_("The brand's own privacy policy, linked from the chat."),
    )

    def origins(self) -> list[str]:
        """The lines that name a site."""
        return [line for line in self.cleaned_data["allowed_origins"].splitlines() if line.strip()]


def _places() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name]


class HoursForm(forms.Form):
    """Two stretches a day, each from an hour to another; both empty when closed."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["time_zone"] = forms.ChoiceField(label=_("Time zone"), choices=_places())
        countries = sorted(code for code in holidays.list_supported_countries(include_aliases=False) if len(code) == 2)
        self.fields["holidays_country"] = forms.ChoiceField(
            label=_("Public holidays of"),
            required=False,
            choices=[("", _("nowhere: open on holidays")), *((code, code) for code in countries)],
            help_text=_("The country's code: FR is France. On its public holidays the brand is closed all day."),
        )
        for day, name in WEEKDAYS.items():
            for number in range(STRETCHES_A_DAY):
                for end, label in (("opens", _("%(day)s, opens")), ("closes", _("%(day)s, closes"))):
                    self.fields[f"{end}-{day}-{number}"] = forms.TimeField(
                        label=label % {"day": name}, required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
                    )

    def clean(self) -> dict[str, Any]:
        """A stretch has both its ends."""
        filled = super().clean() or {}
        for day in WEEKDAYS:
            for number in range(STRETCHES_A_DAY):
                ends = [filled.get(f"{end}-{day}-{number}") for end in ("opens", "closes")]
                if ends.count(None) == 1 and not self.errors:
                    missing = "opens" if ends[0] is None else "closes"
                    self.add_error(f"{missing}-{day}-{number}", _("Write both hours, or neither."))
        return filled

    def week(self) -> list[Stretch]:
        """The stretches that were filled in."""
        filled = self.cleaned_data
        return [
            Stretch(day, filled[f"opens-{day}-{number}"], filled[f"closes-{day}-{number}"])
            for day in WEEKDAYS
            for number in range(STRETCHES_A_DAY)
            if filled[f"opens-{day}-{number}"] is not None
        ]

    def days(self) -> list[dict[str, Any]]:
        """The fields by day, for the template."""
        return [
            {
                "name": name,
                "stretches": [(self[f"opens-{day}-{n}"], self[f"closes-{day}-{n}"]) for n in range(STRETCHES_A_DAY)],
            }
            for day, name in WEEKDAYS.items()
        ]

    def blame(self, field: str, why: str) -> None:
        """Show a refusal of the brands' beside the field it is about; `day-N` is a weekday."""
        self.add_error(f"closes-{field.removeprefix('day-')}-0" if field.startswith("day-") else field, why)

    @staticmethod
    def filled_with(week: Sequence[Stretch]) -> dict[str, Any]:
        """The values by field of a week."""
        values: dict[str, Any] = {}
        for day in WEEKDAYS:
            for number, stretch in enumerate([each for each in week if each.weekday == day][:STRETCHES_A_DAY]):
                values[f"opens-{day}-{number}"], values[f"closes-{day}-{number}"] = stretch.opens, stretch.closes
        return values


class ReplyForm(forms.Form):
    """A ready answer."""

    shortcut = forms.CharField(label=_("Shortcut"), max_length=31, help_text=_("Agents type / and this word."))
    title = forms.CharField(label=_("Title"), max_length=80)
    body = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea({"rows": 4}),
        help_text=_("{customer}, {agent} and {brand} are filled in when it is used."),
    )


class ArticleForm(forms.Form):
    """A page that brand and operator share."""

    title = forms.CharField(label=_("Title"), max_length=120)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea({"rows": 8}))
