from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "anlan.apps.ledger"
    label = "ledger"
