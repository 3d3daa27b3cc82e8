"""Signing in by hand, with a second factor where the role asks for it."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Product, window
from tests.world import PASSWORD


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def test_the_system_manager_sets_up_a_second_factor_and_is_asked_for_it(product: Product, chromium: Browser) -> None:
    context = window(product, chromium)
    page = context.new_page()
    page.goto("/duty")
    page.get_by_label("用户名").fill("fengguan")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("验证码").fill(code_of(secret))
    with page.expect_navigation():
        page.get_by_role("button", name="启用").click()
    page.goto("/health")
    expect(page.get_by_role("heading", name="系统状态")).to_be_visible()
    context.close()


def test_a_wrong_password_lets_nobody_in(product: Product, chromium: Browser) -> None:
    context = window(product, chromium)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill("qianling")
    page.get_by_label("密码", exact=True).fill("不是这个密码-2026")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto("/")
    expect(page.get_by_label("用户名")).to_be_visible()
    context.close()
