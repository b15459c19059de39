from django.apps import AppConfig


class FloorConfig(AppConfig):
    name = "homeshore.floor"
    label = "floor"
