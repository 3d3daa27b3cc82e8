"""Charts for documents: levels by group, days by level, plain bars. Colour means risk level and nothing else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

from anlan.kit.documents.canvas import CM, INK, PALE, SOFT, WHITE, Sheet
from anlan.kit.documents.model import COLOURS
from anlan.packs.families import levels
from anlan.rules.levels import ORDER, Level

WIDTH = 16 * CM
Counts = Sequence[int]  # by level 0 (unknown) … 4 (major)

#: The worst first, as people read it.
WORST_FIRST = [int(level) for level in ORDER[::-1]]
GREY = "#7B838D"


def signs(on: date) -> dict[int, str]:
    """The character of each level."""
    return {int(one): levels.word_of("core/levels/risk", one, on).sign for one in Level}


def mark(sheet: Sheet, at: tuple[float, float], level: int, sign: str, size: float = 9) -> None:
    """A square in the level's colour with its character in it."""
    x, y = at
    sheet.box((x, y - size / 2), (x + size, y + size / 2), COLOURS[level])
    ink = INK if level == Level.GENERAL else WHITE
    sheet.text((x + size / 2, y), sign, size * 0.72, ink, "mm")


def key(sheet: Sheet, at: tuple[float, float], on: date, shown: Sequence[int] = WORST_FIRST) -> float:
    """What the colours mean, in a line; returns where it ends."""
    x, y = at
    for level in shown:
        word = levels.word_of("core/levels/risk", Level(level), on)
        mark(sheet, (x, y), level, word.sign)
        sheet.text((x + 12, y), word.text, 8, SOFT)
        x += 12 + sheet.long(word.text, 8) + 14
    return x


def stacked(rows: Sequence[tuple[str, Counts]], on: date, unit: str, *, row: float = 17) -> bytes:
    """A bar for each group, its levels side by side, counts in them and the total behind."""
    top, name, tail = 26.0, 118.0, 42.0
    sheet = Sheet(WIDTH, top + row * max(len(rows), 1) + 8)
    key(sheet, (0, 9), on)
    sheet.text((WIDTH, 9), unit, 8, SOFT, "rm")
    most = max((sum(counts) for _, counts in rows), default=0) or 1
    sign = signs(on)
    for number, (text, counts) in enumerate(rows):
        y = top + row * number + row / 2
        sheet.text((name - 6, y), sheet.cut(text, 8.5, name - 8), 8.5, INK, "rm")
        x = name
        for level in WORST_FIRST:
            long = (WIDTH - name - tail) * counts[level] / most
            if long <= 0:
                continue
            sheet.box((x, y - row * 0.32), (x + long, y + row * 0.32), COLOURS[level])
            said = f"{sign[level]}{counts[level]}"
            if sheet.long(said, 7.5) + 4 < long:
                sheet.text((x + long / 2, y), said, 7.5, INK if level == Level.GENERAL else WHITE, "mm")
            x += long
        sheet.text((x + 5, y), str(sum(counts)), 8.5, INK)
    return sheet.png()


def by_day(days: Sequence[date], counts: Sequence[Counts], on: date, unit: str) -> bytes:
    """A column for each day, its levels on top of each other, the worst at the foot."""
    left, top, tall = 34.0, 28.0, 118.0
    sheet = Sheet(WIDTH, top + tall + 24)
    key(sheet, (0, 9), on, [level for level in WORST_FIRST if any(one[level] for one in counts)])
    sheet.text((WIDTH, 9), unit, 8, SOFT, "rm")
    most = _ceiling(max((sum(one) for one in counts), default=0))
    foot = top + tall
    _rules(sheet, (left, top), tall, most)
    step = (WIDTH - left) / max(len(days), 1)
    for number, one in enumerate(counts):
        x, y = left + step * number, foot
        for level in WORST_FIRST:
            high = tall * one[level] / most
            if high > 0:
                sheet.box((x + step * 0.14, y - high), (x + step * 0.86, y), COLOURS[level])
                y -= high
    _days(sheet, days, left, step, foot)
    return sheet.png()


def small_multiples(days: Sequence[date], series: Mapping[int, Sequence[int]], on: date, unit: str) -> bytes:
    """A step line for each level with a scale of its own: a few red points are not lost beside a thousand blue ones."""
    left, head, tall, gap = 34.0, 20.0, 46.0, 22.0
    shown = [level for level in WORST_FIRST if level in series and level != Level.LOW]
    sheet = Sheet(WIDTH, (tall + gap) * max(len(shown), 1) + head)
    sheet.text((WIDTH, 9), unit, 8, SOFT, "rm")
    step = (WIDTH - left - 46) / max(len(days) - 1, 1)
    for number, level in enumerate(shown):
        top, values = head + (tall + gap) * number, series[level]
        word = levels.word_of("core/levels/risk", Level(level), on)
        mark(sheet, (left, top - 7), level, word.sign)
        sheet.text((left + 13, top - 7), word.text, 8, SOFT)
        most = _ceiling(max(values, default=0))
        _rules(sheet, (left, top), tall, most, parts=2, right=WIDTH - 46)
        points = _steps([(left + step * day, top + tall * (1 - value / most)) for day, value in enumerate(values)])
        if points:
            sheet.line(points, COLOURS[level], 1.6)
            x, y = points[-1]
            sheet.disc((x, y), 2, COLOURS[level])
            change = values[-1] - values[0]
            sheet.text((x + 6, y), f"{values[-1]}（{change:+d}）" if change else f"{values[-1]}", 8.5, INK)
    _days(sheet, days, left - step / 2, step, head + (tall + gap) * len(shown) - gap)
    return sheet.png()


