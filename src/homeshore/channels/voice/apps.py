from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "homeshore.channels.voice"
    label = "voice"

    def ready(self) -> None:
        from homeshore.channels.voice import drivers
        from homeshore.channels.voice.embedded.driver import EmbeddedDriver
        from homeshore.channels.voice.following import run
        from homeshore.contacts.channels import ChannelTraits, register
        from homeshore.foundation import processes

        register(ChannelTraits(channel="voice", outbox_kind=None, live=True))
        drivers.register(EmbeddedDriver())
        processes.register("calls", run)
