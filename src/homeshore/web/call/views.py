"""Calls from a brand's page, under `/widget/v1/KEY/call/`, and the house's own page for them. `docs/reference/widget.md` describes them."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from homeshore.brands import storefront
from homeshore.channels.chat.access import Call, a_minute, widget_call
from homeshore.channels.chat.forms import read
from homeshore.channels.chat.scripts import shared_script
from homeshore.channels.voice import services as calls
from homeshore.channels.voice.embedded import ends, passed_on
from homeshore.channels.voice.embedded.ends import End
from homeshore.channels.voice.models import Call as CallRow
from homeshore.channels.voice.models import Side
from homeshore.channels.voice.quality.emodel import Measure
from homeshore.channels.voice.recordings.course import Pause
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation.tenancy import public
from homeshore.web.call import forms, services
from homeshore.web.senses import may_listen

CALLS = a_minute("calls of a visitor", 6)
CALLBACKS = a_minute("callbacks of a visitor", 6)
SIGNS = a_minute("signs of a call", 240)


@public
def script(request: HttpRequest) -> HttpResponse:
    """What the widget loads when somebody wants to speak."""
    return shared_script("built/widget-call.js")


@public
@may_listen
def page(request: HttpRequest, key: str) -> HttpResponse:
    """A page of its own for a brand: one button that calls it."""
    brand = storefront.storefront_of_widget(key)
    ways = storefront.ways_of_chat(brand.brand_id) if brand else None
    if brand is None or ways is None or ways.call_queue is None:
        raise Http404
    return render(request, "call/call.html", {"brand": brand, "key": key, "base": settings.BASE_URL})


@widget_call("POST")
def place(call: Call) -> HttpResponse:
    """The visitor calls; answers with the call, the thread it belongs to, and the grant to follow both."""
    visitor = call.visitor()
    call.count((CALLS, visitor.thread_key))
    asked = read(forms.Placed, call.request)
    ways = call.ways(asked["queue"])
    customer = CustomerFacts(name=asked["name"], email=asked["email"], language=call.language)
    services.place(
        visitor=visitor,
        brand=call.brand,
        ways=ways,
        customer=customer,
        device=asked["device"],
        unrecorded=asked["unrecorded"],
        now=call.now,
    )
    return JsonResponse(services.shown(visitor, ways, now=call.now), status=HTTPStatus.CREATED)


@widget_call("GET")
def current(call: Call) -> HttpResponse:
    """The visitor's call, or null."""
    return JsonResponse(services.shown(call.visitor(), call.ways(), now=call.now))


@widget_call("POST")
def ask_callback(call: Call) -> HttpResponse:
    """The visitor hangs up and keeps their place: they are called back when their turn comes."""
    visitor, ways = call.visitor(), call.ways()
    call.count((CALLBACKS, visitor.thread_key))
    asked = read(forms.CallbackAsked, call.request)
    services.ask_callback(visitor=visitor, ways=ways, end=_end(call, asked), number=asked["number"], now=call.now)
    return JsonResponse(services.shown(visitor, ways, now=call.now), status=HTTPStatus.CREATED)


@widget_call("POST")
def promise_callback(call: Call) -> HttpResponse:
    """The visitor wants to be called at a moment of their choice."""
    visitor, ways = call.visitor(), call.ways()
    call.count((CALLBACKS, visitor.thread_key))
    asked = read(forms.CallbackPromised, call.request)
    customer = CustomerFacts(name=asked["name"], language=call.language)
    services.promise_callback(
        visitor=visitor, ways=ways, customer=customer, number=asked["number"], wanted_at=asked["at"], now=call.now
    )
    return JsonResponse(services.shown(visitor, ways, now=call.now), status=HTTPStatus.CREATED)


@widget_call("POST")
def cancel_callback(call: Call) -> HttpResponse:
    """The visitor need not be called back any more."""
    visitor, ways = call.visitor(), call.ways()
    services.cancel_callback(visitor=visitor, ways=ways, now=call.now)
    return JsonResponse(services.shown(visitor, ways, now=call.now))


@widget_call("POST")
def join(call: Call) -> HttpResponse:
    """This page carries the call from now on."""
    asked = read(forms.Joined, call.request)
    ends.join(_end(call, asked), take_over=asked["take_over"], now=call.now)
    return JsonResponse(services.shown(call.visitor(), call.ways(), now=call.now))


