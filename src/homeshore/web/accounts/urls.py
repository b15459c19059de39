"""Addresses of signing in and of one's own account.

Allauth's views are listed one by one, so that only what the house offers is there: no sign-up, no change of address by
oneself. They guard themselves, and are open to everybody as far as roles go.
"""

from allauth.account import views as signing
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from homeshore.foundation.tenancy import public
from homeshore.web.accounts import views

urlpatterns = [
    path("account/", public(views.account), name="account"),
    path("account/membership/", public(views.choose_membership), name="choose-membership"),
    path("accounts/login/", public(views.SignInView.as_view()), name="account_login"),
    path("accounts/logout/", public(signing.logout), name="account_logout"),
    path("accounts/inactive/", public(signing.account_inactive), name="account_inactive"),
    path("accounts/signup/", public(signing.signup), name="account_signup"),
    path("accounts/reauthenticate/", public(signing.reauthenticate), name="account_reauthenticate"),
    path("accounts/password/change/", public(signing.password_change), name="account_change_password"),
    path("accounts/password/set/", public(signing.password_set), name="account_set_password"),
    path("accounts/password/reset/", public(signing.password_reset), name="account_reset_password"),
    path("accounts/password/reset/done/", public(signing.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(signing.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        public(signing.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("accounts/2fa/", public(factor.index), name="mfa_index"),
    path("accounts/2fa/authenticate/", public(factor.authenticate), name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", public(factor.reauthenticate), name="mfa_reauthenticate"),
    path("accounts/2fa/totp/activate/", public(totp.activate_totp), name="mfa_activate_totp"),
    path("accounts/2fa/totp/deactivate/", public(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("accounts/2fa/recovery-codes/", public(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "accounts/2fa/recovery-codes/generate/",
        public(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "accounts/2fa/recovery-codes/download/",
        public(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
