"""Chromium pages of the running product, signed in as the people of its county."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.product import Product
from tests.world import PASSWORD, PEOPLE

#: The shell lays out and draws as the browser does and leaves out its windows: a quarter less processor time.
CHROMIUM = os.environ.get("ANLAN_CHROMIUM") or shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
#: WebGL alone is drawn by SwiftShader: to lay the pages together with it as well takes most of their processor time.
FLAGS = ["--no-sandbox", "--use-angle=swiftshader-webgl", "--enable-unsafe-swiftshader"]
PATIENCE_MS = 60_000


def proved(value: object) -> Any:
    """One case of many: not the everyday run's."""
    return pytest.param(value, marks=pytest.mark.prove)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """A failure shows what the product was doing."""
    report = yield
    product = getattr(item, "funcargs", {}).get("product")
    if report.failed and product is not None:
        report.sections.append(("the product", product.told()))
    return report


USERNAMES = {name: username for name, username, *_ in PEOPLE}


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def sessions() -> dict[str, Any]:
    """What a browser keeps of a sign-in, by name, so that each person signs in by hand only once."""
    return {}


@pytest.fixture
def open_as(product: Product, chromium: Browser, sessions: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """``open_as("赵值", "/duty", width=390)``: a page of a browser of its own. No page may say an error."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(name: str, path: str = "/", *, width: int = 1440, height: int = 900, **options: Any) -> Page:
        if name not in sessions:
            sessions[name] = sign_in(product, chromium, name)
        view = {"width": width, "height": height}
        context = window(product, chromium, viewport=view, storage_state=sessions[name], **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def window(product: Product, chromium: Browser, **options: Any) -> BrowserContext:
    """A browser of somebody's own, patient enough for a loaded machine."""
    context = chromium.new_context(base_url=product.base, locale="zh-CN", **options)
    context.set_default_timeout(PATIENCE_MS)
    context.set_default_navigation_timeout(2 * PATIENCE_MS)  # the first page that computes compiles the models
    return context


def sign_in(product: Product, chromium: Browser, name: str) -> Any:
    with closing(window(product, chromium)) as context:
        page = context.new_page()
        page.goto("/accounts/login/")
        page.get_by_label("用户名").fill(USERNAMES[name])
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.locator("#connection")).to_be_visible()
        return context.storage_state()
