"""How people sign in: allauth and axes made to fit, second factors where a role asks for one, and what is recorded."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from anlan.apps.core import actions, selectors
from anlan.apps.core.actions.record import end_sessions, sealed
from anlan.apps.core.models import Person
from anlan.kit import clock, pages, secrets
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal

_FRESH = timedelta(minutes=5)
#: What may be reached without the second factor that a role asks for: setting it up, leaving, and the looks of it.
_OPEN = ("/accounts/", "/static/", "/i18n/")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """People are added by managers, so nobody signs up; and no mail goes out."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Failed passwords are counted by axes, per user name and address, so that a stranger locks nobody else out."""

    def is_reauthentication_required(self, app: str) -> bool:
        """The password is asked for again before a factor is changed, but not right after it was given."""
        since = context.request.session.get("since")
        return since is None or clock.now() - datetime.fromisoformat(since) > _FRESH

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Notices inside the product take the place of mail."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("core:sessions")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Seeds are kept encrypted; a factor that a role asks for stays."""

    def encrypt(self, text: str) -> str:
        return secrets.seal_for_system(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.unseal_for_system(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not selectors.viewer_of(authenticator.user).second_factor

    def get_totp_label(self, user: Person) -> str:
        return user.username


class SecondFactorMiddleware:
    """Sends people whose role asks for a second factor to set one up before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_OPEN) or not lacks_second_factor(selectors.request_viewer(request)):
            return self.get_response(request)
        if pages.wants_json(request):
            fix = "请先在网页上启用身份验证器。"
            return pages.error(request, 403, Refusal("sign_in.second_factor", "您的角色须使用第二因素登录。", fix))
        return HttpResponseRedirect(reverse("mfa_activate_totp"))


def lacks_second_factor(viewer: Viewer) -> bool:
    """Whether a role of the viewer asks for a second factor that they have not set up yet."""
    if not viewer.second_factor:
        return False
    factors = Authenticator.objects.filter(user_id=viewer.person_id, type=Authenticator.Type.TOTP)
    return not factors.exists()


def username_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name that attempts are counted under, however it was spelled, whoever calls."""
    given = (credentials or {}).get("username") or request.POST.get("login", "")
    return str(given).strip().casefold()


def locked_out(request: HttpRequest, credentials: dict[str, Any] | None) -> HttpResponse:
    """What somebody sees after too many wrong passwords."""
    message, fix = "密码错误次数过多，已暂时锁定。", "请 15 分钟后再试，或请系统管理员重置密码。"
    return pages.error(request, 429, Refusal("sign_in.locked_out", message, fix))


def _address(request: HttpRequest | None) -> str:
    return str(request.META.get("REMOTE_ADDR", "")) if request else ""


def _record(person: Person | None, action: str, request: HttpRequest | None) -> None:
    if person is None:
        actions.audit(None, action)
        return
    detail = {"address": sealed(person.pk, _address(request))}
    actions.audit(person.pk if action != "sign_in.failed" else None, action, None, f"person:{person.pk}", detail)


def _named(username: object) -> Person | None:
    return Person.objects.filter(username__iexact=str(username)).first() if username else None


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: Person, **_: Any) -> None:
    request.session["since"] = clock.now().isoformat()
    request.session["address"] = _address(request)[:64]
    request.session["browser"] = request.headers.get("User-Agent", "")[:200]
    _record(user, "sign_in.done", request)


@receiver(user_logged_out)
def _signed_out(request: HttpRequest, user: Person | None, **_: Any) -> None:
    if user is not None:
        _record(user, "sign_in.left", request)
        actions.emit("grants", None, {"person": user.pk})


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    _record(_named(credentials.get("username")), "sign_in.failed", request)


@receiver(user_locked_out)
def _locked(request: HttpRequest, username: str, **_: Any) -> None:
    _record(_named(username), "sign_in.locked_out", request)


@receiver(password_changed)
def _password_changed(request: HttpRequest, user: Person, **_: Any) -> None:
    end_sessions(user.pk, but=request.session)
    _record(user, "sign_in.password_changed", request)


@receiver([authenticator_added, authenticator_removed, authenticator_used])
def _second_factor(request: HttpRequest, user: Person, signal: object, **_: Any) -> None:
    verbs = {authenticator_added: "added", authenticator_removed: "removed", authenticator_used: "used"}
    _record(user, f"second_factor.{verbs[signal]}", request)
