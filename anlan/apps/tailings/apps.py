from django.apps import AppConfig


class TailingsConfig(AppConfig):
    name = "anlan.apps.tailings"
    label = "tailings"

    def ready(self) -> None:
        from anlan.apps.tailings import merging
        from anlan.kit import links

        merging.join()
        links.register("pond", "pond.view", "/tailings/{id}")
