from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "homeshore.channels.email"
    label = "email"

    def ready(self) -> None:
        from homeshore.channels.email import intake, outgoing
        from homeshore.contacts import channels
        from homeshore.foundation import processes

        channels.register(channels.ChannelTraits(channel="email", outbox_kind=outgoing.SEND, live=False))
        processes.register("email.intake", intake.run, part=processes.Part.CHANNELS)
