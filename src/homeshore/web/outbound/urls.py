"""Addresses of calls that the house places, and of what was said about them."""

from django.urls import path

from homeshore.web.outbound import lists, views

urlpatterns = [
    path("", views.index, name="outbound"),
    path("rules/", views.rules, name="outbound-rules"),
    path("lists/", lists.index, name="outbound-lists"),
    path("lists/new/", lists.new, name="outbound-list-new"),
    path("lists/forget/", lists.forget, name="outbound-lists-forget"),
    path("lists/<int:list_id>/", lists.page, name="outbound-list"),
    path("lists/<int:list_id>/edit/", lists.edit, name="outbound-list-edit"),
    path("lists/<int:list_id>/people/", lists.people, name="outbound-list-people"),
    path("lists/<int:list_id>/start/", lists.act, {"verb": "start"}, name="outbound-list-start"),
    path("lists/<int:list_id>/pause/", lists.act, {"verb": "pause"}, name="outbound-list-pause"),
    path("lists/<int:list_id>/end/", lists.act, {"verb": "end"}, name="outbound-list-end"),
    path("lists/<int:list_id>/results.csv", lists.results, name="outbound-list-results"),
    path("<int:party_id>/", views.party, name="outbound-party"),
    path("<int:party_id>/call/", views.call, name="outbound-call"),
    path("<int:party_id>/result/", views.result, name="outbound-result"),
    path("<int:party_id>/said/", views.said, name="outbound-said"),
    path("<int:party_id>/zone/", views.zone, name="outbound-zone"),
    path("<int:party_id>/consent/", views.consent, name="outbound-consent"),
    path("<int:party_id>/contract/", views.contract, name="outbound-contract"),
    path("<int:party_id>/contract/end/", views.contract_end, name="outbound-contract-end"),
    path("<int:party_id>/proof/", views.proof, name="outbound-proof"),
]
