"""The form of a mailbox."""

from copy import copy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeshore.brands.queries import queues_of_operator
from homeshore.channels.email.models import Mailbox
from homeshore.channels.email.services import SETTINGS

LEFT_OUT = {"brand_id", "queue_id"}


class MailboxForm(forms.ModelForm):  # type: ignore[type-arg]
    """Settings of a mailbox. Passwords are typed anew or left as they are; they are never shown."""

    imap_password = forms.CharField(label=_("IMAP password"), required=False, strip=False, widget=forms.PasswordInput())
    smtp_password = forms.CharField(label=_("SMTP password"), required=False, strip=False, widget=forms.PasswordInput())
    take_existing = forms.BooleanField(label=_("Also take in the mails that are already there"), required=False)

    class Meta:
        model = Mailbox
        fields = [name for name in SETTINGS if name not in LEFT_OUT]
        widgets = {"acknowledgement": forms.Textarea(attrs={"rows": 4})}

    queue = forms.TypedChoiceField(label=_("Queue that its mails wait in"), coerce=int)

    def __init__(self, *args: Any, operator_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = copy(self.instance)
        self.queues = {rules.id: rules for rules in queues_of_operator(operator_id) if rules.channel == "email"}
        self.fields["queue"].choices = [(rules.id, rules.name) for rules in self.queues.values() if rules.active]  # type: ignore[attr-defined]
        self.fields["imap_password"].required = not self.instance.pk
        if self.instance.pk:
            del self.fields["take_existing"]
            self.fields["queue"].initial = self.instance.queue_id
            for name in ("imap_password", "smtp_password"):
                self.fields[name].help_text = _("Leave empty to keep the one there is.")

    def clean(self) -> dict[str, Any]:
        """A password goes only to the server it was typed for: for another one it is typed again."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for side in ("imap", "smtp"):
            asks_again = self.instance.pk and getattr(self.before, f"{side}_secret")
            server = [f"{side}_host", f"{side}_port", f"{side}_user", f"{side}_security"]
            is_another = any(cleaned.get(name) != getattr(self.before, name) for name in server)
            if asks_again and is_another and not cleaned.get(f"{side}_password"):
                self.add_error(
                    f"{side}_password", _("Type the password again: the server, user or security is another.")
                )
        return cleaned

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip().lower()
        if Mailbox.objects.filter(address=address).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another mailbox already has this address."))
        return address

    def clean_display_name(self) -> str:
        return " ".join(self.cleaned_data["display_name"].split())

    def settings(self) -> dict[str, Any]:
        """What the services need, from a valid form."""
        rules = self.queues[self.cleaned_data["queue"]]
        chosen = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return {**chosen, "queue_id": rules.id, "brand_id": rules.brand_id}
