from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "homeshore.channels.email"
    label = "email"
