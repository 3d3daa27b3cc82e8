from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "anlan.apps.core"
    label = "core"

    def ready(self) -> None:
        from anlan.apps.core import retention, sign_in  # noqa: F401 - it registers receivers

        retention.join()
