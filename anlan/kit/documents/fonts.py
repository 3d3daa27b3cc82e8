"""The typeface of documents and pictures, shipped with the product, so that they look alike on every machine.

It holds GB 2312 and the signs of units (``scripts/report_font.py`` cuts it). A rarer character of a name is set, in
PDF, in the reader's own Song; in pictures it is drawn as an empty box.
"""

from functools import cache
from pathlib import Path

from PIL import ImageFont
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]  # ships no types
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]  # ships no types
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]  # ships no types

FILE = Path(__file__).parent / "fonts" / "AnlanSans-Regular.ttf"
NAME, RARE = "AnlanSans", "STSong-Light"


@cache
def registered() -> frozenset[int]:
    """Make the typeface known to PDF; returns the characters that it has."""
    font = TTFont(NAME, str(FILE))
    pdfmetrics.registerFont(font)
    pdfmetrics.registerFont(UnicodeCIDFont(RARE))
    return frozenset(font.face.charToGlyph)


@cache
def drawn(size: int) -> ImageFont.FreeTypeFont:
    """The typeface for pictures [pixel]."""
    return ImageFont.truetype(str(FILE), size)


def markup(text: str) -> str:
    """A text for a PDF paragraph: escaped, rare characters in another face, its own line breaks kept."""
    have, parts, rare = registered(), list[str](), ""
    for one in text:
        if ord(one) in have or one in "\n\t":
            parts += [_rare(rare), {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": "<br/>"}.get(one, one)]
            rare = ""
        else:
            rare += one
    return "".join([*parts, _rare(rare)])


def _rare(text: str) -> str:
    return f'<font name="{RARE}">{text}</font>' if text else ""
