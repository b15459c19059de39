"""Addresses of who is beside an agent in a call."""

from django.urls import path

from homeshore.web.companions import views

urlpatterns = [
    path("<int:companion>/say", views.say, name="companion-say"),
    path("<int:companion>/signals", views.signals, name="companion-signals"),
    path("<int:companion>/alive", views.alive, name="companion-alive"),
    path("<int:companion>/away", views.away, name="companion-away"),
    path("<int:companion>/leave", views.leave, name="companion-leave"),
    path("<int:companion>/renew", views.renew, name="companion-renew"),
]
