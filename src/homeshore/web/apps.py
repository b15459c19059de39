from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "homeshore.web"
    label = "web"

    def ready(self) -> None:
        from homeshore.web.accounts import invitations, streams  # noqa: F401 - they listen
