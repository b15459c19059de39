"""Addresses of the floor."""

from django.urls import path

from homeshore.web.floor import contests, views

urlpatterns = [
    path("", views.page, name="floor"),
    path("snapshot", views.snapshot, name="floor-snapshot"),
    path("contacts/<int:contact>/take", views.take, name="floor-take"),
    path("contacts/<int:contact>/assign", views.assign, name="floor-assign"),
    path("contacts/<int:contact>/requeue", views.requeue, name="floor-requeue"),
    path("agents/<int:agent>/day", views.agent_day, name="floor-agent-day"),
    path("simulation", views.simulation, name="floor-simulation"),
    path("contests/", contests.page, name="floor-contests"),
    path("contests/<int:contest>/answer", contests.answer, name="floor-contest-answer"),
]
