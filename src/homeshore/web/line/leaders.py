"""For those who lead: how the lines of the agents' homes were at their last check, and what each queue asks of one."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from homeshore.brands import queries as brands
from homeshore.channels.voice import queries, services
from homeshore.channels.voice.models import LineCheck
from homeshore.channels.voice.quality.line_check import Bar, Connection, Figures, Headset, meets
from homeshore.channels.voice.services.line_checks import bars_by_agent, bars_of, figures_of
from homeshore.foundation import clock
from homeshore.foundation.tenancy import membership
from homeshore.people import queries as people
from homeshore.people.queries import AgentFacts
from homeshore.web.floor.views import for_leaders

CONNECTIONS = {
    Connection.WIRED: gettext_lazy("cable"),
    Connection.WIFI: gettext_lazy("Wi-Fi"),
    Connection.MOBILE: gettext_lazy("mobile network"),
}
HEADSETS = {
    Headset.WIRED: gettext_lazy("wired headset"),
    Headset.BLUETOOTH: gettext_lazy("Bluetooth headset"),
    Headset.NONE: gettext_lazy("no headset"),
}


class BarForm(forms.Form):
    """What the calls of a queue ask of a line at home."""

    mos = forms.FloatField(label=gettext_lazy("Sound, out of 5"), min_value=1, max_value=4.4, localize=True)
    kbps = forms.IntegerField(label=gettext_lazy("Throughput each way, kbit/s"), min_value=0, max_value=1_000_000)
    headset = forms.BooleanField(label=gettext_lazy("A headset is needed"), required=False)
    wire = forms.BooleanField(label=gettext_lazy("A cable is needed"), required=False)


@dataclass(frozen=True, slots=True)
class Row:
    """An agent with their last check, whether it meets the bar of each of their queues, and why their line rests."""

    agent: AgentFacts
    check: LineCheck | None
    figures: Figures | None
    met: list[bool | None]
    weak: dict[str, Any] | None

    @property
    def below(self) -> bool:
        """Whether the line falls below the bar of one of the agent's queues."""
        return False in self.met

    @property
    def connection(self) -> str:
        """How the computer was connected, in words; "" when nobody said."""
        said = self.figures.connection if self.figures else None
        return str(CONNECTIONS[said]) if said else ""

    @property
    def headset(self) -> str:
        """What the agent wore, in words."""
        said = self.figures.headset if self.figures else None
        return str(HEADSETS[said]) if said else ""

    @property
    def weak_mos(self) -> float | None:
        """What the sound had come to when the line was put to rest."""
        return self.weak["mos"] if self.weak else None

    @property
    def weak_since(self) -> datetime | None:
        """Since when no call is offered."""
        return datetime.fromisoformat(self.weak["since"]) if self.weak else None

    def urgency(self) -> tuple[bool, float, str]:
        """Who rests first, then the worst sound, then who was never checked."""
        return (self.weak is None, (self.check.mos if self.check else None) or 5.0, self.agent.name)


@require_GET
@for_leaders
def lines(request: HttpRequest) -> HttpResponse:
    """Each agent's last check and whether their line rests; each voice queue's bar."""
    return _page(request)


@require_POST
@for_leaders
def bar(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Set what a queue asks."""
    form = BarForm(request.POST, auto_id=f"bar-{queue_id}-%s")
    if not form.is_valid():
        return _page(request, wrong={queue_id: form}, status=422)
    mine = membership(request)
    services.set_line_bar(
        operator_id=mine.operator_id, queue_id=queue_id, bar=Bar(**form.cleaned_data), by=mine.user, now=clock.now()
    )
    messages.success(request, _("The bar holds from now on."))
    return redirect("lines")


def _page(request: HttpRequest, *, wrong: dict[int, BarForm] | None = None, status: int = 200) -> HttpResponse:
    operator = membership(request).operator
    queues = [queue for queue in brands.queues_of_operator(operator.pk) if queue.channel == "voice" and queue.active]
    bars = bars_of(queue.id for queue in queues)
    latest, weak = queries.latest_line_checks(operator.pk), queries.weak_lines(operator.pk)
    bars_asked = bars_by_agent(operator.pk)
    rows: list[Row] = []
    for agent in people.agents_of_operator(operator.pk):
        asked = bars_asked.get(agent.id, {})
        if not agent.active or agent.simulated or not (asked or agent.id in latest):
            continue
        check = latest.get(agent.id)
        figures = figures_of(check) if check else None
        met = [meets(figures, bar) for bar in asked.values()] if figures else []
        rows.append(Row(agent, check, figures, met, weak.get(agent.id)))
    forms_of = {
        queue.id: BarForm(
            initial=asdict(bars[queue.id]),
            auto_id=f"bar-{queue.id}-%s",
        )
        for queue in queues
    } | (wrong or {})
    shown = {
        "rows": sorted(rows, key=Row.urgency),
        "queues": [(queue, forms_of[queue.id]) for queue in queues],
        "wrong": wrong or {},
        "zone": operator.time_zone,
    }
    return render(request, "line/lines.html", shown, status=status)
