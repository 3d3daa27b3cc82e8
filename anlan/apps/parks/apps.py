from django.apps import AppConfig

from anlan.kit import links


class ParksConfig(AppConfig):
    name = "anlan.apps.parks"
    label = "parks"

    def ready(self) -> None:
        from anlan.apps.parks import merging

        merging.join()
        links.register("park_grading", "park.view", "/parks/gradings/{id}")
        links.register("park_passage", "park.view", "/parks/passages/{id}")
