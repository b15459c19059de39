from django.apps import AppConfig
from django.conf import settings


class VoiceConfig(AppConfig):
    name = "homeshore.channels.voice"
    label = "voice"

    def ready(self) -> None:
        from homeshore.channels.voice import drivers, forgetting
        from homeshore.channels.voice.embedded.driver import EmbeddedDriver
        from homeshore.channels.voice.following import run
        from homeshore.channels.voice.services.attempts import note_reached
        from homeshore.channels.voice.sip import running
        from homeshore.channels.voice.sip.driver import SipDriver
        from homeshore.contacts import events
        from homeshore.contacts.channels import ChannelTraits, register
        from homeshore.foundation import housekeeping, processes

        register(ChannelTraits(channel="voice", outbox_kind=None, live=True))
        drivers.register(EmbeddedDriver())
        drivers.register(SipDriver())
        processes.register("calls", run)
        events.words_forgotten.append(forgetting.forget_with_words)
        events.disposition_recorded.append(note_reached)
        housekeeping.register("recordings", forgetting.forget_old_recordings, batches=True)
        housekeeping.register("callers lost in menus", forgetting.forget_lost_choosers)
        housekeeping.register("counts of who left in menus", forgetting.forget_old_leavings)
        housekeeping.register("recordings of words that were not saved", forgetting.forget_unsaved_prompts)
        housekeeping.register("files of words that nobody says", forgetting.sweep_spoken, nightly=True)
        housekeeping.register("recorded files without a row", forgetting.sweep_files, nightly=True)
        if settings.SIP_LISTEN:
            processes.register("telephone", running.run)
