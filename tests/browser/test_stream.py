"""When the stream breaks the page says since when its data are old; when it is back nothing is missing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Product


def test_a_killed_web_process_is_confessed_and_nothing_is_missed_after_it(
    product: Product, open_as: Callable[..., Page]
) -> None:
    page = open_as("赵值", "/")
    connection = page.locator("#connection")
    expect(connection).to_have_attribute("data-state", "live")
    product.kill("web")
    expect(connection).to_have_attribute("data-state", "broken")
    expect(connection).to_contain_text("数据截至")
    product.start_web()
    product.send("LOST_L", 97.0)
    expect(connection).to_have_attribute("data-state", "live")
    expect(page.locator("#changes")).to_contain_text("塔釜液位")


@pytest.mark.prove  # it takes half a minute until a worker counts as dead
def test_a_dead_worker_is_announced_on_every_page(product: Product, open_as: Callable[..., Page]) -> None:
    page = open_as("赵值", "/duty")
    product.kill("worker")
    try:
        expect(page.locator("#stopped")).to_contain_text("工作进程停顿", timeout=40_000)
        page.goto("/health")
        expect(page.get_by_text("anlan worker")).to_be_visible(timeout=40_000)
    finally:
        product.start("worker")
    expect(page.locator("#stopped")).to_be_hidden(timeout=40_000)
