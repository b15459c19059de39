"""The ASGI application, for those who run another server than `homeshore serve`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeshore.config.settings")
django.setup(set_prefix=False)

from homeshore.config.application import Application  # noqa: E402 - the apps must be there first

application = Application()
