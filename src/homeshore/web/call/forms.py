"""What a customer's page may send about its call, checked."""

from datetime import datetime

from django import forms

from homeshore.channels.voice.embedded.ends import KINDS, SIGNAL_BYTES

DEVICE = r"^[\w-]{8,40}$"


class Moment(forms.DateTimeField):
    """A moment as ISO 8601; a program may send anything else, and is told that it is none."""

    def to_python(self, value: object) -> datetime | None:
        """The moment, None when nothing was sent. Raises ValidationError."""
        moment: datetime | None = super().to_python(value if value is None else str(value))
        return moment


class Placed(forms.Form):
    """A call is placed by a page that calls itself `device`."""

    device = forms.RegexField(DEVICE)
    queue = forms.SlugField(required=False)
    name = forms.CharField(required=False, max_length=120)
    email = forms.EmailField(required=False)
    unrecorded = forms.BooleanField(required=False)


class OfPage(forms.Form):
    """Something about a call, from the page that carries it."""

    call = forms.IntegerField()
    device = forms.RegexField(DEVICE)


class CallbackAsked(OfPage):
    """Who waits would rather be called back; without a number, on this page."""

    number = forms.CharField(required=False, max_length=32)


class CallbackPromised(forms.Form):
    """The moment at which somebody wants to be called, and on what number."""

    at = Moment()
    number = forms.CharField(max_length=32)
    name = forms.CharField(required=False, max_length=120)


class Joined(OfPage):
    """The page carries the call from now on."""

    take_over = forms.BooleanField(required=False)


class AboutRecording(OfPage):
    """What the customer was told, does not want, or is about to type."""

    said = forms.ChoiceField(choices=[(each, each) for each in ("told", "refused", "card", "no_card")])


class Renewed(OfPage):
    """The ends must find each other anew."""

    round = forms.IntegerField(min_value=0)


class Heard(OfPage):
    """The sound of the other end arrives."""

    leg = forms.IntegerField(min_value=1)


class Measured(Heard):
    """What the page received over the last seconds."""

    loss = forms.FloatField(min_value=0, max_value=1)
    jitter_ms = forms.FloatField(min_value=0, max_value=60_000)
    round_trip_ms = forms.FloatField(min_value=0, max_value=60_000)
    buffer_ms = forms.FloatField(min_value=0, max_value=60_000, required=False)


class Signalled(Renewed):
    """Something for the other page."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS])
    body = forms.JSONField(required=False)

    def clean_body(self) -> object:
        """What is larger than any session description is not one."""
        if len(str(self.cleaned_data["body"])) > SIGNAL_BYTES:
            raise forms.ValidationError("too long")
        return self.cleaned_data["body"]


class Asked(forms.Form):
    """What the other page has said after a signal."""

    call = forms.IntegerField()
    after = forms.IntegerField(min_value=0)
