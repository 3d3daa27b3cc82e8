from django.apps import AppConfig

from anlan.kit import links


class MonitoringConfig(AppConfig):
    name = "anlan.apps.monitoring"
    label = "monitoring"

    def ready(self) -> None:
        from anlan.apps.monitoring import merging

        merging.join()
        links.register("alarm", "alarm.view", "/duty/{id}")
