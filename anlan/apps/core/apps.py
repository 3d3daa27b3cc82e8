from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "anlan.apps.core"
    label = "core"
