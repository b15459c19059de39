"""Addresses for programs."""

from django.urls import path

from homeshore.api import health
from homeshore.api.v1 import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
]
