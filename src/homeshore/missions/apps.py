from django.apps import AppConfig


class MissionsConfig(AppConfig):
    name = "homeshore.missions"
    label = "missions"
