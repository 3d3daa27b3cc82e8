"""Every page at every width, in both themes and both languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Product

WIDTHS = {"a phone": 390, "a desk": 1440, "a wall": 3840, "a desk at 200 %": 720}

UNNAMED = """() => {
  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const named = (one) => one.ariaLabel || one.textContent.trim() || one.labels?.length || one.title;
  return [...document.querySelectorAll(controls)]
    .filter((one) => one.checkVisibility() && !named(one)).map((one) => one.outerHTML.slice(0, 120));
}"""


def paths(product: Product) -> list[str]:
    plant, tag = product.place("plant"), product.tag("CALM_F")
    return [
        "/",
        f"/places/{plant}",
        f"/places/{plant}/why",
        f"/tags/{tag}",
        "/duty",
        "/health",
        "/notices",
        "/search?q=恒泰",
        "/style",
        "/accounts/sessions/",
    ]


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_no_page_is_wider_than_its_screen(product: Product, open_as: Callable[..., Page], width: int) -> None:
    page = open_as("赵值", "/notices", width=width, height=900)
    for path in paths(product):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_the_theme_follows_the_device_and_can_be_switched(product: Product, open_as: Callable[..., Page]) -> None:
    page = open_as("赵值", "/duty", color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_label("赵值的菜单").click()
    page.get_by_text("浅色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_the_language_is_switched_for_all_pages(product: Product, open_as: Callable[..., Page]) -> None:
    page = open_as("赵值", "/duty")
    page.get_by_label("赵值的菜单").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Duty desk")


def test_everything_can_be_reached_by_keyboard_and_has_a_name(product: Product, open_as: Callable[..., Page]) -> None:
    page = open_as("赵值", "/notices")
    for path in paths(product):
        page.goto(path)
        assert page.evaluate(UNNAMED) == [], path
