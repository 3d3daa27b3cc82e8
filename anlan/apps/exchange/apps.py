from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "anlan.apps.exchange"
    label = "exchange"
