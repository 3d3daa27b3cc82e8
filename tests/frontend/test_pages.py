"""What every page has, whoever looks: a strict policy, a title, a language, a way past the navigation."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

pytestmark = pytest.mark.django_db

OPEN = ["/accounts/login/", "/accounts/inactive/", "/style", "/nowhere"]
SIGNED_IN = [
    "/", "/duty", "/health", "/notices", "/search?q=x", "/style", "/nowhere", "/accounts/sessions/",
    "/accounts/logout/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/reauthenticate/",
]  # fmt: skip
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|<style|\sstyle=|\son\w+=|javascript:", re.IGNORECASE
)


def check(response: HttpResponse) -> str:
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    for directive in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    ):
        assert directive in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    html = response.content.decode()
    assert re.search(r"<title>\s*\S[^<]* · \S+</title>", html)
    assert re.search(r'<html lang="(zh-hans|en)"', html)
    assert 'class="skip" href="#content"' in html
    assert 'id="content"' in html
    assert html.count("<h1") == 1
    assert not INLINE.findall(html)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html), "something comes from elsewhere"
    return html


@pytest.mark.parametrize("path", OPEN)
def test_pages_before_sign_in_are_whole_and_strict(path: str, client: Client) -> None:
    html = check(client.get(path))
    assert "anlan-live" not in html


@pytest.mark.parametrize("path", SIGNED_IN)
def test_pages_after_sign_in_are_whole_and_strict(path: str, browser: Callable[[str], Client]) -> None:
    client = browser("赵值")
    response = client.get(path)
    if response.status_code == 302:  # asks for the password once more
        response = client.get(response["Location"])
    html = check(response)
    assert 'name="anlan-live"' in html


def test_the_connection_and_the_notices_are_always_in_sight(browser: Callable[[str], Client]) -> None:
    html = browser("赵值").get("/style").content.decode()
    assert 'id="connection"' in html
    assert 'id="bell"' in html
    assert "赵值" in html


def test_the_language_can_be_switched_and_is_kept(client: Client) -> None:
    assert "登录" in client.get("/accounts/login/", headers={"Accept-Language": "zh-CN"}).content.decode()
    client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})
    html = client.get("/accounts/login/", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert "Sign in" in html
    assert "catalogue-en-" in html
    assert not re.search(r"[\u3400-\u9fff]", html.replace("简体中文", "")), "Chinese is left on the English page"


def test_a_wrong_password_is_answered_in_words_on_the_form(client: Client) -> None:
    response = client.post(
        "/accounts/login/", {"login": "nobody", "password": "wrong-password"}, headers={"Accept-Language": "zh-CN"}
    )
    assert 'role="alert"' in check(response)


def test_something_broken_is_told_without_the_database(client: Client) -> None:
    from anlan.kit import pages

    request = client.get("/style").wsgi_request
    html = pages.server_error(request).content.decode()
    assert "<h1>" in html
    assert 'href="/"' in html


def test_trying_too_often_is_told_on_a_page_of_ours(client: Client) -> None:
    from allauth.core.internal.ratelimit import respond_429

    html = respond_429(client.get("/style", headers={"Accept-Language": "zh-CN"}).wsgi_request).content.decode()
    assert "请等几分钟再试。" in html
