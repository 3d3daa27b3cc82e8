"""The one map: where is it red, and why, without a click."""

import base64
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Product

RED_PIXELS = """async (png) => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
  const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, image.width, image.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (Math.abs(data[at] - 217) < 14 && Math.abs(data[at + 1] - 45) < 14 && Math.abs(data[at + 2] - 32) < 14) count++;
  }
  return count;
}"""


def red_pixels(page: Page) -> int:
    """How much of the map is painted in the colour of the level major."""
    picture = base64.b64encode(page.locator("#map").screenshot()).decode()
    blank = page.context.new_page()
    count = blank.evaluate(RED_PIXELS, picture)
    blank.close()
    return int(count)


def wait_for_red(page: Page, *, more_than: int) -> None:
    until = time.monotonic() + 60
    while red_pixels(page) <= more_than:
        assert time.monotonic() < until, "the map did not turn red"
        time.sleep(0.3)


def test_the_map_turns_red_by_itself_and_says_why(product: Product, open_as: Callable[..., Page]) -> None:
    page = open_as("钱领")
    expect(page.locator("#map[data-ready]")).to_be_visible()
    calm = red_pixels(page)
    product.send("MAP_P", 97.5)
    now = page.locator("[data-part=now]")
    expect(now).to_contain_text("清河县")
    expect(now).to_contain_text("釜顶压力")
    expect(now).to_contain_text("重大风险")
    tree = page.get_by_role("tree", name="区域树")
    expect(tree.get_by_role("treeitem").filter(has_text="柳湾化工园").first.locator(".level-mark").first).to_have_text(
        "红重大风险"
    )
    expect(page.locator("#changes > li").first).to_contain_text("釜顶压力")
    wait_for_red(page, more_than=calm + 200)


def test_a_place_is_chosen_in_the_tree_by_keyboard_and_explained(
    product: Product, open_as: Callable[..., Page]
) -> None:
    page = open_as("赵值")
    root = page.get_by_role("treeitem").first
    expect(root).to_contain_text("清河县")
    root.focus()
    page.keyboard.press("ArrowDown")
    chosen = page.locator('[role="treeitem"]:focus .tree-name').first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#why h2")).to_have_text(chosen)
    assert "place=" in page.url
    page.reload()
    expect(page.locator("#why h2")).to_have_text(chosen)
    page.keyboard.press("Escape")
    expect(page.locator("#why")).to_be_hidden()


@pytest.mark.parametrize(
    "touch",
    [False, pytest.param(True, marks=pytest.mark.prove)],  # Chromium drops a tap that waits a second
)
def test_a_press_on_the_map_picks_a_plant(product: Product, open_as: Callable[..., Page], *, touch: bool) -> None:
    page = open_as("赵值", f"/?place={product.place('plant')}", width=390, height=844, has_touch=touch)
    expect(page.locator("#map[data-ready]")).to_be_visible()
    page.get_by_role("button", name="关闭", exact=True).first.click()
    expect(page.locator("#why")).to_be_hidden()
    box = page.locator("#map").bounding_box()
    assert box
    press = page.touchscreen.tap if touch else page.mouse.click
    for _ in range(30):  # software drawing may still be on its way to the plant
        press(box["x"] + box["width"] / 2 - 6, box["y"] + (box["height"] - 84) / 2)
        page.wait_for_timeout(700)
        if "place=" in page.url:
            break
    assert "place=" in page.url
    expect(page.locator("#why h2")).to_be_visible()


SLIDES = """canvas => {
  window.slides = [];
  const note = () => window.slides.push(canvas.style.transform);
  new MutationObserver(note).observe(canvas, { attributeFilter: ["style"] });
}"""


def test_without_a_graphics_card_the_picture_slides_with_the_hand_and_is_painted_when_it_rests(
    open_as: Callable[..., Page],
) -> None:
    page = open_as("赵值")
    page.locator("#map[data-ready]").wait_for()
    canvas = page.locator("#map canvas")
    canvas.evaluate(SLIDES)
    box = page.locator("#map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 90, y + 40, steps=40)
    page.mouse.up()
    page.wait_for_function("window.slides.some(one => one.startsWith('translate('))")
    expect(canvas).not_to_have_attribute("style", re.compile("transform: translate"))


def test_the_slider_shows_the_colours_as_they_were_shown_then(product: Product, open_as: Callable[..., Page]) -> None:
    page = open_as("赵值")
    school = product.place("school")
    product.send("PAST_P", 97.0)
    expect(page.locator("#changes")).to_contain_text("锅炉压力")
    page.goto(f"/?place={school}")
    mark = page.locator(f'[data-place="{school}"][role="treeitem"] > .tree-row .level-mark')
    expect(mark).to_have_text("红重大风险")
    page.get_by_role("slider", name="看过去任一时刻的颜色").fill("-1430")
    expect(page.locator("[data-replay-state]")).to_contain_text("回放")
    expect(mark).to_have_text("未未知")
    page.get_by_role("button", name="回到实时").click()
    expect(page.locator("[data-replay-state]")).to_have_text("实时")
    expect(mark).to_have_text("红重大风险")


@pytest.mark.prove
def test_the_outsider_sees_nothing_of_the_county(product: Product, open_as: Callable[..., Page]) -> None:
    page = open_as("孙外")
    expect(page.get_by_role("treeitem").first).to_contain_text("临山县")
    assert "清河县" not in page.content()
    for path in (
        f"/places/{product.place('plant')}",
        f"/places/{product.place('plant')}/why",
        f"/tags/{product.tag('MAP_P')}",
    ):
        answer = page.request.get(path)
        assert answer.status == 404
        assert "恒泰" not in answer.text()
    assert "釜" not in page.request.get("/duty").text()
    assert "恒泰" not in page.request.get("/map/view.json?zoom=18").text()


@pytest.mark.prove
def test_somebody_without_grants_is_told_what_to_do(product: Product, open_as: Callable[..., Page]) -> None:
    page = open_as("何客")
    expect(page.get_by_text("还没有您能看到的区域")).to_be_visible()
