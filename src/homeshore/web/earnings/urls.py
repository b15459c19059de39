"""Addresses of an agent's earnings."""

from django.urls import path

from homeshore.web.earnings import views

urlpatterns = [
    path("", views.page, name="earnings"),
    path("lines.csv", views.as_csv, name="earnings-csv"),
    path("acts/<int:act>/contest", views.contest, name="earnings-contest"),
    path("rates/", views.rates, name="earnings-rates"),
]
