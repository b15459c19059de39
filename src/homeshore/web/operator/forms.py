"""Forms of an operator's administrator."""

from django import forms
from django.utils.translation import gettext_lazy as _

from homeshore.foundation.members import INVITED_ROLES


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
