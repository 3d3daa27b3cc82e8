from django.apps import AppConfig


class ConsequencesConfig(AppConfig):
    name = "anlan.apps.consequences"
    label = "consequences"

    def ready(self) -> None:
        from anlan.apps.consequences import merging
        from anlan.kit import links

        merging.join()
        links.register("park_study", "scenario.view", "/consequences/parks/{id}")
        links.register("park_source", "scenario.view", "/consequences/park-sources/{id}")
