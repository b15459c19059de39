"""Addresses of supervisors in calls."""

from django.urls import path

from homeshore.web.supervision import rules, views

urlpatterns = [
    path("floor/calls/<int:call>/come-in", views.come_in, name="call-come-in"),
    path("floor/companions/<int:companion>/come-back", views.come_back, name="companion-come-back"),
    path("floor/companions/<int:companion>/part", views.take_part, name="companion-part"),
    path("queues/<int:queue_id>/listening/", rules.set_listening, name="queue-listening"),
]
