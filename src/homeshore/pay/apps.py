from django.apps import AppConfig


class PayConfig(AppConfig):
    name = "homeshore.pay"
    label = "pay"

    def ready(self) -> None:
        from homeshore.pay.listeners import listen

        listen()
