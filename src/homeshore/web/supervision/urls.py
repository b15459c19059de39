"""Addresses of supervisors in calls."""

from django.urls import path

from homeshore.web.supervision import rules, views

urlpatterns = [
    path("floor/calls/<int:call>/come-in", views.come_in, name="call-come-in"),
    path("floor/companions/<int:companion>/part", views.take_part, name="companion-part"),
    path("floor/companions/<int:companion>/alive", views.alive, name="companion-alive"),
    path("floor/companions/<int:companion>/leave", views.leave, name="companion-leave"),
    path("floor/companions/<int:companion>/renew", views.renew, name="companion-renew"),
    path("floor/companions/<int:companion>/say", views.say, name="companion-say"),
    path("floor/companions/<int:companion>/signals", views.signals, name="companion-signals"),
    path("queues/<int:queue_id>/listening/", rules.set_listening, name="queue-listening"),
]
