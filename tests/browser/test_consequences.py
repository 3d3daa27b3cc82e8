"""An accident on the map: its zones appear, and turn when the wind turns."""

import json
from collections.abc import Callable
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from tests.browser.conftest import Product

TRIED = {
    "substance": "氨", "tonnes": "6", "celsius": "25", "kind": "hole", "millimetres": "25", "minutes": "15",
    "longitude": "120.055", "latitude": "30.005", "sky": "live",
}  # fmt: skip


def middle(page: Page) -> tuple[float, float]:
    """Of the mildest zone that is drawn, east and north of the source."""
    told = json.loads(page.locator("#study-drawing").text_content() or "{}")
    ring = told["zones"]["features"][0]["geometry"]["coordinates"][0]
    east, north = (sum(point[axis] for point in ring) / len(ring) for axis in (0, 1))
    return east - 120.055, north - 30.005


def test_zones_appear_and_turn_with_the_wind(product: Product, open_as: Callable[..., Page]) -> None:
    product.send("SKY_WIND", 3.0)
    product.send("SKY_FROM", 180.0)
    page = open_as("赵值", f"/consequences/what-if?{urlencode(TRIED)}")
    expect(page.locator("#study-map canvas")).to_be_visible()
    expect(page.locator(".study-now")).to_contain_text("南风 3 米/秒")
    expect(page.locator(".study-zones tbody tr").first).to_be_visible()
    east, north = middle(page)
    assert north > 2 * abs(east)
    product.send("SKY_FROM", 270.0)
    expect(page.locator(".study-now")).to_contain_text("西风")
    east, north = middle(page)
    assert east > 2 * abs(north)
    page.get_by_role("radio", name="自己填").check()
    page.get_by_label("风从哪来，度").fill("0")
    expect(page.locator(".study-now")).to_have_count(0)
    page.wait_for_function("new URLSearchParams(location.search).get('from') === '0'")
    expect(page.locator("#study-wind span")).to_have_text("3 m/s")
    page.wait_for_function("JSON.parse(document.querySelector('#study-drawing').textContent).wind.from === 0")
    east, north = middle(page)
    assert north < -2 * abs(east)
