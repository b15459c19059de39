from django.apps import AppConfig


class PushConfig(AppConfig):
    name = "homeshore.push"
    label = "push"
