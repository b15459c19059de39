"""Whether supervisors may listen to the calls of a queue: an administrator's setting on the page of the queue."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from homeshore.channels.voice import services
from homeshore.foundation import clock
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership


class ListeningForm(forms.Form):
    """Whether a queue's calls may be listened to."""

    allowed = forms.BooleanField(
        label=gettext_lazy("Supervisors may listen to calls while they go on"),
        required=False,
        help_text=gettext_lazy(
            "Each caller is told before they speak, and the agent sees who listens for as long as it lasts. "
            "Tell your agents and their representatives first, and listen to help and train, not all the time."
        ),
    )


@require_POST
@for_roles(Role.OPERATOR_ADMIN)
def set_listening(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Whether supervisors may listen to a queue's calls from now on."""
    mine = membership(request)
    form = ListeningForm(request.POST)
    form.is_valid()
    services.set_listening_rule(
        operator_id=mine.operator_id,
        queue_id=queue_id,
        allowed=form.cleaned_data["allowed"],
        by=mine.user,
        now=clock.now(),
    )
    messages.success(request, _("This holds from the next call on."))
    return redirect("queue", queue_id)
