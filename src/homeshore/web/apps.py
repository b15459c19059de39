from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "homeshore.web"
    label = "web"
