"""Addresses of the desk."""

from django.urls import path

from homeshore.web.desk import lists, views, why

urlpatterns = [
    path("", views.page, name="desk"),
    path("snapshot", views.snapshot, name="desk-snapshot"),
    path("colleagues", views.colleagues, name="desk-colleagues"),
    path("presence", views.presence, name="desk-presence"),
    path("lease", views.lease, name="desk-lease"),
    path("offers/<str:offer>/accept", views.accept, name="desk-accept"),
    path("offers/<str:offer>/decline", views.decline, name="desk-decline"),
    path("offers/<str:offer>/contest", views.contest, name="desk-contest"),
    path("contacts/<int:contact>", views.work, name="desk-work"),
    path("contacts/<int:contact>/messages", views.message, name="desk-message"),
    path("contacts/<int:contact>/notes", views.note, name="desk-note"),
    path("contacts/<int:contact>/typing", views.typing, name="desk-typing"),
    path("contacts/<int:contact>/read", views.read, name="desk-read"),
    path("contacts/<int:contact>/confirm-address", views.confirm_address, name="desk-confirm-address"),
    path("contacts/<int:contact>/transfer", views.transfer, name="desk-transfer"),
    path("contacts/<int:contact>/close", views.close, name="desk-close"),
    path("contacts/<int:contact>/not-reached", views.not_reached, name="desk-not-reached"),
    path("contacts/<int:contact>/wrap-up/end", views.end_wrap_up, name="desk-end-wrap-up"),
    path("lists/next", lists.next_person, name="desk-list-next"),
    path("lists/<int:entry>/keep", lists.keep, name="desk-list-keep"),
    path("lists/<int:entry>/put-back", lists.put_back, name="desk-list-put-back"),
    path("lists/<int:entry>/skip", lists.skip, name="desk-list-skip"),
    path("lists/<int:entry>/call", lists.call, name="desk-list-call"),
    path("lists/contacts/<int:contact>", lists.of_contact, name="desk-list-of-contact"),
    path("why", why.nothing_comes, name="desk-why"),
    path("why/offers/<str:offer>", why.not_me, name="desk-why-not-me"),
    path("attachments/<int:attachment>", views.attachment, name="desk-attachment"),
]
