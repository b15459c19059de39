"""The widget's addresses; its script is at `/widget.js`."""

from django.urls import path

from homeshore.channels.chat import views

app_name = "widget"
urlpatterns = [
    path("widget.js", views.script, name="script"),
    path("widget/v1/<str:key>/visit", views.visit, name="visit"),
    path("widget/v1/<str:key>/thread", views.thread, name="thread"),
    path("widget/v1/<str:key>/messages", views.messages, name="messages"),
    path("widget/v1/<str:key>/by-mail", views.by_mail, name="by_mail"),
    path("widget/v1/<str:key>/typing", views.typing, name="typing"),
    path("widget/v1/<str:key>/read", views.read, name="read"),
    path("widget/v1/<str:key>/leave", views.leave, name="leave"),
    path("widget/v1/<str:key>/files/<int:attachment_id>", views.file, name="file"),
]
