from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "homeshore.contacts"
    label = "contacts"

    def ready(self) -> None:
        from homeshore.brands import events as brands
        from homeshore.contacts import calendar, places
        from homeshore.contacts.router import checkpoints, rules, standby, work
        from homeshore.contacts.services import forgetting
        from homeshore.foundation import housekeeping, processes
        from homeshore.people import events as people

        people.agent_changed.append(rules.agent_changed)
        brands.queue_changed.append(rules.queue_changed)
        processes.register("places", places.run)
        processes.register("router", work.run, part=processes.Part.ROUTER)
        processes.register("calendar", calendar.run, part=processes.Part.ROUTER)
        processes.register("stand-bys", standby.run, part=processes.Part.ROUTER)
        processes.register("checkpoints", work.keep_checkpoints, part=processes.Part.ROUTER)
        housekeeping.register("journal entries", checkpoints.forget_old)
        housekeeping.register("conversations", forgetting.forget_old_words, batches=True)
        housekeeping.register("customers", forgetting.forget_old_customers, batches=True)
        housekeeping.register("files without a row", forgetting.sweep_files, nightly=True)
