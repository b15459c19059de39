"""What people write about calls that the house places."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from homeshore.outbound import words
from homeshore.outbound.gate.register import Result
from homeshore.outbound.gate.rules import TO_CUSTOMERS, Purpose

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class OwnIds(forms.Form):
    """A form that stands on a page beside others: the ids of its fields begin with its own name."""

    def __init__(self, *args: object, **more: object) -> None:
        more.setdefault("auto_id", f"{type(self).__name__.lower()}_%s")
        super().__init__(*args, **more)  # type: ignore[arg-type]


class NumberForm(OwnIds):
    """A number to look up, for a brand."""

    brand = forms.TypedChoiceField(label=_("Brand"), coerce=int)
    number = forms.CharField(
        label=_("Telephone number"), max_length=32, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
    )

    def __init__(self, *args: object, brands: dict[int, str], **more: object) -> None:
        super().__init__(*args, **more)
        self.fields["brand"].choices = list(brands.items())  # type: ignore[attr-defined]


class CallForm(OwnIds):
    """A call that somebody is about to place with their own telephone."""

    purpose = forms.ChoiceField(
        label=_("What the call is for"), choices=[(each, words.PURPOSES[each]) for each in TO_CUSTOMERS]
    )
    about_contract = forms.BooleanField(label=_("It is about their contract under way"), required=False)
    caller_number = forms.CharField(
        label=_("The number they will see"),
        max_length=32,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )

    def purpose_asked(self) -> Purpose:
        """What was chosen."""
        return Purpose(self.cleaned_data["purpose"])


class ResultForm(OwnIds):
    """How a call ended."""

    attempt = forms.IntegerField(widget=forms.HiddenInput)
    result = forms.ChoiceField(
        label=_("How did it end?"), choices=list(words.RESULTS.items()), widget=forms.RadioSelect
    )

    def result_said(self) -> Result:
        """What was chosen."""
        return Result(self.cleaned_data["result"])


class InZone(OwnIds):
    """A form whose moments are meant in the operator's time zone."""

    def __init__(self, *args: object, zone: str, **more: object) -> None:
        self.zone = ZoneInfo(zone)
        super().__init__(*args, **more)

    def _aware(self, name: str) -> datetime | None:
        """Django has read the moment in its own zone: the same clock face in the operator's."""
        moment: datetime | None = self.cleaned_data[name]
        if moment is None:
            return None
        moment = moment.replace(tzinfo=self.zone)
        try:
            moment.astimezone(UTC)
        except OverflowError as error:
            raise forms.ValidationError(self.fields[name].error_messages["invalid"]) from error
        return moment


class ConsentForm(InZone):
    """A consent, with what proves it."""

    source = forms.CharField(
        label=_("Where it was given"),
        max_length=200,
        help_text=_("The page, paper or call, so that it can be found again."),
    )
    wording = forms.CharField(
        label=_("The words they agreed to"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    given_at = forms.DateTimeField(label=_("When"), widget=MOMENT)
    any_hour = forms.BooleanField(label=_("The words allow other days and hours too"), required=False)

    def clean_given_at(self) -> object:
        """In the operator's zone."""
        return self._aware("given_at")


class ContractForm(InZone):
    """A contract under way."""

    reference = forms.CharField(label=_("Reference of the contract"), max_length=80)
    began_at = forms.DateTimeField(label=_("Since"), widget=MOMENT)

    def clean_began_at(self) -> object:
        """In the operator's zone."""
        return self._aware("began_at")


class SaidForm(InZone):
    """What the person said about being called."""

    WHAT = [
        ("callback", _("They ask to be called back")),
        ("opposition", _("They do not want to be called")),
        ("withdrawal", _("They withdraw their consent")),
    ]
    what = forms.ChoiceField(label=_("What they said"), choices=WHAT)
    due = forms.DateTimeField(label=_("Call back from"), widget=MOMENT, required=False)
    how = forms.CharField(label=_("How they said it, or what it is about"), max_length=200, required=False)

    def clean_due(self) -> object:
        """In the operator's zone."""
        return self._aware("due")


class ZoneForm(OwnIds):
    """Where the person is."""

    zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        names = sorted(
            name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix", "right"))
        )
        self.fields["zone"].choices = [("", _("As the number says")), *((name, name) for name in names)]  # type: ignore[attr-defined]
