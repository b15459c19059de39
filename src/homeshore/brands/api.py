"""Queues, for programs."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router

from homeshore.api.auth import RoleAuth, brands_of
from homeshore.brands import queries
from homeshore.foundation.models import Role

router = Router(tags=["queues"])


LEADERS = RoleAuth(Role.OPERATOR_ADMIN, Role.SUPERVISOR, Role.PLANNER, by_brand=True)


@router.get("/queues", auth=LEADERS, response=list[dict[str, Any]])
def list_queues(request: HttpRequest) -> Any:
    """All queues of the operator, or of the token's brands: channel, service level, limits, and the skills they need (id: least level)."""
    operator_id = request.auth.operator_id  # type: ignore[attr-defined]
    brands = brands_of(request)
    ours = queries.queues_of_operator(operator_id)
    return [asdict(queue) for queue in ours if not brands or queue.brand_id in brands]
