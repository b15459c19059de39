from django.apps import AppConfig


class PayConfig(AppConfig):
    name = "homeshore.pay"
    label = "pay"