def bars(rows: Sequence[tuple[str, float]], unit: str, *, row: float = 16, name: float = 150) -> bytes:
    """A grey bar for each name with its number behind it."""
    sheet = Sheet(WIDTH, row * max(len(rows), 1) + 20)
    sheet.text((WIDTH, 8), unit, 8, SOFT, "rm")
    most = max((value for _, value in rows), default=0) or 1
    for number, (text, value) in enumerate(rows):
        y = 18 + row * number + row / 2
        sheet.text((name - 6, y), sheet.cut(text, 8.5, name - 8), 8.5, INK, "rm")
        long = (WIDTH - name - 46) * value / most
        sheet.box((name, y - row * 0.3), (name + max(long, 0.6), y + row * 0.3), GREY)
        sheet.text((name + long + 5, y), f"{value:,.6g}", 8.5)
    return sheet.png()


@dataclass(frozen=True)
class Stairs:
    """An F-N curve by its corners: deaths, and how often so many or more die [1/yr]."""

    name: str
    number: Sequence[float]
    frequency: Sequence[float]


def societal(curves: Sequence[Stairs], lines: Mapping[str, Callable[[float], float]], end: float) -> bytes:
    """F-N curves on logarithmic axes, the last one bold, with the lines of a criterion by name up to ``end`` deaths."""
    low, high, right = -9, -2, max(3, ceil(log10(max((one.number[-1] for one in curves if one.number), default=1))))
    left, top, tall, wide = 46.0, 22.0, 200.0, WIDTH - 46.0 - 62.0
    sheet = Sheet(WIDTH, top + tall + 34)

    def at(number: float, frequency: float) -> tuple[float, float]:
        x, y = log10(max(number, 1.0)) / right, (log10(max(frequency, 10.0**low)) - low) / (high - low)
        return left + wide * x, top + tall * (1 - min(y, 1.0))

    for power in range(low, high + 1):
        y = at(1, 10.0**power)[1]
        sheet.line([(left, y), (left + wide, y)], PALE, 0.5)
        sheet.text((left - 5, y), f"1e{power}", 7.5, SOFT, "rm")
    for power in range(right + 1):
        x = at(10.0**power, 1)[0]
        sheet.line([(x, top), (x, top + tall)], PALE, 0.5)
        sheet.text((x, top + tall + 9), f"{10**power:,}", 7.5, SOFT, "mm")
    sheet.text((0, 8), "N 人以上死亡的频率，每年", 8, SOFT)
    sheet.text((left + wide, top + tall + 24), "死亡人数 N", 8, SOFT, "rm")
    for name, line in lines.items():
        sheet.line([at(1, line(1)), at(end, line(end))], SOFT, 0.9, 4)
        sheet.text((left + wide + 4, at(end, line(end))[1]), name, 7.5, SOFT)
    for number, one in enumerate(curves):
        bold = number == len(curves) - 1
        points = _descending(one)
        if points:
            drawn = [at(*point) for point in points]
            sheet.line(drawn, INK if bold else GREY, 1.6 if bold else 1.0, 0 if bold else 3)
            sheet.text((drawn[0][0] + 6, drawn[0][1] + (-7 if bold else 8)), one.name, 7.5, INK, halo=WHITE)
    return sheet.png()


def _descending(one: Stairs) -> list[tuple[float, float]]:
    """F(N) counts N or more: from each corner to the next it is that of the next."""
    points = list[tuple[float, float]]()
    before = 1.0
    for number, frequency in zip(one.number, one.frequency, strict=True):
        points += [(before, frequency), (number, frequency)]
        before = number
    return [*points, (before, 0.0)] if points else []


def _rules(
    sheet: Sheet, at: tuple[float, float], tall: float, most: float, parts: int = 4, right: float = WIDTH
) -> None:
    """Level lines with their values."""
    left, top = at
    for part in range(parts + 1):
        y = top + tall * (1 - part / parts)
        sheet.line([(left, y), (right, y)], PALE if part else SOFT, 0.5)
        value = most * part / parts
        if value == int(value):
            sheet.text((left - 5, y), f"{value:,.0f}", 7.5, SOFT, "rm")


def _days(sheet: Sheet, days: Sequence[date], left: float, step: float, foot: float) -> None:
    """Dates under a chart: as many as can be read, the last one always."""
    every = max(round(34 / step), 1) if step else 1
    for number, day in enumerate(days):
        if (len(days) - 1 - number) % every == 0:
            x = min(left + step * (number + 0.5), WIDTH - 11)
            sheet.text((x, foot + 9), f"{day.month}-{day.day:02d}", 7.5, SOFT, "mm")


def _steps(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A value holds until the next one."""
    found = points[:1]
    for x, y in points[1:]:
        found += [(x, found[-1][1]), (x, y)]
    return found


def _ceiling(value: float) -> int:
    """A round number at or above a value, that quarters well: 4, 8, 20, 40, 60, 80, 100 …"""
    if value <= 4:
        return 4
    power = 10 ** floor(log10(value))
    return int(next(step for step in (part * power for part in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10))
                    if step >= value and step % 4 == 0) if power >= 10 else -(-value // 4) * 4)  # fmt: skip
