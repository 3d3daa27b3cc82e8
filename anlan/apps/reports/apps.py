from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "anlan.apps.reports"
    label = "reports"

    def ready(self) -> None:
        from anlan.apps.reports import merging, retention
        from anlan.kit import links

        merging.join()
        retention.join()
        links.register("report", "report.view", "/reports/{id}")
