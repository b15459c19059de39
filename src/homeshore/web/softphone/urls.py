"""Addresses of the softphone."""

from django.urls import path

from homeshore.web.softphone import consultations, outgoing, views

urlpatterns = [
    path("", views.calls, name="softphone-calls"),
    path("out", outgoing.call, name="softphone-call-out"),
    path("back/<int:contact>", outgoing.call_back, name="softphone-call-back"),
    path("<int:call>/result", outgoing.result, name="softphone-result"),
    path("<int:call>/told", outgoing.told, name="softphone-told"),
    path("<int:call>/rang", views.rang, name="softphone-rang"),
    path("<int:call>/join", views.join, name="softphone-join"),
    path("<int:call>/alive", views.alive, name="softphone-alive"),
    path("<int:call>/leave", views.leave, name="softphone-leave"),
    path("<int:call>/renew", views.renew, name="softphone-renew"),
    path("<int:call>/say", views.say, name="softphone-say"),
    path("<int:call>/signals", views.signals, name="softphone-signals"),
    path("<int:call>/heard", views.heard, name="softphone-heard"),
    path("<int:call>/quality", views.quality, name="softphone-quality"),
    path("<int:call>/hold", views.hold, name="softphone-hold"),
    path("<int:call>/hand", views.hand, name="softphone-hand"),
    path("<int:call>/recording/pause", views.pause_recording, name="softphone-recording-pause"),
    path("<int:call>/recording/take", views.begin_take, name="softphone-recording-take"),
    path("<int:call>/recording/piece", views.keep_piece, name="softphone-recording-piece"),
    path("<int:call>/consult", consultations.ask, name="softphone-consult"),
    path("<int:call>/consult/number", consultations.ask_number, name="softphone-consult-number"),
    path("<int:call>/consult/join", consultations.let_join, name="softphone-consult-join"),
    path("<int:call>/consult/take-back", consultations.take_back, name="softphone-consult-take-back"),
    path("<int:call>/consult/hand-over", consultations.hand_over, name="softphone-consult-hand-over"),
    path("consultation/answer", consultations.answer, name="softphone-consultation-answer"),
    path("<int:call>/hang-up", views.hang_up, name="softphone-hang-up"),
]
