from django.apps import AppConfig


class OutboundConfig(AppConfig):
    name = "homeshore.outbound"
    label = "outbound"

    def ready(self) -> None:
        from homeshore.contacts import events
        from homeshore.foundation import housekeeping
        from homeshore.outbound.lists import forgetting

        events.words_forgotten.append(forgetting.forget_with_words)
        housekeeping.register("people on lists", forgetting.forget_old_entries, batches=True)
