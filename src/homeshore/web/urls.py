"""Addresses of the screens."""

from django.urls import include, path

from homeshore.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("nowhere/", views.nowhere, name="nowhere"),
    path("mail/", include("homeshore.web.mail.urls")),
    path("language/", views.choose_language, name="choose-language"),
]
