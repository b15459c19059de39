from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "homeshore.channels.chat"
    label = "chat"

    def ready(self) -> None:
        from homeshore.channels.chat import places
        from homeshore.contacts.channels import ChannelTraits, register
        from homeshore.foundation import processes

        register(ChannelTraits(channel="chat", outbox_kind=None, live=True))
        processes.register("chat places", places.run)