@widget_call("POST")
def alive(call: Call) -> HttpResponse:
    """The page lives; `false` says that it no longer carries a call."""
    asked = read(forms.OfPage, call.request)
    _count(call)
    return JsonResponse({"carries": ends.give_sign(_end(call, asked), now=call.now)})


@widget_call("POST")
def leave(call: Call) -> HttpResponse:
    """The page is going away, or is being loaded again."""
    ends.leave(_end(call, read(forms.OfPage, call.request)), now=call.now)
    return _done()


@widget_call("POST")
def renew(call: Call) -> HttpResponse:
    """The line cannot be repaired: both ends begin anew."""
    asked = read(forms.Renewed, call.request)
    ends.renew(_end(call, asked), round=asked["round"], now=call.now)
    return _done()


@widget_call("POST")
def say(call: Call) -> HttpResponse:
    """Something for the agent's page."""
    asked = read(forms.Signalled, call.request)
    _count(call)
    ends.say(_end(call, asked), round=asked["round"], kind=asked["kind"], body=asked["body"], now=call.now)
    return _done()


@widget_call("GET")
def signals(call: Call) -> HttpResponse:
    """What the agent's page has said."""
    asked = forms.Asked(call.request.GET)
    _count(call)
    if not asked.is_valid():
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    end = services.end_of(call.visitor(), call.ways(), call_id=asked.cleaned_data["call"], device="")
    return JsonResponse({"signals": ends.heard(end, after=asked.cleaned_data["after"])})


@widget_call("POST")
def heard(call: Call) -> HttpResponse:
    """The agent is heard."""
    asked = read(forms.Heard, call.request)
    end = _end(call, asked)
    calls.sound_heard(call_id=end.call_id, leg_number=asked["leg"], at_side=Side.CUSTOMER, now=call.now)
    return _done()


@widget_call("POST")
def quality(call: Call) -> HttpResponse:
    """How the agent sounded over the last seconds."""
    asked = read(forms.Measured, call.request)
    _count(call)
    end = _end(call, asked)
    measure = Measure(asked["loss"], asked["jitter_ms"], asked["round_trip_ms"], asked["buffer_ms"])
    calls.record_quality(
        call_id=end.call_id, leg_number=asked["leg"], at_side=Side.CUSTOMER, measure=measure, now=call.now
    )
    return _done()


@widget_call("POST")
def recording(call: Call) -> HttpResponse:
    """The visitor was told that the call is recorded, refuses that, or has a field for a card under their hands."""
    asked = read(forms.AboutRecording, call.request)
    _count(call)
    end = _end(call, asked)
    match asked["said"]:
        case "told":
            calls.customer_told(call_id=end.call_id, now=call.now)
        case "refused":
            calls.refuse_recording(call_id=end.call_id, now=call.now)
        case card:
            calls.pause_recording(call_id=end.call_id, why=Pause.PAGE_CARD, on=card == "card", now=call.now)
    return _done()


@widget_call("POST")
def hang_up(call: Call) -> HttpResponse:
    """The visitor hangs up, on an agent or on whom they were left with."""
    end = _end(call, read(forms.OfPage, call.request))
    if not calls.end_call(call_id=end.call_id, by=CallRow.EndedBy.CUSTOMER, now=call.now):
        passed_on.end(call_id=end.call_id, now=call.now)
    return JsonResponse(services.shown(call.visitor(), call.ways(), now=call.now))


@widget_call("POST")
def by_chat(call: Call) -> HttpResponse:
    """The visitor would rather write than wait."""
    visitor, ways = call.visitor(), call.ways()
    end = _end(call, read(forms.OfPage, call.request))
    customer = CustomerFacts(language=call.language)
    services.go_on_by_chat(visitor=visitor, ways=ways, end=end, customer=customer, now=call.now)
    return JsonResponse(services.shown(visitor, ways, now=call.now))


def _end(call: Call, asked: dict[str, Any]) -> End:
    return services.end_of(call.visitor(), call.ways(), call_id=asked["call"], device=asked["device"])


def _count(call: Call) -> None:
    call.count_lightly(SIGNS, call.visitor().thread_key)


def _done() -> HttpResponse:
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
