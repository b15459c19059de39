from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "homeshore.channels.email"
    label = "email"

    def ready(self) -> None:
        from homeshore.channels.email import forgetting, intake, outgoing
        from homeshore.contacts import channels, events
        from homeshore.foundation import housekeeping, processes

        channels.register(channels.ChannelTraits(channel="email", outbox_kind=outgoing.SEND, live=False))
        processes.register("email.intake", intake.run, part=processes.Part.CHANNELS)
        events.words_forgotten.append(forgetting.forget_with_words)
        housekeeping.register("stray mails", forgetting.forget_stray_mails, batches=True)
        housekeeping.register("mail files without a row", forgetting.sweep_files, nightly=True)
