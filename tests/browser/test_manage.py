"""The management in a browser: a polygon is drawn, a grid member gets their rights."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Product, window
from tests.world import PASSWORD

MANAGER = "陈县"


@pytest.fixture
def manager(product: Product, chromium: Browser, sessions: dict[str, Any]) -> None:
    """The county's manager is signed in, with the second factor that the role asks for set up as they would."""
    if MANAGER in sessions:
        return
    context = window(product, chromium)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill("chenxian")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/2fa/totp/activate/**")
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name="启用", exact=True).click()
    page.wait_for_url(lambda url: "/totp/activate" not in url)
    sessions[MANAGER] = context.storage_state()
    context.close()


def test_a_polygon_is_drawn_measured_undone_and_saved(
    product: Product, manager: None, open_as: Callable[..., Page]
) -> None:
    address = f"/manage/places/{product.place('valve')}"
    page = open_as(MANAGER, address)
    canvas = page.locator("#shape-map[data-ready]")
    expect(canvas).to_be_visible()
    page.get_by_role("button", name="面", exact=True).click()
    box = canvas.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for dx, dy in ((-80, -60), (80, -60), (80, 60), (-80, 60)):
        page.mouse.click(x + dx, y + dy)
        page.wait_for_timeout(350)  # two clicks at once are a double click, which ends the shape
    canvas.focus()
    page.keyboard.press("Enter")
    measure = page.locator("[data-measure]")
    expect(measure).to_contain_text("面积")
    whole = measure.inner_text()
    page.mouse.move(x + 80, y + 60)
    page.mouse.down()
    page.mouse.move(x + 120, y + 90, steps=4)
    page.mouse.up()
    expect(measure).not_to_have_text(whole)
    page.get_by_role("button", name="撤销").click()
    expect(measure).to_have_text(whole)
    page.get_by_role("button", name="保存形状").click()
    expect(page.locator("[data-help]")).to_have_text("形状已保存。")
    page.reload()
    expect(page.locator("[data-measure]")).to_have_text(whole)


def test_a_new_grid_member_gets_their_rights_in_under_a_minute(
    product: Product, manager: None, open_as: Callable[..., Page]
) -> None:
    page = open_as(MANAGER, "/manage/people")
    page.get_by_role("link", name="授权", exact=True).click()
    page.get_by_label("姓名 *").fill("网小格")
    page.get_by_label("手机号").fill("13900139000")
    page.get_by_text("网格员", exact=True).click()
    expect(page.locator(".role-rights:visible")).to_contain_text("对报警留言")
    expect(page.locator(".role-rights:visible")).to_contain_text("查看监测点位与数据")
    page.get_by_role("combobox", name="场所").fill("西岭")
    page.get_by_role("option").filter(has_text="西岭乡").first.click()
    expect(page.locator("[data-sentence]")).to_have_text("网小格将在“西岭乡”及其下各处担任网格员，全部行业，长期有效。")
    page.get_by_role("button", name="授权").click()
    expect(page.get_by_text("网小格在“西岭乡”及其下各处担任网格员")).to_be_visible()
    expect(page.locator(".is-user")).to_have_text("13900139000")
