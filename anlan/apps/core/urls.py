"""Signing in and out, one's own sessions, and files."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from anlan.apps.core import views

app_name = "core"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/sessions/", views.sessions, name="sessions"),
    path("accounts/sessions/<slug:handle>/end/", views.end_session, name="end_session"),
    path("files/<int:file_id>", views.file, name="file"),
]
#: allauth finds these by name, so they have no namespace. Nobody signs up or resets a password by mail here.
sign_in_urls: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]
