"""The screen of an operator's telephone numbers: which leads to which queue, and in which language callers are met."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeshore.brands.queries import brand_names, queues_of_operator
from homeshore.channels.voice.sip import notices, numbers
from homeshore.channels.voice.sip.accounts import accounts_of, why_in_words
from homeshore.foundation.clock import now
from homeshore.foundation.errors import Refused
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership
from homeshore.values.telephone import shown
from homeshore.web.operator.forms import NumberForm
from homeshore.web.refused import blame


@for_roles(Role.OPERATOR_ADMIN)
def phone_numbers(request: HttpRequest) -> HttpResponse:
    """The numbers, and the form that leads one to a queue; a number that is there already is led elsewhere."""
    mine = membership(request)
    form = NumberForm(request.POST or None, queues=_queues_for_calls(mine.operator_id))
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            led = numbers.lead(
                asked["number"],
                queue_id=int(asked["queue"]),
                language=asked["language"],
                operator_id=mine.operator_id,
                by=mine.user,
                now=now(),
            )
        except Refused as refusal:
            blame(form, refusal)
        else:
            messages.success(
                request, _("Calls of %(number)s go to %(queue)s.") % {"number": shown(led.digits), "queue": led.queue}
            )
            return redirect("phone-numbers")
    told = notices.languages_told(mine.operator_id)
    context = {
        "form": form,
        "numbers": [(each, told.get(each.pk)) for each in numbers.numbers_of(mine.operator_id)],
        "telephone": settings.SIP_LISTEN is not None,
        "accounts": [(each, why_in_words(each)) for each in accounts_of(mine.operator_id)],
        "registers": settings.SIP_LISTEN is not None and settings.SIP_EDGE is not None,
    }
    return render(request, "operator/numbers.html", context, status=400 if form.errors else 200)


@for_roles(Role.OPERATOR_ADMIN)
@require_POST
def refuse_number(request: HttpRequest, phone_id: int) -> HttpResponse:
    """Take no calls of a number any more."""
    mine = membership(request)
    number = numbers.number_of(mine.operator_id, phone_id)
    numbers.refuse(number, by=mine.user, now=now())
    messages.success(request, _("Calls of %(number)s are refused from now on.") % {"number": shown(number.digits)})
    return redirect("phone-numbers")


def _queues_for_calls(operator_id: int) -> list[tuple[int, str]]:
    brands = brand_names(operator_id)
    return [
        (each.id, f"{brands[each.brand_id]} · {each.name}")
        for each in queues_of_operator(operator_id)
        if each.channel == "voice" and each.active
    ]
