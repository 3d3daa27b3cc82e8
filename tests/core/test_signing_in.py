"""Signing in as a person does it: by the pages, without JavaScript."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axes.models import AccessAttempt
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from anlan.apps.core import actions, selectors
from anlan.apps.core.models import AuditRow, Session
from anlan.kit.errors import NotInScope
from anlan.kit.grants import SYSTEM, Viewer
from tests.conftest import give_second_factor
from tests.world import PASSWORD, World

WRONG = "不是这个密码-Not-It-1"


def enter(client: Client, username: str, password: str = PASSWORD) -> HttpResponse:
    return client.post("/accounts/login/", {"login": username, "password": password})


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def is_signed_in(client: Client) -> bool:
    return client.get("/api/sessions").status_code != 401


def recorded(action: str) -> int:
    return AuditRow.objects.filter(action=action).count()


def test_a_person_signs_in_and_out(world: World, client: Client) -> None:
    assert not is_signed_in(client)
    assert enter(client, "lixun").status_code == 302
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)
    assert recorded("sign_in.done") == recorded("sign_in.left") == 1


def test_a_wrong_password_is_refused_and_recorded(world: World, client: Client) -> None:
    enter(client, "lixun", WRONG)
    assert not is_signed_in(client)
    row = AuditRow.objects.get(action="sign_in.failed")
    assert row.subject == f"person:{world.people['李巡'].pk}"
    assert "127.0.0.1" not in str(row.detail), "an address is personal"
    assert selectors.unsealed(world.people["李巡"].pk, row.detail["address"]) == "127.0.0.1"


def test_five_wrong_passwords_lock_the_name_out_from_there_for_a_while(world: World, client: Client) -> None:
    for _ in range(5):
        response = enter(client, "LiXun", WRONG)
    assert response.status_code == 429
    assert enter(client, "lixun").status_code == 429, "the right password does not help any more"
    assert not is_signed_in(client)
    assert recorded("sign_in.locked_out") >= 1
    assert enter(client, "zhaozhi").status_code == 302, "others sign in from there"
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert enter(elsewhere, "lixun").status_code == 302, "a stranger does not lock the owner out"


def test_the_lock_opens_after_the_cool_off(world: World, client: Client) -> None:
    for _ in range(5):
        enter(client, "lixun", WRONG)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert enter(client, "lixun").status_code == 302


def test_a_deactivated_person_is_out_at_once(world: World, client: Client) -> None:
    enter(client, "lixun")
    actions.deactivate_person(SYSTEM, world.people["李巡"].pk)
    assert not is_signed_in(client)
    enter(client, "lixun")
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "address", ["/accounts/signup/", "/accounts/email/", "/accounts/password/reset/", "/accounts/social/connections/"]
)
def test_nobody_signs_up_or_resets_a_password_by_mail(world: World, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_manager_without_second_factor_gets_nowhere_but_to_setting_it_up(world: World, client: Client) -> None:
    enter(client, "chenxian")
    answer = client.get("/api/places")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "sign_in.second_factor")
    page = client.get("/accounts/sessions/")
    assert page.status_code == 200
    assert client.get("/files/1", follow=False)["Location"] == "/accounts/2fa/totp/activate/"


def test_a_manager_sets_up_an_authenticator_and_signs_in_with_its_code(world: World, client: Client) -> None:
    enter(client, "chenxian")
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert answer.status_code == 302
    assert client.get("/api/places").status_code == 200
    stored = Authenticator.objects.get(user=world.people["陈县"], type="totp")
    assert secret not in str(stored.data), "the seed is kept encrypted"

    again = Client()
    assert enter(again, "chenxian")["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_signed_in(again), "the password alone is not enough"
    again.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_signed_in(again)
    codes = stored_codes(world)
    again.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert is_signed_in(again)
    assert codes[0] not in stored_codes(world), "a recovery code works once"


def stored_codes(world: World) -> list[str]:
    kept = Authenticator.objects.get(user=world.people["陈县"], type="recovery_codes")
    codes: list[str] = RecoveryCodes(kept).get_unused_codes()
    return codes


def test_a_code_from_the_authenticator_opens_the_door(world: World, client: Client) -> None:
    secret = give_second_factor(world.people["冯管"])
    enter(client, "fengguan")
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert is_signed_in(client)
    assert recorded("second_factor.used") == 1


def test_guessing_codes_is_stopped(world: World, client: Client) -> None:
    secret = give_second_factor(world.people["冯管"])
    enter(client, "fengguan")
    for _ in range(11):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert not is_signed_in(client)


def test_a_factor_that_a_role_asks_for_cannot_be_taken_off(world: World, browser: Callable[[str], Client]) -> None:
    client = browser("冯管")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=world.people["冯管"], type="totp").exists()


def test_a_lost_factor_is_reset_by_a_manager(world: World, client: Client, viewer: Callable[[str], Viewer]) -> None:
    give_second_factor(world.people["陈县"])
    password = actions.reset_sign_in(viewer("冯管"), world.people["陈县"].pk)
    enter(client, "chenxian", password)
    assert is_signed_in(client)
    assert client.get("/api/places").status_code == 403, "a new factor must be set up first"


def test_a_changed_password_ends_the_other_sessions(world: World) -> None:
    here, there = Client(), Client()
    enter(here, "lixun")
    enter(there, "lixun")
    new = "千里江山-Rivers-77"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", fields).status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert recorded("sign_in.password_changed") == 1


def test_a_weak_new_password_is_refused(world: World, client: Client) -> None:
    enter(client, "lixun")
    client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "12345678", "password2": "12345678"}
    )
    world.people["李巡"].refresh_from_db()
    assert world.people["李巡"].check_password(PASSWORD)


def test_one_sees_and_ends_ones_own_sessions(world: World, viewer: Callable[[str], Viewer]) -> None:
    here, there = Client(), Client(headers={"user-agent": "另一台电脑"})
    enter(here, "lixun")
    enter(there, "lixun")
    listed = here.get("/api/sessions").json()["items"]
    other = next(session for session in listed if session["browser"] == "另一台电脑")
    assert len(listed) == 2
    assert other["address"] == "127.0.0.1"
    with pytest.raises(NotInScope):
        actions.end_session(viewer("孙外"), other["handle"])
    assert here.post(f"/accounts/sessions/{other['handle']}/end/").status_code == 302
    assert not is_signed_in(there)
    assert is_signed_in(here)


def test_a_session_lapses(world: World, client: Client) -> None:
    enter(client, "lixun")
    key = client.session.session_key
    assert selectors.person_of_session(key) == world.people["李巡"]
    Session.objects.update(expire_date=timezone.now())
    assert not is_signed_in(client)
    assert selectors.person_of_session(key) is None


def test_passwords_are_kept_with_argon2(settings: object) -> None:
    kept = make_password(PASSWORD, hasher="argon2")
    assert kept.startswith("argon2$argon2id$")
    assert check_password(PASSWORD, kept)
