from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "anlan.apps.exchange"
    label = "exchange"

    def ready(self) -> None:
        from anlan.apps.exchange import tasks  # noqa: F401 - it registers jobs
