"""The map of individual risk and the F-N diagram as PNG, drawn by Pillow.

Words in pictures are numbers and Latin letters: fonts for Chinese are not shipped, so names stand as numbers whose
meaning the report tells beside the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil, floor, log10

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from anlan.kernels.qra.criteria import Line
from anlan.kernels.qra.layout import Floats
from anlan.kit.park.assembly import Scene
from anlan.kit.park.findings import Findings, Societal

_SCALE = 2  # drawn larger and made smaller, so that lines are smooth
_INK, _GREY, _PALE, _WHITE = (38, 38, 38), (140, 140, 140), (225, 225, 225), (255, 255, 255)
#: From the lowest level to the highest.
COLOURS = ((120, 178, 224), (96, 190, 130), (240, 200, 70), (240, 140, 60), (214, 60, 60), (130, 30, 110))
Colour = tuple[int, int, int]
Point = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """A plot's box in pixels and what its edges mean: x and y at the lower left and the upper right."""

    left: float
    top: float
    right: float
    bottom: float
    low: Point
    high: Point

    def at(self, x: float, y: float) -> Point:
        across = (x - self.low[0]) / (self.high[0] - self.low[0])
        up = (y - self.low[1]) / (self.high[1] - self.low[1])
        return self.left + across * (self.right - self.left), self.bottom - up * (self.bottom - self.top)


def map_picture(scene: Scene, found: Findings, width: int = 1000) -> bytes:
    """Contours over the grid, sources as numbered squares, targets as lettered diamonds; a scale and a key."""
    grid = scene.grid
    east, north = grid.west + grid.columns * grid.cell, grid.south + grid.rows * grid.cell
    inner = (width - 250) * _SCALE
    height = round(min(max(inner * (north - grid.south) / (east - grid.west), 200 * _SCALE), 2000 * _SCALE))
    frame = Frame(
        90 * _SCALE, 30 * _SCALE, 90 * _SCALE + inner, 30 * _SCALE + height, (grid.west, grid.south), (east, north)
    )
    image = Image.new("RGB", (width * _SCALE, height + 95 * _SCALE), _WHITE)
    _fill_contours(image, frame, found)
    pen = ImageDraw.Draw(image)
    _axes(pen, frame)
    for number, source in enumerate(scene.run.sources, 1):
        _mark(pen, frame.at(source.x, source.y), str(number), square=True)
    for number, target in enumerate(scene.run.targets, 1):
        _mark(pen, frame.at(target.x, target.y), f"T{number}", square=False)
    _key(pen, frame, [contour.level for contour in found.contours])
    return _png(image)


def _fill_contours(image: Image.Image, frame: Frame, found: Findings) -> None:
    for number, contour in enumerate(found.contours):
        mask = Image.new("L", image.size, 0)
        pen, lines = ImageDraw.Draw(mask), list[list[Point]]()
        for polygon in contour.polygons:
            for hole, ring in enumerate(polygon):
                points = [frame.at(x, y) for x, y in ring.tolist()]
                pen.polygon(points, fill=0 if hole else 70)
                lines.append(points)
        colour = COLOURS[number % len(COLOURS)]
        image.paste(Image.new("RGB", image.size, colour), mask=mask)
        ink = ImageDraw.Draw(image)
        for points in lines:
            ink.line(points, fill=colour, width=2 * _SCALE, joint="curve")


def _axes(pen: ImageDraw.ImageDraw, frame: Frame) -> None:
    for value in _round_steps(frame.low[0], frame.high[0]):
        x, _ = frame.at(value, frame.low[1])
        pen.line([(x, frame.bottom), (x, frame.bottom + 5 * _SCALE)], fill=_INK, width=_SCALE)
        pen.text((x, frame.bottom + 8 * _SCALE), f"{value:g}", fill=_INK, font=_font(13), anchor="ma")
    for value in _round_steps(frame.low[1], frame.high[1]):
        _, y = frame.at(frame.low[0], value)
        pen.line([(frame.left - 5 * _SCALE, y), (frame.left, y)], fill=_INK, width=_SCALE)
        pen.text((frame.left - 8 * _SCALE, y), f"{value:g}", fill=_INK, font=_font(13), anchor="rm")
    pen.rectangle([frame.left, frame.top, frame.right, frame.bottom], outline=_INK, width=_SCALE)
    middle = (frame.left + frame.right) / 2
    pen.text((middle, frame.bottom + 32 * _SCALE), "x (m)", fill=_INK, font=_font(14), anchor="ma")
    pen.text((frame.left, frame.top - 8 * _SCALE), "y (m)", fill=_INK, font=_font(14), anchor="lb")
    pen.text((frame.right, frame.top - 8 * _SCALE), "N ^", fill=_INK, font=_font(14), anchor="rb")


def _mark(pen: ImageDraw.ImageDraw, at: Point, label: str, *, square: bool) -> None:
    (x, y), r = at, 5 * _SCALE
    shape = [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]
    diamond = [(x, y - 1.3 * r), (x + 1.3 * r, y), (x, y + 1.3 * r), (x - 1.3 * r, y)]
    pen.polygon(shape if square else diamond, fill=_INK if square else _WHITE, outline=_INK)
    pen.text(
        (x + 8 * _SCALE, y - 8 * _SCALE), label, fill=_INK, font=_font(14), anchor="lb", stroke_width=2 * _SCALE,
        stroke_fill=_WHITE,
    )  # fmt: skip


