"""A sheet to draw on in points of paper, drawn larger and made smaller so that edges are smooth."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import pairwise
from math import ceil, floor

from PIL import Image, ImageColor, ImageDraw

from anlan.kit.documents import fonts

Point = tuple[float, float]
INK, SOFT, PALE, WHITE = "#1A2029", "#5B626C", "#D9DDE2", "#FFFFFF"
DPI, FINER = 200, 2
POINT = DPI / 72 * FINER  # pixels of a point while drawing
CM = 72 / 2.54  # points of a centimetre


class Sheet:
    """``width`` and ``height`` [pt]; the origin is at the top left, y runs down."""

    def __init__(self, width: float, height: float, colour: str = WHITE) -> None:
        self.width, self.height = width, height
        self._image = Image.new("RGB", (round(width * POINT), round(height * POINT)), colour)
        self._pen = ImageDraw.Draw(self._image, "RGBA")

    def polygon(self, rings: Sequence[Sequence[Point]], fill: str, alpha: float = 1.0) -> None:
        """An area; rings after the first are holes."""
        outer, *holes = [_scaled(ring) for ring in rings]
        if len(outer) < 3:
            return
        if not holes:
            self._pen.polygon(outer, fill=_colour(fill, alpha))
            return
        west, north = (max(floor(min(point[axis] for point in outer)), 0) for axis in (0, 1))
        east, south = (min(ceil(max(point[axis] for point in outer)) + 1, self._image.size[axis]) for axis in (0, 1))
        if east <= west or south <= north:
            return
        mask = Image.new("L", (east - west, south - north), 0)
        pen = ImageDraw.Draw(mask)
        for ring, ink in ((outer, round(255 * alpha)), *((hole, 0) for hole in holes)):
            pen.polygon([(x - west, y - north) for x, y in ring], fill=ink)
        self._image.paste(Image.new("RGB", mask.size, fill), (west, north), mask)

    def line(self, points: Iterable[Point], colour: str, width: float = 0.8, dash: float = 0.0) -> None:
        """``dash``: length of strokes and gaps [pt]; 0 = unbroken."""
        for piece in _dashed(list(points), dash) if dash else [list(points)]:
            self._pen.line(_scaled(piece), fill=colour, width=max(round(width * POINT), 1), joint="curve")

    def box(self, at: Point, to: Point, fill: str | None = None, edge: str | None = None, width: float = 0.5) -> None:
        corners = _scaled([at, to])
        self._pen.rectangle(corners, fill=fill, outline=edge, width=max(round(width * POINT), 1))

    def disc(self, at: Point, radius: float, fill: str, edge: str | None = None, width: float = 0.6) -> None:
        (x, y), r = _scaled([at])[0], radius * POINT
        self._pen.ellipse([x - r, y - r, x + r, y + r], fill=fill, outline=edge, width=max(round(width * POINT), 1))

    def text(
        self, at: Point, text: str, size: float = 8, colour: str = INK, anchor: str = "lm", halo: str = ""
    ) -> None:
        """``anchor`` as Pillow names it: l m r, then a m s for top, middle and baseline."""
        stroke = round(1.4 * POINT) if halo else 0
        font = fonts.drawn(round(size * POINT))
        self._pen.text(
            _scaled([at])[0], text, fill=colour, font=font, anchor=anchor, stroke_width=stroke,
            stroke_fill=halo or None,
        )  # fmt: skip

    def long(self, text: str, size: float = 8) -> float:
        """Width of a text [pt]."""
        return fonts.drawn(round(size * POINT)).getlength(text) / POINT

    def cut(self, text: str, size: float, room: float) -> str:
        """The text, shortened to fit."""
        if self.long(text, size) <= room:
            return text
        while text and self.long(text + "…", size) > room:
            text = text[:-1]
        return text + "…"

    def png(self) -> bytes:
        small = (self._image.width // FINER, self._image.height // FINER)
        out = BytesIO()
        self._image.resize(small, Image.Resampling.BOX).save(out, "PNG", dpi=(DPI, DPI), compress_level=6)
        return out.getvalue()


def _scaled(points: Iterable[Point]) -> list[Point]:
    return [(x * POINT, y * POINT) for x, y in points]


def _colour(name: str, alpha: float) -> tuple[int, ...]:
    return (*ImageColor.getrgb(name)[:3], round(255 * alpha))


def _dashed(points: list[Point], length: float) -> list[list[Point]]:
    """A line cut into strokes."""
    pieces, piece, left, drawing = list[list[Point]](), points[:1], length, True
    for (x0, y0), (x1, y1) in pairwise(points):
        whole = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        done = 0.0
        while whole - done > left:
            done += left
            at = (x0 + (x1 - x0) * done / whole, y0 + (y1 - y0) * done / whole)
            if drawing:
                pieces.append([*piece, at])
            piece, left, drawing = [at], length, not drawing
        left -= whole - done
        piece.append((x1, y1))
    return [*pieces, piece] if drawing and len(piece) > 1 else pieces
