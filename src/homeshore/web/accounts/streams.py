"""Whoever signs out, or changes their password, leaves no open stream behind."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from homeshore.foundation import clock, grants
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write


@receiver([user_logged_out, password_changed, password_reset, password_set])
def end_streams(sender: object, user: User | None, **_: Any) -> None:
    """End the person's subscriptions; screens that are still signed in take a new snapshot, and with it a new one."""
    if user is not None:
        with write():
            grants.revoke(principal=f"user:{user.pk}", at=clock.now())
