"""The agent's end of calls: what the softphone in the desk asks and tells. Rules are in `channels.voice.services`."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from homeshore.channels.voice import queries, services
from homeshore.channels.voice.drivers import that_places_calls
from homeshore.channels.voice.embedded import ends
from homeshore.channels.voice.embedded.ends import End
from homeshore.channels.voice.embedded.relays import ice_servers
from homeshore.channels.voice.models import Call, Side
from homeshore.channels.voice.quality.emodel import Measure
from homeshore.channels.voice.recordings.course import Pause
from homeshore.channels.voice.refusals import NoSuchCall
from homeshore.channels.voice.services.recordings import PIECE_BYTES
from homeshore.foundation import clock
from homeshore.foundation.errors import Invalid, TooLarge
from homeshore.people.queries import AgentFacts
from homeshore.web.asked import fields_of, number, text
from homeshore.web.desk.views import for_agents
from homeshore.web.softphone.signals import signal_of


@require_GET
@for_agents
def calls(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """The agent's calls, and what their page needs to carry one."""
    return JsonResponse(_shown(agent))


@require_POST
@for_agents
def rang(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """The phone rings in this page."""
    _own(agent, call)
    services.phone_rang(call_id=call, agent_id=agent.id, now=clock.now())
    return JsonResponse({})


@require_POST
@for_agents
def join(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """This page carries the agent's end from now on; answers the call and what the customer's page has said."""
    asked = fields_of(request)
    now = clock.now()
    end = _end(agent, call, asked)
    _had(agent, call)
    services.follow(call_id=call, now=now)
    ends.join(end, take_over=bool(asked.get("take_over")), now=now)
    services.renew_all(call_id=call, now=now)
    return JsonResponse({**_shown(agent), "signals": ends.heard(end, after=0)})


@require_POST
@for_agents
def alive(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """The page lives; `false` says that it no longer carries the call."""
    _had(agent, call)
    return JsonResponse({"carries": ends.give_sign(_end(agent, call, fields_of(request)), now=clock.now())})


@require_POST
@for_agents
def leave(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """The page is going away, or is being loaded again."""
    _had(agent, call)
    ends.leave(_end(agent, call, fields_of(request)), now=clock.now())
    return JsonResponse({})


@require_POST
@for_agents
def renew(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """The line cannot be repaired: both ends begin anew."""
    asked = fields_of(request)
    ends.renew(_end(agent, call, asked), round=_round(asked), now=clock.now())
    return JsonResponse({})


@require_POST
@for_agents
def say(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """Something for the customer's page."""
    told = signal_of(request)
    ends.say(_end(agent, call, fields_of(request)), now=clock.now(), **told)
    return JsonResponse({})


@require_GET
@for_agents
def signals(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """What the customer's page has said."""
    after = number(request.GET.dict(), "after") or 0
    return JsonResponse({"signals": ends.heard(End(call, Side.AGENT, "", agent_id=agent.id), after=after)})


@require_POST
@for_agents
def heard(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """The customer is heard."""
    leg = number(fields_of(request), "leg", needed=True) or 0
    _own(agent, call)
    services.sound_heard(call_id=call, leg_number=leg, at_side=Side.AGENT, now=clock.now())
    return JsonResponse({})


@require_POST
@for_agents
def quality(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """How the customer sounded over the last seconds; answers the mean opinion score, null when the call is over."""
    asked = fields_of(request)
    _had(agent, call)
    score = services.record_quality(
        call_id=call,
        leg_number=number(asked, "leg", needed=True) or 0,
        at_side=Side.AGENT,
        measure=Measure(
            loss=min(1.0, _figure(asked, "loss")),
            jitter_ms=_figure(asked, "jitter_ms"),
            round_trip_ms=_figure(asked, "round_trip_ms"),
            buffer_ms=_figure(asked, "buffer_ms") if asked.get("buffer_ms") is not None else None,
        ),
        now=clock.now(),
    )
    return JsonResponse({"mos": score})


@require_POST
@for_agents
def hold(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """Put the customer on hold, or take them back."""
    services.hold(call_id=call, agent_id=agent.id, on=bool(fields_of(request).get("on")), now=clock.now())
    return JsonResponse({})


@require_POST
@for_agents
def hand(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """Ask the supervisors for help, or need none any more."""
    services.raise_hand(call_id=call, agent_id=agent.id, on=bool(fields_of(request).get("on")), now=clock.now())
    return JsonResponse({})


@require_POST
@for_agents
def pause_recording(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """Interrupt the recording, or let it go on: because the agent wants it, or a field for a card has the focus."""
    asked = fields_of(request)
    _own(agent, call)
    why = text(asked, "why")
    if why not in (Pause.AGENT, Pause.DESK_CARD):
        raise Invalid(fields={"why": f"{Pause.AGENT}, {Pause.DESK_CARD}"})
    services.pause_recording(call_id=call, why=Pause(why), on=bool(asked.get("on")), now=clock.now())
    return JsonResponse({})


@require_POST
@for_agents
def begin_take(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """This page begins to record; answers the number under which it sends its pieces."""
    media_type = text(fields_of(request), "media_type")
    take = services.begin_take(call_id=call, agent_id=agent.id, media_type=media_type, now=clock.now())
    return JsonResponse({"take": take.number})


@require_POST
@for_agents
def keep_piece(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """Some seconds of sound: the file `sound` of a multipart form, with `take` and `number`."""
    _had(agent, call)
    asked = fields_of(request)
    sound = request.FILES.get("sound")
    if sound is None:
        raise Invalid(fields={"sound": _("This field is needed.")})
    if (sound.size or 0) > PIECE_BYTES:
        raise TooLarge
    services.keep_piece(
        call_id=call,
        take_number=number(asked, "take", needed=True) or 0,
        agent_id=agent.id,
        number=number(asked, "number", needed=True) or 0,
        sound=sound.read(),
        now=clock.now(),
    )
    return JsonResponse({})


@require_POST
@for_agents
def hang_up(request: HttpRequest, agent: AgentFacts, call: int) -> HttpResponse:
    """End the call; the contact stays with the agent until they say how it ended."""
    _own(agent, call)
    services.end_call(call_id=call, by=Call.EndedBy.AGENT, now=clock.now())
    return JsonResponse({})


def _shown(agent: AgentFacts) -> dict[str, Any]:
    ice = ice_servers(whose=f"agent-{agent.id}", now=clock.now())
    return {
        "calls": queries.calls_of_agent(agent.id),
        "consultation": queries.consultation_of(agent.user_id),
        "ice": ice,
        "line": queries.weak_line_of(agent.id),
        "places": that_places_calls() is not None,
    }


def _own(agent: AgentFacts, call: int) -> None:
    if not queries.is_with(call_id=call, agent_id=agent.id):
        raise NoSuchCall


def _had(agent: AgentFacts, call: int) -> None:
    if not queries.had_part(call_id=call, agent_id=agent.id):
        raise NoSuchCall


def _end(agent: AgentFacts, call: int, asked: dict[str, Any]) -> End:
    return End(call, Side.AGENT, text(asked, "device", longest=40), agent_id=agent.id)


def _figure(asked: dict[str, Any], name: str) -> float:
    value = asked.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 60_000:
        raise Invalid(fields={name: _("A number is needed here.")})
    return float(value)


def _round(asked: dict[str, Any]) -> int:
    return number(asked, "round", needed=True) or 0
