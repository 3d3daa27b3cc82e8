from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "anlan.kit"
    label = "kit"
