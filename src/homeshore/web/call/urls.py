"""Addresses of calls for customers."""

from django.urls import path

from homeshore.web.call import views

urlpatterns = [
    path("widget-call.js", views.script, name="call-script"),
    path("call/<str:key>", views.page, name="call-page"),
    path("widget/v1/<str:key>/call", views.current, name="call"),
    path("widget/v1/<str:key>/call/place", views.place, name="call-place"),
    path("widget/v1/<str:key>/call/callback", views.ask_callback, name="call-callback"),
    path("widget/v1/<str:key>/call/callback/later", views.promise_callback, name="call-callback-later"),
    path("widget/v1/<str:key>/call/callback/cancel", views.cancel_callback, name="call-callback-cancel"),
    path("widget/v1/<str:key>/call/join", views.join, name="call-join"),
    path("widget/v1/<str:key>/call/alive", views.alive, name="call-alive"),
    path("widget/v1/<str:key>/call/leave", views.leave, name="call-leave"),
    path("widget/v1/<str:key>/call/renew", views.renew, name="call-renew"),
    path("widget/v1/<str:key>/call/say", views.say, name="call-say"),
    path("widget/v1/<str:key>/call/signals", views.signals, name="call-signals"),
    path("widget/v1/<str:key>/call/heard", views.heard, name="call-heard"),
    path("widget/v1/<str:key>/call/quality", views.quality, name="call-quality"),
    path("widget/v1/<str:key>/call/recording", views.recording, name="call-recording"),
    path("widget/v1/<str:key>/call/hang-up", views.hang_up, name="call-hang-up"),
    path("widget/v1/<str:key>/call/by-chat", views.by_chat, name="call-by-chat"),
]
