"""The desk: one page, and what it asks and does. Rules are in the contexts' services; here requests become calls."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from homeshore.contacts import services
from homeshore.contacts.queries import desk, shapes
from homeshore.contacts.services import NewAttachment
from homeshore.foundation import clock, feed
from homeshore.foundation.errors import Invalid, NotFound, TooLarge
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership
from homeshore.foundation.transactions import write
from homeshore.people import queries as people
from homeshore.people.queries import AgentFacts
from homeshore.web.asked import fields_of, number, text, words
from homeshore.web.desk import callbacks
from homeshore.web.desk.snapshot import desk_snapshot
from homeshore.web.senses import may_listen

AgentView = Callable[..., HttpResponseBase]


class NotAnAgent(NotFound):
    """The person has the role, but no agent's file."""

    code = "not_an_agent"
    message = _("Your account is not linked to an agent yet. Ask your operator to do it.")


def for_agents(view: AgentView) -> AgentView:
    """A view for agents, handed the agent that the person is for this operator."""

    @wraps(view)
    def with_agent(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        membership = request.membership  # type: ignore[attr-defined]
        agent = people.agent_of_user(user_id=membership.user_id, operator_id=membership.operator_id)
        if agent is None:
            raise NotAnAgent
        return view(request, agent, *args, **kwargs)

    return for_roles(Role.AGENT, Role.SUPERVISOR)(with_agent)


@may_listen
@require_GET
@ensure_csrf_cookie
@for_agents
def page(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """The page in which the desk's island draws itself."""
    return render(request, "desk/desk.html", {"max_upload": settings.MAX_UPLOAD_BYTES})


@require_GET
@for_agents
def snapshot(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """The whole desk as of now."""
    operator = request.membership.operator  # type: ignore[attr-defined]
    return JsonResponse(desk_snapshot(agent, operator, now=clock.now()))


@require_GET
@for_agents
def colleagues(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """Who else is there now, to hand a contact to: asked for when somebody is chosen, since it is not pushed to desks."""
    there = desk.colleagues_present(operator_id=agent.operator_id, but=agent.id)
    return JsonResponse({"colleagues": there})


@require_POST
@for_agents
def presence(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """Choose ready, a break or offline."""
    asked = fields_of(request)
    try:
        changed = services.set_presence(
            agent_id=agent.id, state=words(asked, "state"), reason=words(asked, "reason"), now=clock.now()
        )
    except ValueError as error:
        raise Invalid(fields={"state": str(error)}) from error
    return JsonResponse({"presence": shapes.presence(changed)})


@require_POST
@for_agents
def lease(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """A sign of life."""
    renewed = services.renew_lease(agent_id=agent.id, now=clock.now())
    return JsonResponse({"lease_until": shapes.moment(renewed.lease_until), "presence": shapes.presence(renewed)})


@require_POST
@for_agents
def accept(request: HttpRequest, agent: AgentFacts, offer: str) -> HttpResponse:
    """Take the contact that is offered; answers the work. Who is to be called back on a number is called at once; `not_called` says
    why not, where a rule or anything else stands against it.
    """
    now = clock.now()
    assignment = services.accept_offer(agent_id=agent.id, offer_id=offer, now=now)
    not_called = callbacks.ring(agent, assignment.contact_id, by=membership(request).user, now=now)
    return JsonResponse({"work": desk.work_on(agent.id, assignment.contact_id), "not_called": not_called})


@require_POST
@for_agents
def decline(request: HttpRequest, agent: AgentFacts, offer: str) -> HttpResponse:
    """Let the contact go to somebody else."""
    services.decline_offer(agent_id=agent.id, offer_id=offer, why=words(fields_of(request), "why"), now=clock.now())
    return JsonResponse({})


@require_POST
@for_agents
def contest(request: HttpRequest, agent: AgentFacts, offer: str) -> HttpResponse:
    """Say what was wrong with an offer."""
    services.contest_offer(agent_id=agent.id, offer_id=offer, text=text(fields_of(request), "text"), now=clock.now())
    return JsonResponse({})


@require_GET
@for_agents
def work(request: HttpRequest, agent: AgentFacts, contact: int) -> HttpResponse:
    """One contact in hand."""
    found = desk.work_on(agent.id, contact)
    if found is None:
        raise NotFound
    return JsonResponse(found)


@require_POST
@for_agents
def message(request: HttpRequest, agent: AgentFacts, contact: int) -> HttpResponse:
    """Answer the customer; files come as `files` of a multipart form."""
    asked = fields_of(request)
    sent = services.send_message(
        agent_id=agent.id,
        contact_id=contact,
        body=words(asked, "body"),
        client_id=text(asked, "client_id", longest=80),
        attachments=_files(request),
        now=clock.now(),
    )
    return JsonResponse(shapes.message(sent))


@require_POST
@for_agents
def note(request: HttpRequest, agent: AgentFacts, contact: int) -> HttpResponse:
    """Write a note beside the thread."""
    asked = fields_of(request)
    try:
        written = services.write_note(
            author=request.user,  # type: ignore[arg-type]
            agent_id=agent.id,
            contact_id=contact,
            body=words(asked, "body"),
            audience=words(asked, "audience", otherwise="operator"),
            client_id=text(asked, "client_id", longest=80),
            now=clock.now(),
        )
    except ValueError as error:
        raise Invalid(fields={"audience": str(error)}) from error
    return JsonResponse(shapes.message(written))


@require_POST
@for_agents
def typing(request: HttpRequest, agent: AgentFacts, contact: int) -> HttpResponse:
    """Tell the customer, if they look, that an answer is being written."""
    feed.whisper(
        operator_id=agent.operator_id,
        topics=[f"thread:{_conversation_in_hand(agent, contact)}"],
        kind="typing",
        payload={"who": agent.first_name},
    )
    return JsonResponse({})


@require_POST
@for_agents
def read(request: HttpRequest, agent: AgentFacts, contact: int) -> HttpResponse:
    """Everything the customer said so far has been read."""
    services.mark_read(conversation_id=_conversation_in_hand(agent, contact), by="agent", now=clock.now())
    return JsonResponse({})


@require_POST
@for_agents
def confirm_address(request: HttpRequest, agent: AgentFacts, contact: int) -> HttpResponse:
    """Vouch that the address typed is the customer's own; answers the work, with the history that is now theirs."""
    services.confirm_address(agent_id=agent.id, contact_id=contact, by=request.user, now=clock.now())  # type: ignore[arg-type]
    return JsonResponse({"work": desk.work_on(agent.id, contact)})


@require_POST
@for_agents
def transfer(request: HttpRequest, agent: AgentFacts, contact: int) -> HttpResponse:
    """Hand the contact to a queue or a colleague."""
    asked = fields_of(request)
    services.transfer_contact(
        agent_id=agent.id,
        contact_id=contact,
        to_queue_id=number(asked, "queue"),
        to_agent_id=number(asked, "agent"),
        note=words(asked, "note"),
        now=clock.now(),
    )
    return JsonResponse({})


@require_POST
@for_agents
def close(request: HttpRequest, agent: AgentFacts, contact: int) -> HttpResponse:
    """Say how the contact ended, and promise to call back where `call_back` says when (`at`), on what `number`, and `with_me`.

    Both happen or neither: a moment that cannot be kept leaves the contact open.
    """
    asked, now = fields_of(request), clock.now()
    with write():
        if asked.get("call_back"):
            callbacks.promise(agent, contact, asked["call_back"], now=now)
        closed = services.close_contact(
            agent_id=agent.id,
            contact_id=contact,
            disposition_id=number(asked, "disposition"),
            wrap_up=bool(asked.get("wrap_up", True)),
            now=now,
        )
    return JsonResponse({"assignment": shapes.assignment(closed)})


@require_POST
@for_agents
def not_reached(request: HttpRequest, agent: AgentFacts, contact: int) -> HttpResponse:
    """Nobody answered the callback; `again_at` is when it will be tried again, null when that was the last time."""
    again_at = services.customer_not_reached(agent_id=agent.id, contact_id=contact, now=clock.now())
    return JsonResponse({"again_at": shapes.moment(again_at)})


@require_POST
@for_agents
def end_wrap_up(request: HttpRequest, agent: AgentFacts, contact: int) -> HttpResponse:
    """Wrap-up is done; the agent is free. Said twice, or after its time is over, it changes nothing."""
    assignment_id = desk.last_assignment(agent.id, contact)
    if assignment_id is None:
        raise NotFound
    services.end_wrap_up(agent_id=agent.id, assignment_id=assignment_id, now=clock.now())
    return JsonResponse({})


@require_GET
@for_agents
def attachment(request: HttpRequest, agent: AgentFacts, attachment: int) -> FileResponse:
    """A file of a conversation: only ever a download, never opened in the page."""
    found = desk.attachment_for_agent(agent_id=agent.id, attachment_id=attachment)
    if found is None:
        raise NotFound
    response = FileResponse(
        found.file.open(), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _conversation_in_hand(agent: AgentFacts, contact: int) -> int:
    conversation = desk.conversation_in_hand(agent.id, contact)
    if conversation is None:
        raise NotFound
    return conversation


def _files(request: HttpRequest) -> list[NewAttachment]:
    files = request.FILES.getlist("files")
    if any((file.size or 0) > settings.MAX_UPLOAD_BYTES for file in files):
        raise TooLarge(_("A file may have at most %(mb)d MB."), mb=settings.MAX_UPLOAD_BYTES // 1_048_576)
    return [
        NewAttachment(name=file.name or "file", content_type=file.content_type or "", content=file.read())
        for file in files
    ]
