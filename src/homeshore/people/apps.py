from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "homeshore.people"
    label = "people"
