from django.apps import AppConfig


class ConsequencesConfig(AppConfig):
    name = "anlan.apps.consequences"
    label = "consequences"

    def ready(self) -> None:
        from anlan.apps.consequences import merging

        merging.join()
