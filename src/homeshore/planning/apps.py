from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "homeshore.planning"
    label = "planning"

    def ready(self) -> None:
        from homeshore.foundation.processes import Part, register
        from homeshore.planning import work

        register("plans", work.work, part=Part.CHANNELS)
