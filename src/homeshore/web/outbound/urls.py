"""Addresses of calls that the house places, and of what was said about them."""

from django.urls import path

from homeshore.web.outbound import views

urlpatterns = [
    path("", views.index, name="outbound"),
    path("rules/", views.rules, name="outbound-rules"),
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
