"""The chart of several tags, the wall from across the room, and the way to any page from the keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Product, proved


def test_tags_are_added_to_a_chart_and_a_stretch_of_it_is_chosen_by_dragging(
    product: Product, open_as: Callable[..., Page]
) -> None:
    product.send("CALM_F", 51.0)
    page = open_as("李巡", f"/chart?tags={product.tag('CALM_F')}")
    chart = page.locator("#tag-chart")
    expect(chart).to_have_attribute("data-drawn", re.compile(r"\d"))
    box = chart.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.3, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=4)
    page.mouse.up()
    page.wait_for_url("**start=**")
    page.keyboard.press("0")
    page.wait_for_url("**minutes=**")
    page.get_by_role("combobox", name="加一个监测点").fill("储罐")
    page.locator("#chart-offered a").first.click()
    expect(page.locator("[data-row]")).to_have_count(2)


@pytest.mark.parametrize("size", [(1920, 1080), proved((3840, 1080)), proved((1600, 1200)), proved((1080, 1920))])
def test_the_wall_fills_its_screen_and_nothing_of_it_is_cut(
    product: Product, open_as: Callable[..., Page], size: tuple[int, int]
) -> None:
    page = open_as("赵值", "/wall", width=size[0], height=size[1])
    expect(page.locator(".wall-figure")).to_have_count(6)
    root = "document.documentElement"
    assert page.evaluate(f"[{root}.scrollWidth - innerWidth, {root}.scrollHeight - innerHeight]") == [0, 0]
    cut = "[...document.querySelectorAll('.wall-figure')].filter((one) => one.scrollWidth > one.clientWidth + 1).length"
    assert page.evaluate(cut) == 0


def test_any_place_is_reached_from_the_keyboard(product: Product, open_as: Callable[..., Page]) -> None:
    page = open_as("赵值", "/duty")
    page.keyboard.press("/")
    page.keyboard.type("恒泰化工厂")
    expect(page.locator(".find-hit").first).to_contain_text("恒泰化工厂")
    page.keyboard.press("Enter")
    page.wait_for_url("**/places/**")
