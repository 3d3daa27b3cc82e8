"""The file of an enterprise in a browser: a form that says what is wrong, keeps its draft, and shows what it saved."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.product import Product


def test_a_licence_is_filled_in_and_what_was_typed_survives_leaving(
    product: Product, open_as: Callable[..., Page]
) -> None:
    page = open_as("王安", f"/enterprises/{product.place('plant')}?group=rules")
    page.get_by_role("link", name="登记责任制、规章制度、操作规程").click()
    page.get_by_label("文件名称").fill("动火作业管理制度")  # perhaps before the page's scripts have come
    expect(page.locator("#connection")).to_have_attribute("data-state", "live")
    page.reload()
    expect(page.locator("[data-draft-note]")).to_be_visible()
    expect(page.get_by_label("文件名称")).to_have_value("动火作业管理制度")
    page.get_by_label("类别").select_option("规章制度")
    page.get_by_label("类别").press("Control+Enter")
    expect(page.locator("[data-wrong]")).to_contain_text("发布日期")
    page.get_by_label("发布日期").fill("2026-01-05")
    page.get_by_label("发布日期").press("Control+Enter")
    expect(page.get_by_role("heading", name="动火作业管理制度")).to_be_visible()
    page.goto(f"/enterprises/{product.place('plant')}/add?group=rules")
    expect(page.get_by_label("文件名称")).to_have_value("")


def test_statistics_follow_the_list_and_nothing_is_cut_on_a_phone(
    product: Product, open_as: Callable[..., Page]
) -> None:
    page = open_as("李巡", "/enterprises", width=390, height=844)
    side = page.locator("[data-part=statistics]")
    expect(side).to_contain_text("transport")
    page.get_by_label("名称、代码、地址、负责人").fill("恒泰")
    page.get_by_label("名称、代码、地址、负责人").press("Enter")
    expect(side).not_to_contain_text("transport")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
