"""Addresses of recorded calls, and of what callers were told."""

from django.urls import path

from homeshore.web.recordings import views

urlpatterns = [
    path("recordings/", views.recordings, name="recordings"),
    path("recordings/contacts/<int:contact>/", views.of_contact, name="recordings-of-contact"),
    path("recordings/takes/<int:take>/sound", views.sound, name="recording-sound"),
    path("told/", views.told, name="told-calls"),
    path("queues/<int:queue_id>/recording/", views.set_share, name="queue-recording"),
]
