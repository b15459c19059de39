"""The map of addresses."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("homeshore.web.urls")),
    path("desk/calls/", include("homeshore.web.softphone.urls")),
    path("companions/", include("homeshore.web.companions.urls")),
    path("desk/", include("homeshore.web.desk.urls")),
    path("floor/", include("homeshore.web.floor.urls")),
    path("line/", include("homeshore.web.line.urls")),
    path("outbound/", include("homeshore.web.outbound.urls")),
    path("earnings/", include("homeshore.web.earnings.urls")),
    path("planning/", include("homeshore.web.planner.urls")),
    path("", include("homeshore.channels.chat.urls")),
    path("", include("homeshore.web.call.urls")),
    path("", include("homeshore.web.accounts.urls")),
    path("", include("homeshore.web.operator.urls")),
    path("", include("homeshore.api.urls")),
    path("", include("homeshore.web.brand.urls")),
    path("", include("homeshore.web.policy.urls")),
    path("", include("homeshore.web.recordings.urls")),
    path("", include("homeshore.web.supervision.urls")),
]

handler400 = "homeshore.foundation.answers.bad_request"
handler403 = "homeshore.foundation.answers.forbidden"
handler404 = "homeshore.foundation.answers.not_found"
handler500 = "homeshore.foundation.answers.broken"
