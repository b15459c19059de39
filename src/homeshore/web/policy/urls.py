"""Addresses of queues, their rules, and the floors'."""

from django.urls import path

from homeshore.web.policy import floors, views, whatif

urlpatterns = [
    path("queues/", views.queues, name="queues"),
    path("queues/new/", views.new, name="queue-new"),
    path("queues/what-if/", whatif.page, name="what-if"),
    path("queues/what-if/ask/", whatif.ask, name="what-if-ask"),
    path("queues/studies/<int:study_id>/", whatif.study, name="study"),
    path("queues/<int:queue_id>/preview/", whatif.preview, name="queue-preview"),
    path("queues/<int:queue_id>/", views.queue, name="queue"),
    path("queues/<int:queue_id>/edit/", views.edit, name="queue-edit"),
    path("queues/<int:queue_id>/words/", views.words_of, name="queue-words"),
    path("queues/<int:queue_id>/versions/<int:number>/withdraw/", views.withdraw, name="queue-withdraw"),
    path("queues/<int:queue_id>/close/", views.close, name="queue-close"),
    path("queues/<int:queue_id>/reopen/", views.reopen, name="queue-reopen"),
    path("queues/floors/<int:floor>/", floors.floor_policy, name="floor-policy"),
    path("queues/floors/<int:floor>/save/", floors.save_floor_policy, name="floor-policy-save"),
    path(
        "queues/floors/<int:floor>/versions/<int:number>/withdraw/",
        floors.withdraw_floor_policy,
        name="floor-policy-withdraw",
    ),
]
