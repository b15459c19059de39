"""The widget's addresses, under `/widget/v1/KEY/`. `docs/reference/widget.md` describes them."""

from http import HTTPStatus

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header

from homeshore.channels.chat import forms, queries, services, visitors
from homeshore.channels.chat.access import Call, a_minute, widget_call
from homeshore.channels.chat.files import accept
from homeshore.channels.chat.scripts import shared_script
from homeshore.contacts.queries import thread as threads
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation import limits
from homeshore.foundation.errors import NotFound
from homeshore.foundation.limits import Limit
from homeshore.foundation.tenancy import public

SCRIPT = "built/widget.js"
PER_ADDRESS = 240
"""Visits and messages a minute from one address: an office of many people, or a classroom, fits in."""
VISITS = a_minute("visits of an address", PER_ADDRESS)
MESSAGES_OF_ADDRESS = a_minute("messages of an address", PER_ADDRESS)
TYPING = a_minute("typing of a visitor", 40)
READS = a_minute("reads of a visitor", 120)
MAILS = a_minute("mails of a visitor", 4)


@public
def script(request: HttpRequest) -> HttpResponse:
    """The widget itself, at an address that is short to paste and never changes."""
    return shared_script(SCRIPT)


@widget_call("POST")
def visit(call: Call) -> HttpResponse:
    """A page was opened: what the widget shows, and the visitor's token, new or renewed."""
    call.count_lightly(VISITS, call.request.META["REMOTE_ADDR"])
    said = forms.read(forms.Visit, call.request)
    visitor = _known(call, said["token"]) or visitors.new_visitor(call.brand.brand_id)
    shown = queries.brand_shown(call.brand, call.ways(said["queue"]), language=call.language, now=call.now)
    thread = queries.thread_shown(visitor, now=call.now)
    return JsonResponse({**shown, "token": visitors.token_of(visitor, now=call.now), "thread": thread})


def _known(call: Call, token: str) -> visitors.Visitor | None:
    """The visitor of a token kept from an earlier visit; None when it has ended or is of another brand."""
    try:
        visitor = visitors.visitor_of(token, now=call.now)
    except BadSignature:
        return None
    return visitor if visitor.brand_id == call.brand.brand_id else None


@widget_call("GET")
def thread(call: Call) -> HttpResponse:
    """The visitor's conversation, and where to follow it; null before the first message."""
    visitor = call.visitor()
    call.count_lightly(READS, visitor.thread_key)
    return JsonResponse({"thread": queries.thread_shown(visitor, now=call.now)})


@widget_call("POST")
def messages(call: Call) -> HttpResponse:
    """The visitor says something; answers with the conversation as it then is."""
    visitor = call.visitor()
    _count_message(call, visitor)
    said = forms.read(forms.Said, call.request)
    files = accept(call.request.FILES.getlist("files"))
    _count_bytes(call, visitor, sum(len(file.content) for file in files))
    services.say(
        visitor=visitor,
        brand=call.brand,
        ways=call.ways(said["queue"]),
        body=said["body"],
        client_id=said["client_id"],
        customer=_customer(call, said["name"], said["email"], simulated=said["simulated"]),
        files=files,
        now=call.now,
    )
    shown = queries.thread_shown(visitor, now=call.now)
    return JsonResponse({"thread": shown}, status=HTTPStatus.CREATED)


@widget_call("POST")
def by_mail(call: Call) -> HttpResponse:
    """The visitor wants the answer by e-mail instead of waiting."""
    visitor = call.visitor()
    _count_message(call, visitor, (MAILS, visitor.thread_key))
    said = forms.read(forms.ByMail, call.request)
    services.ask_by_mail(
        visitor=visitor,
        brand=call.brand,
        ways=call.ways(said["queue"]),
        body=said["body"],
        client_id=said["client_id"],
        customer=_customer(call, said["name"], said["email"]),
        now=call.now,
    )
    return JsonResponse({"thread": queries.thread_shown(visitor, now=call.now)}, status=HTTPStatus.CREATED)


@widget_call("POST")
def typing(call: Call) -> HttpResponse:
    """The visitor is writing."""
    visitor = call.visitor()
    call.count_lightly(TYPING, visitor.thread_key)
    services.tell_typing(visitor=visitor)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@widget_call("POST")
def read(call: Call) -> HttpResponse:
    """The visitor has seen what was said."""
    visitor = call.visitor()
    call.count_lightly(READS, visitor.thread_key)
    services.mark_read(visitor=visitor, now=call.now)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@widget_call("POST")
def leave(call: Call) -> HttpResponse:
    """The visitor gives up waiting."""
    visitor = call.visitor()
    services.leave(visitor=visitor, now=call.now)
    return JsonResponse({"thread": queries.thread_shown(visitor, now=call.now)})


@widget_call("GET")
def file(call: Call, *, attachment_id: int) -> HttpResponse:
    """A file of the conversation: to be saved, never shown by the browser on our behalf."""
    known = queries.thread_of(call.visitor())
    kept = threads.file_for_customer(thread_id=known.id, attachment_id=attachment_id) if known else None
    if kept is None:
        raise NotFound
    response = HttpResponse(kept.content, content_type=kept.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=kept.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _count_message(call: Call, visitor: visitors.Visitor, *also: tuple[Limit, object]) -> None:
    call.count(
        (a_minute("messages of a visitor", settings.CHAT_MESSAGES_PER_MINUTE), visitor.thread_key),
        (a_minute("messages of a brand", settings.CHAT_BRAND_MESSAGES_PER_MINUTE), call.brand.brand_id),
        (MESSAGES_OF_ADDRESS, call.request.META["REMOTE_ADDR"]),
        *also,
    )


def _count_bytes(call: Call, visitor: visitors.Visitor, sent: int) -> None:
    """Files fill the disk long before they are too many messages. Raises TooMany."""
    an_hour = settings.CHAT_UPLOAD_BYTES_PER_HOUR
    if sent:
        limit = Limit("bytes of a visitor", burst=an_hour, per_minute=max(1, an_hour // 60))
        limits.take((limit, visitor.thread_key), amount=sent, now=call.now)


def _customer(call: Call, name: str, email: str, *, simulated: bool = False) -> CustomerFacts:
    return CustomerFacts(name=name, typed_email=email, language=call.language, simulated=simulated and settings.DEMO)
