from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "anlan.apps.ledger"
    label = "ledger"

    def ready(self) -> None:
        from anlan.apps.ledger import merging

        merging.join()