def _key(pen: ImageDraw.ImageDraw, frame: Frame, levels: Sequence[float]) -> None:
    x, y = frame.right + 20 * _SCALE, frame.top
    pen.text((x, y), "IR (1/yr)", fill=_INK, font=_font(14), anchor="la")
    for number, level in enumerate(levels):
        y += 26 * _SCALE
        pen.line([(x, y + 8 * _SCALE), (x + 30 * _SCALE, y + 8 * _SCALE)], fill=COLOURS[number % 6], width=5 * _SCALE)
        pen.text((x + 40 * _SCALE, y), f"{level:.0e}", fill=_INK, font=_font(14), anchor="la")


def fn_picture(found: Societal, width: int = 800, height: int = 560) -> bytes:
    """The F-N curve as stairs on logarithmic axes with the lines of the criterion."""
    most = max(float(found.number.max(initial=1)), 100.0)
    often = found.frequency[found.frequency > 0]
    values = [*often.tolist(), *(line.frequency for line in (found.lines.upper, found.lines.lower) if line), 1e-6]
    low, high = floor(log10(min(values))) - 1, ceil(log10(max(values))) + 1
    box = (90 * _SCALE, 30 * _SCALE, (width - 30) * _SCALE, (height - 70) * _SCALE)
    frame = Frame(*box, (0.0, max(low, high - 12)), (ceil(log10(most)), high))
    image = Image.new("RGB", (width * _SCALE, height * _SCALE), _WHITE)
    pen = ImageDraw.Draw(image)
    _log_axes(pen, frame)
    for line, colour in ((found.lines.upper, COLOURS[4]), (found.lines.lower, COLOURS[1])):
        if line is not None:
            _criterion(pen, frame, line, colour)
    stairs = _stairs(found.number, found.frequency, frame)
    if len(stairs) > 1:
        pen.line(stairs, fill=(30, 80, 160), width=3 * _SCALE, joint="curve")
    return _png(image)


def _log_axes(pen: ImageDraw.ImageDraw, frame: Frame) -> None:
    for power in range(int(frame.low[0]), int(frame.high[0]) + 1):
        x, _ = frame.at(power, frame.low[1])
        pen.line([(x, frame.top), (x, frame.bottom)], fill=_PALE, width=_SCALE)
        pen.text((x, frame.bottom + 8 * _SCALE), f"{10**power:g}", fill=_INK, font=_font(14), anchor="ma")
    for power in range(int(frame.low[1]), int(frame.high[1]) + 1):
        _, y = frame.at(frame.low[0], power)
        pen.line([(frame.left, y), (frame.right, y)], fill=_PALE, width=_SCALE)
        pen.text((frame.left - 8 * _SCALE, y), f"1e{power}", fill=_INK, font=_font(14), anchor="rm")
    pen.rectangle([frame.left, frame.top, frame.right, frame.bottom], outline=_INK, width=_SCALE)
    middle = (frame.left + frame.right) / 2
    pen.text((middle, frame.bottom + 34 * _SCALE), "N", fill=_INK, font=_font(15), anchor="ma")
    pen.text((frame.left, frame.top - 8 * _SCALE), "F(N) (1/yr)", fill=_INK, font=_font(15), anchor="lb")


def _criterion(pen: ImageDraw.ImageDraw, frame: Frame, line: Line, colour: Colour) -> None:
    numbers = np.geomspace(max(line.least, 1.0), min(line.most, 10 ** frame.high[0]), 100)
    points = [frame.at(log10(n), log10(f)) for n, f in zip(numbers.tolist(), line.at(numbers).tolist(), strict=True)]
    shown = [point for point in points if frame.top <= point[1] <= frame.bottom]
    for start in range(0, len(shown) - 1, 4):  # dashes
        pen.line(shown[start : start + 3], fill=colour, width=2 * _SCALE)


def _stairs(number: Floats, frequency: Floats, frame: Frame) -> list[Point]:
    """F(N) holds from the corner before to this one; what lies left of N = 1 is not shown."""
    points, before = list[Point](), 0.0
    for n, f in zip(number.tolist(), frequency.tolist(), strict=True):
        if n >= 1 and log10(f) >= frame.low[1]:
            points += [frame.at(before, log10(f)), frame.at(log10(n), log10(f))]
            before = log10(n)
    return [*points, (points[-1][0], frame.bottom)] if points else []


def _round_steps(low: float, high: float) -> list[float]:
    rough = (high - low) / 6
    step = next(
        factor * 10 ** floor(log10(rough)) for factor in (1, 2, 5, 10) if factor * 10 ** floor(log10(rough)) >= rough
    )
    return [step * number for number in range(ceil(low / step), floor(high / step) + 1)]


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * _SCALE)


def _png(image: Image.Image) -> bytes:
    small = image.resize((image.width // _SCALE, image.height // _SCALE), Image.Resampling.LANCZOS)
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()
