from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "homeshore.contacts"
    label = "contacts"
