"""Addresses of an operator's administrator."""

from django.urls import path

from homeshore.web.operator import customers, floors, menus, notices, numbers, trunk_accounts, views

urlpatterns = [
    path("operator/people/", views.people, name="people"),
    path("operator/people/agent/", views.invite_agent, name="invite-agent"),
    path("operator/people/brand-user/", views.invite_brand_user, name="invite-brand-user"),
    path("operator/people/<int:membership_id>/invite-again/", views.invite_again, name="invite-again"),
    path("operator/people/second-factor/", views.second_factor, name="second-factor"),
    path("operator/people/<int:membership_id>/shut-out/", views.shut_out, name="shut-out"),
    path("operator/people/<int:membership_id>/let-back-in/", views.let_back_in, name="let-back-in"),
    path("operator/customers/", customers.customers, name="customers"),
    path("operator/customers/<int:customer_id>/", customers.customer, name="customer"),
    path("operator/retention/", customers.periods, name="retention"),
    path("operator/floors/", floors.plan, name="floors"),
    path("operator/floors/split/", floors.split, name="split-floors"),
    path("operator/tokens/", views.api_tokens, name="tokens"),
    path("operator/tokens/<int:token_id>/revoke/", views.revoke_token, name="revoke-token"),
    path("operator/numbers/", numbers.phone_numbers, name="phone-numbers"),
    path("operator/numbers/<int:phone_id>/refuse/", numbers.refuse_number, name="refuse-number"),
    path("operator/numbers/<int:phone_id>/menu/", menus.menu, name="number-menu"),
    path("operator/numbers/<int:phone_id>/menu/spoken/", menus.menu_spoken, name="number-menu-spoken"),
    path("operator/numbers/<int:phone_id>/notice/", notices.notice, name="number-notice"),
    path("operator/numbers/<int:phone_id>/notice/spoken/", notices.notice_spoken, name="number-notice-spoken"),
    path("operator/trunk-accounts/add/", trunk_accounts.add, name="trunk-account-add"),
    path("operator/trunk-accounts/<int:account_id>/", trunk_accounts.change, name="trunk-account"),
    path("operator/trail/", views.trail, name="trail"),
]
