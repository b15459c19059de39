from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "homeshore.foundation"
    label = "foundation"
