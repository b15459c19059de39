from django.apps import AppConfig


class BrandsConfig(AppConfig):
    name = "homeshore.brands"
    label = "brands"
