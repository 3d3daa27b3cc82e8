"""Words can be read on every ground of every theme: WCAG 2.2 AA, computed from the tokens themselves."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "anlan"
TOKENS = (ROOT / "kit/frontend/tokens.css").read_text("utf-8")
WALL = (ROOT / "web/frontend/entries/wall.css").read_text("utf-8")
GROUNDS = ("page", "surface", "raised", "sunken")
LEVELS = ("major", "serious", "general", "low")
TEXT, SHAPE = 4.5, 3.0


def block(css: str, selector: str) -> dict[str, str]:
    start = css.index(selector + " {")
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", css[start : css.index("}", start)])
    return dict(found)


LIGHT = block(TOKENS, ":root")
DARK = LIGHT | block(TOKENS, '[data-bs-theme="dark"]')
THEMES = {"light": LIGHT, "dark": DARK, "wall": DARK | block(WALL, '[data-size="wall"][data-bs-theme="dark"]')}


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(2 * one for one in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def pairs() -> list[tuple[str, str, float]]:
    words = [(ink, ground, TEXT) for ink in ("ink", "ink-soft") for ground in GROUNDS]
    words += [("ink-faint", "surface", TEXT), ("action-on", "action", TEXT), ("line-strong", "surface", SHAPE)]
    words += [(f"level-{level}-on", f"level-{level}", TEXT) for level in LEVELS]
    words += [
        (f"level-{level}-ink", ground, TEXT) for level in (*LEVELS, "unknown") for ground in ("surface", "raised")
    ]
    return words


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
def test_every_word_can_be_read_on_its_ground(theme: str) -> None:
    tokens = THEMES[theme]
    told = [(ink, ground, round(contrast(tokens[ink], tokens[ground]), 2), least) for ink, ground, least in pairs()]
    assert [one for one in told if one[2] < one[3]] == []
