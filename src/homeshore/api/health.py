"""Whether this process lives, and whether it can do its work: for those who watch over it."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from homeshore.foundation.tenancy import public


@public
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


@public
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration; 503 and why when not."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "not ready", "why": "database"}, status=503)
    if missing:
        return JsonResponse({"status": "not ready", "why": "migrations"}, status=503)
    return JsonResponse({"status": "ready"})
