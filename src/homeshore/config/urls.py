"""The map of addresses."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("homeshore.web.urls")),
    path("accounts/", include("allauth.urls")),
]
