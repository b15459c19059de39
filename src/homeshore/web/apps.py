from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "homeshore.web"
    label = "web"

    def ready(self) -> None:
        from homeshore.web.accounts import invitations  # noqa: F401 - hears what the outbox asks
