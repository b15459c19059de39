"""The legal statuses under which agents work side by side."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """The legal status under which an agent works (M2)."""

    EMPLOYEE = "employee", _("employee")
    AUTO_ENTREPRENEUR = "auto_entrepreneur", _("auto-entrepreneur")
    COMPANY = "company", _("own company")
    PORTAGE = "portage", _("portage salarial")
