"""A park's study in a browser: contours are there, a point tells who contributes, a dragged source takes them along."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.product import Product


def test_a_dragged_source_takes_its_contours_along_and_goes_back(
    product: Product, open_as: Callable[..., Page]
) -> None:
    ids = json.loads(product.run("-m", "tests.browser.park_study").splitlines()[-1])
    page = open_as("李巡", f"/consequences/parks/{ids['study']}")
    expect(page.locator("#park-map[data-ready]")).to_be_visible(timeout=90_000)
    assert json.loads(page.locator("#park-drawing").text_content() or "{}")["contours"]["features"]
    pin = page.locator(f"[data-pin='{ids['source']}']")
    before = pin.bounding_box()
    assert before is not None
    x, y = before["x"] + before["width"] / 2, before["y"] + before["height"] / 2
    page.mouse.click(x + 40, y + 40)
    expect(page.locator("#park-point")).to_contain_text("液氯储罐")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 20, steps=4)
    page.mouse.up()
    trial = page.locator("[data-trial]")
    expect(trial).to_contain_text("试移：液氯储罐")
    expect(trial).to_contain_text("超标的防护目标")
    expect(trial).to_contain_text("已按全部网格计算")
    expect(page.locator("#park-map[data-exact-count]")).to_be_visible()
    page.get_by_role("button", name="放回原处").click()
    expect(trial).to_be_hidden()
    after = pin.bounding_box()
    assert after is not None and abs(after["x"] - before["x"]) < 1
