from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "anlan.apps.ledger"
    label = "ledger"

    def ready(self) -> None:
        from anlan.apps.ledger import merging, tasks  # noqa: F401 - registers jobs

        merging.join()
