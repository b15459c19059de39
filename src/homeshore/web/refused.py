"""How a form says what the house refused."""

from django.forms import Form

from homeshore.foundation.errors import Refused


def blame(form: Form, refusal: Refused) -> None:
    """Say a refusal beside each field that it names, or above them all where it names none that the form shows."""
    for field, why in refusal.fields.items():
        form.add_error(field if field in form.fields else None, str(why))
    if not refusal.fields:
        form.add_error(None, str(refusal))
