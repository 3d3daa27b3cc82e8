"""Every page at every width, in both themes and both languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Product, proved

WIDTHS = (390, 720, 1440, 3840)  # a phone, a desk at 200 %, a desk, a wall

UNNAMED = """() => {
  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const named = (one) => one.ariaLabel || one.textContent.trim() || one.labels?.length || one.title;
  return [...document.querySelectorAll(controls)]
    .filter((one) => one.checkVisibility() && !named(one)).map((one) => one.outerHTML.slice(0, 120));
}"""


PATHS = (
    "/",
    "/places/{plant}",
    proved("/places/{plant}/why"),
    proved("/tags/{tag}"),
    "/chart?tags={tag}",
    "/wall",
    "/duty",
    proved("/health"),
    proved("/notices"),
    proved("/search?q=恒泰"),
    "/style",
    proved("/accounts/sessions/"),
)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_every_screen_and_names_every_control(
    product: Product, open_as: Callable[..., Page], path: str
) -> None:
    page = open_as("赵值", path.format(plant=product.place("plant"), tag=product.tag("CALM_F")), width=WIDTHS[0])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 600})
        page.wait_for_function(f"innerWidth === {width}")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"at {width} px"
        assert page.evaluate(UNNAMED) == []


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
