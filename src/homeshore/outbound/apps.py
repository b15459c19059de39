from django.apps import AppConfig


class OutboundConfig(AppConfig):
    name = "homeshore.outbound"
    label = "outbound"
