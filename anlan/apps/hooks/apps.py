from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "anlan.apps.hooks"
    label = "hooks"

    def ready(self) -> None:
        from anlan.apps.hooks import merging

        merging.register()
