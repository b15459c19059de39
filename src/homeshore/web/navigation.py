"""Which sections each role sees in the top bar and in the phone's tabs, in this order."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeshore.foundation.models import Role


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the house with its own entry: the name of its address, its word, its icon, who may open it."""

    url_name: str
    label: Promise
    icon: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Entry:
    """A section as shown to one person."""

    href: str
    label: str
    icon: str
    current: bool


LEADERS = frozenset({Role.SUPERVISOR, Role.OPERATOR_ADMIN})
PLANNERS = frozenset({Role.PLANNER, Role.OPERATOR_ADMIN})

SECTIONS = [
    Section("desk", _("Desk"), "chat", frozenset({Role.AGENT})),
    Section("floor", _("Floor"), "gauge", LEADERS),
    Section("outbound", _("Calls out"), "voice", frozenset({Role.AGENT, Role.SUPERVISOR})),
    Section("queues", _("Queues"), "flow", LEADERS),
    Section("earnings", _("Earnings"), "euro", frozenset({Role.AGENT})),
    Section("planning", _("Planning"), "calendar", PLANNERS),
    Section("mail", _("Mail"), "mail", LEADERS),
    Section("brands", _("Brands"), "book", frozenset({Role.OPERATOR_ADMIN})),
    Section("people", _("People"), "users", frozenset({Role.OPERATOR_ADMIN})),
    Section("brand-service", _("Service"), "gauge", frozenset({Role.BRAND_USER})),
]


def entries(request: HttpRequest) -> list[Entry]:
    """The sections of the person behind a request; none before they sign in."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return []
    return [
        Entry(href := reverse(each.url_name), str(each.label), each.icon, request.path.startswith(href))
        for each in SECTIONS
        if membership.role in each.roles
    ]


def home_of(role: str) -> str | None:
    """The name of the first section that a role may open, or None when it has none."""
    return next((each.url_name for each in SECTIONS if role in each.roles), None)
