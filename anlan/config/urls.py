"""Every address of the product, put together from the apps and the pages."""

from django.urls import URLPattern, URLResolver, include, path

from anlan.web.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("anlan.apps.core.urls")),
    path("api/", api.urls),
    path("", include("anlan.web.urls")),
]
