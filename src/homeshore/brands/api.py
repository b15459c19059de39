"""Queues, for programs."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router

from homeshore.api.auth import RoleAuth
from homeshore.brands import queries
from homeshore.foundation.models import Role

router = Router(tags=["queues"])


@router.get("/queues", auth=RoleAuth(Role.OPERATOR_ADMIN, Role.SUPERVISOR, Role.PLANNER), response=list[dict[str, Any]])
def list_queues(request: HttpRequest) -> Any:
    """All queues of the operator: channel, service level, limits, and the skills they need (id: least level)."""
    operator_id = request.auth.operator_id  # type: ignore[attr-defined]
    return [asdict(queue) for queue in queries.queues_of_operator(operator_id)]
