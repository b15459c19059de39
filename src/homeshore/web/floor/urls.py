"""Addresses of the floor."""

from django.urls import path

from homeshore.web.floor import contests, views, why

urlpatterns = [
    path("", views.page, name="floor"),
    path("snapshot", views.snapshot, name="floor-snapshot"),
    path("contacts/<int:contact>/take", views.take, name="floor-take"),
    path("contacts/<int:contact>/assign", views.assign, name="floor-assign"),
    path("contacts/<int:contact>/requeue", views.requeue, name="floor-requeue"),
    path("contacts/<int:contact>/cancel-callback", views.cancel_callback, name="floor-cancel-callback"),
    path("agents/<int:agent>/day", views.agent_day, name="floor-agent-day"),
    path("contacts/<int:contact>/why", why.contact_waits, name="floor-why-contact"),
    path("agents/<int:agent>/why", why.agent_gets_nothing, name="floor-why-agent"),
    path("agents/<int:agent>/why/offers/<str:offer>", why.not_this_agent, name="floor-why-not"),
    path("simulation", views.simulation, name="floor-simulation"),
    path("contests/", contests.page, name="floor-contests"),
    path("contests/choices/<int:contested>/answer", contests.answer_choice, name="floor-choice-answer"),
    path("contests/<int:contest>/answer", contests.answer, name="floor-contest-answer"),
]
