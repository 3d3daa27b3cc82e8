from django.apps import AppConfig

from anlan.kit import links


class EnterprisesConfig(AppConfig):
    name = "anlan.apps.enterprises"
    label = "enterprises"

    def ready(self) -> None:
        from anlan.apps.enterprises import merging

        merging.join()
        for kind in ("licence", "certificate", "chemical", "equipment", "contractor", "record"):
            links.register(kind, "enterprise.view", f"/enterprises/items/{kind}-{{id}}")
