from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "homeshore.channels.chat"
    label = "chat"
