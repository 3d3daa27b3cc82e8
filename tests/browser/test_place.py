"""A place's page and a tag's: values, limits, alarms, history, live."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Product


def test_values_move_by_themselves_and_name_their_unit(product: Product, open_as: Callable[..., Page]) -> None:
    page = open_as("王安", f"/places/{product.place('plant')}")
    row = page.locator(f'tr[data-tag="{product.tag("CALM_F")}"]')
    expect(row).to_contain_text("高高限 95.0")
    product.send("CALM_F", 41.7)
    expect(row.locator("output")).to_have_text("41.7 kPa")
    expect(row.locator("svg.spark path")).to_have_count(1)


def test_an_alarm_appears_on_the_page_of_its_plant(product: Product, open_as: Callable[..., Page]) -> None:
    page = open_as("王安", f"/places/{product.place('plant')}")
    product.send("CALM_F", 92.0)
    expect(page.locator("[data-part=alarms]")).to_contain_text("进料流量 92.0 kPa，达到高限 90.0 kPa")
    expect(page.locator(f'tr[data-tag="{product.tag("CALM_F")}"] .tag-state')).to_contain_text("高限")
    product.send("CALM_F", 50.0)
    expect(page.locator(f'tr[data-tag="{product.tag("CALM_F")}"] .tag-state')).to_contain_text("正常")


def test_the_chart_of_a_tag_is_drawn_with_its_limits_and_grows(product: Product, open_as: Callable[..., Page]) -> None:
    product.send("CALM_F", 51.0)
    page = open_as("李巡", f"/tags/{product.tag('CALM_F')}")
    chart = page.locator("#tag-chart")
    expect(chart.locator("canvas").first).to_be_visible()
    before = int(chart.get_attribute("data-drawn") or 0)
    product.send("CALM_F", 52.5)
    expect(page.locator(".tag-now")).to_have_text("52.5 kPa")
    expect(chart).not_to_have_attribute("data-drawn", str(before))


def test_the_explanation_has_an_address_of_its_own_for_any_time(product: Product, open_as: Callable[..., Page]) -> None:
    page = open_as("李巡", f"/places/{product.place('plant')}/why?at=2026-01-01T08:00:00%2B08:00")
    expect(page.locator(".why-panel")).to_contain_text("当时显示的颜色")
    answer = page.request.get(f"/places/{product.place('plant')}/why?at=yesterday")
    assert answer.status == 422
    assert "看不懂时间" in answer.text()
