"""Addresses of the line check: the agent's page and what it measures by, and the leaders' list."""

from django.urls import path

from homeshore.web.line import leaders, views

urlpatterns = [
    path("", views.page, name="line"),
    path("begin", views.begin, name="line-begin"),
    path("ping", views.ping, name="line-ping"),
    path("data", views.data, name="line-data"),
    path("checks", views.checks, name="line-checks"),
    path("home/", leaders.lines, name="lines"),
    path("home/<int:queue_id>/bar/", leaders.bar, name="line-bar"),
]
