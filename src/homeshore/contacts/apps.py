from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "homeshore.contacts"
    label = "contacts"

    def ready(self) -> None:
        from homeshore.contacts.router import work
        from homeshore.foundation import processes

        processes.register("router", work.run, part=processes.Part.ROUTER)
