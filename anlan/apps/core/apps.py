from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "anlan.apps.core"
    label = "core"

    def ready(self) -> None:
        from anlan.apps.core import retention, sign_in, tasks  # noqa: F401 - they register receivers and jobs

        retention.join()
