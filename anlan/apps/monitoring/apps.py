from django.apps import AppConfig

from anlan.kit import links


class MonitoringConfig(AppConfig):
    name = "anlan.apps.monitoring"
    label = "monitoring"

    def ready(self) -> None:
        from anlan.apps.monitoring import merging, retention

        merging.join()
        retention.join()
        links.register("alarm", "alarm.view", "/duty/{id}")
