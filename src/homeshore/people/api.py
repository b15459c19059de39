"""Agents, for programs."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router

from homeshore.api.auth import RoleAuth
from homeshore.foundation.models import Role
from homeshore.people import queries

router = Router(tags=["agents"])


@router.get("/agents", auth=RoleAuth(Role.OPERATOR_ADMIN, Role.SUPERVISOR, Role.PLANNER), response=list[dict[str, Any]])
def list_agents(request: HttpRequest) -> Any:
    """All agents of the operator, their skills (id: level) and how many contacts they take at once by channel."""
    operator_id = request.auth.operator_id  # type: ignore[attr-defined]
    return [asdict(agent) for agent in queries.agents_of_operator(operator_id)]
