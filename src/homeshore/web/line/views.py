"""The line check at home: the page, what it measures by, and what it found. Rules are in `channels.voice.quality.line_check`."""

import base64
import os
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods

from homeshore.brands import queries as brands
from homeshore.channels.voice import queries, services
from homeshore.channels.voice.embedded.relays import ice_servers
from homeshore.channels.voice.models import LineCheck
from homeshore.channels.voice.services.line_checks import bars_of_agent
from homeshore.foundation import clock
from homeshore.foundation.errors import Invalid, TooLarge
from homeshore.foundation.limits import Limit, take
from homeshore.people.queries import AgentFacts
from homeshore.web.asked import fields_of
from homeshore.web.desk.views import for_agents
from homeshore.web.line.asked import figures_asked
from homeshore.web.line.words import shown
from homeshore.web.senses import may_listen

PIECE_BYTES = 500_000
"""How much one request of the throughput measure carries."""
SECONDS = {"whole": 60, "shift": 10}
"""Of sound through the relay, by kind of check."""
PIECES = Limit("line-data", burst=120, per_minute=60)
CHECKS = Limit("line-check", burst=20, per_minute=4)


@may_listen
@require_GET
@ensure_csrf_cookie
@for_agents
def page(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """The page in which the check draws itself."""
    return render(request, "line/line.html")


@require_GET
@never_cache
@for_agents
def begin(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """What a check needs: passes for the relay, none when there is none; and the checks before."""
    relays = [each for each in ice_servers(whose=f"check-{agent.id}", now=clock.now()) if "credential" in each]
    bars, names = bars_of_agent(agent.id), _queue_names(agent)
    before = [shown(each, bars, names) for each in queries.line_checks(agent.id)]
    return JsonResponse({"ice": relays, "piece": PIECE_BYTES, "seconds": SECONDS, "checks": before})


@require_GET
@never_cache
@for_agents
def ping(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """As little as an answer can be: its time is the latency."""
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
@never_cache
@for_agents
def data(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """A piece of noise, which nothing on the way can compress much; or one that the page sends, and that is forgotten."""
    take((PIECES, agent.id), now=clock.now())
    if request.method == "GET":
        return HttpResponse(base64.b64encode(os.urandom(PIECE_BYTES * 3 // 4)), content_type="application/octet-stream")
    if len(request.body) > PIECE_BYTES:
        raise TooLarge
    return JsonResponse({"bytes": len(request.body)})


@require_http_methods(["POST"])
@for_agents
def checks(request: HttpRequest, agent: AgentFacts) -> HttpResponse:
    """Keep a check; answers it in words."""
    asked = fields_of(request)
    now = clock.now()
    take((CHECKS, agent.id), now=now)
    kind, browser = asked.get("kind"), asked.get("browser", "")
    if kind not in LineCheck.Kind.values or not isinstance(browser, str):
        raise Invalid(fields={"kind": ", ".join(LineCheck.Kind.values)})
    check = services.record_line_check(
        agent_id=agent.id, kind=LineCheck.Kind(kind), figures=figures_asked(asked), browser=browser, now=now
    )
    told: dict[str, Any] = shown(check, bars_of_agent(agent.id), _queue_names(agent))
    return JsonResponse({"check": told})


def _queue_names(agent: AgentFacts) -> dict[int, str]:
    return {queue.id: queue.name for queue in brands.queues_of_operator(agent.operator_id)}
