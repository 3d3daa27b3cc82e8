from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "anlan.apps.incidents"
    label = "incidents"

    def ready(self) -> None:
        from anlan.apps.incidents import merging

        merging.join()
