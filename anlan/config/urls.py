"""Every address of the product, put together from the apps and the pages."""

from django.urls import URLPattern, URLResolver, include, path

from anlan.apps.core.urls import sign_in_urls
from anlan.web.api import api
from anlan.web.views.api_docs import docs_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include(sign_in_urls)),
    path("", include("anlan.apps.core.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/docs", docs_page, name="api_docs"),
    path("api/", api.urls),
    path("", include("anlan.web.urls")),
]

handler400 = "anlan.kit.pages.bad_request"
handler403 = "anlan.kit.pages.permission_denied"
handler404 = "anlan.kit.pages.not_found"
handler500 = "anlan.kit.pages.server_error"
