from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "homeshore.foundation"
    label = "foundation"

    def ready(self) -> None:
        from homeshore.foundation import hints, housekeeping, outbox
        from homeshore.foundation.processes import Part, register

        register("hints", hints.listen, part=Part.EVERY)
        register("outbox", outbox.work, part=Part.CHANNELS)
        register("housekeeping", housekeeping.work, part=Part.CHANNELS)
