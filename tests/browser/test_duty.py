"""The duty desk: what must I do now, live, and on a second screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Product


def test_an_alarm_comes_live_is_explained_and_acknowledged_on_two_screens(
    product: Product, open_as: Callable[..., Page]
) -> None:
    desk, other = open_as("赵值", "/duty"), open_as("王安", "/duty")
    for screen in (desk, other):
        expect(screen.locator("#connection")).to_have_attribute("data-state", "live")
    product.send("DUTY_T", 97.0)
    row = desk.locator("#queue li").filter(has_text="釜内温度").first
    expect(row).to_contain_text("97.0 kPa，达到高高限 95.0 kPa")
    expect(row).to_contain_text("还剩")
    row.locator("a[data-open]").click()
    detail = desk.locator("#duty-detail")
    expect(detail.locator(".why-panel")).to_contain_text("釜内温度")
    expect(detail.locator("[data-trend]")).to_have_attribute("data-drawn", "1")
    desk.keyboard.press("a")
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text("不能撤回")
    dialog.get_by_label("备注").fill("已通知中控，现场核实")
    dialog.get_by_role("button", name="确认报警").click()
    expect(dialog).to_be_hidden()
    expect(detail).to_contain_text("赵值 已确认")
    expect(detail.locator(".notes")).to_contain_text("已通知中控，现场核实")
    expect(other.locator("#queue li").filter(has_text="釜内温度").first).to_contain_text("已确认")
    expect(other.locator("#queue li").filter(has_text="釜内温度").first.locator("[data-main]")).to_have_count(0)


def test_live_changes_leave_focus_and_half_written_text_alone(product: Product, open_as: Callable[..., Page]) -> None:
    product.send("DUTY_T", 50.0)
    product.send("CALM_F", 97.0)
    desk = open_as("赵值", "/duty")
    desk.locator("#queue li").filter(has_text="进料流量").first.locator("a[data-open]").click()
    expect(desk.locator("#duty-detail h2").first).to_contain_text("进料流量")
    note = desk.get_by_label("写备注")
    note.fill("正在写")
    product.send("CALM_F", 50.0)
    expect(desk.locator("#duty-detail")).to_contain_text("恢复")
    expect(note).to_be_focused()
    expect(note).to_have_value("正在写")


def test_filters_stay_in_the_address_and_narrow_together(product: Product, open_as: Callable[..., Page]) -> None:
    product.send("PAST_P", 96.5)
    desk = open_as("赵值", "/duty")
    desk.get_by_role("navigation", name="筛选").get_by_role("link", name="重大风险").click()
    expect(desk.get_by_role("navigation", name="筛选").locator("[aria-current]")).to_contain_text("重大风险")
    assert "level=4" in desk.url
    desk.goto("/duty?level=4&state=acknowledged&place=999999")
    expect(desk.get_by_text("没有符合筛选的报警")).to_be_visible()
    desk.get_by_role("link", name="清除筛选").first.click()
    expect(desk.locator("#queue li").first).to_be_visible()


@pytest.mark.prove
def test_the_leader_may_look_but_not_acknowledge(product: Product, open_as: Callable[..., Page]) -> None:
    product.send("PAST_P", 96.0)
    desk = open_as("钱领", "/duty")
    expect(desk.locator("#queue li").first).to_be_visible()
    expect(desk.locator("[data-acknowledge]")).to_have_count(0)
    token = desk.locator("#acknowledge [name=csrfmiddlewaretoken]").input_value()
    href = desk.locator("#queue a[data-open]").first.get_attribute("href") or ""
    number = href.rstrip("/").rsplit("/", 1)[-1]
    answer = desk.request.post(
        f"/alarms/{number}/acknowledge", form={"csrfmiddlewaretoken": token}, headers={"Referer": desk.url}
    )
    assert answer.status == 403


def test_a_filtered_list_is_acknowledged_as_a_whole(product: Product, open_as: Callable[..., Page]) -> None:
    product.send("STREAM_L", 97.0)
    product.send("CALM_F", 3.0)
    desk = open_as("赵值", "/duty")
    for name, value in (("储罐液位", "97.0 "), ("进料流量", "3.0 ")):  # what it said before stands in the list, too
        expect(desk.locator("#queue li").filter(has_text=name).filter(has_text=value).first).to_be_visible()
    desk.get_by_role("button", name="确认这").click()
    expect(desk.locator("#acknowledge-what")).to_contain_text("本列表中待确认的")
    desk.locator("#acknowledge-text").fill("同一原因，已通知")
    desk.get_by_role("dialog").get_by_role("button", name="确认报警").click()
    expect(desk.get_by_role("button", name="确认这")).to_have_count(0)
    expect(desk.locator("#queue [data-main]")).to_have_count(0)
    expect(desk.locator("#duty-detail .notes")).to_contain_text("同一原因，已通知")
