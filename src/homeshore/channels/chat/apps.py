from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "homeshore.channels.chat"
    label = "chat"

    def ready(self) -> None:
        from homeshore.contacts.channels import ChannelTraits, register

        register(ChannelTraits(channel="chat", outbox_kind=None, live=True))
