"""Judging risk against lines. The lines' numbers are data of a pack; nothing here knows one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from anlan.kernels.qra.layout import Floats
from anlan.kernels.validity import OutOfRange, within

Zone = Literal["intolerable", "as low as reasonably practicable", "acceptable"]
INTOLERABLE: Zone = "intolerable"
PRACTICABLE: Zone = "as low as reasonably practicable"
ACCEPTABLE: Zone = "acceptable"


@dataclass(frozen=True)
class Line:
    """F = ``frequency`` (N / ``number``)^``slope`` for ``least`` <= N <= ``most``; outside there is no limit.

    ``frequency`` [1/yr], ``number``, ``least``, ``most`` [persons], ``slope`` [-] (-1: neutral, -2: averse).
    """

    number: float
    frequency: float
    slope: float = -1.0
    least: float = 1.0
    most: float = float("inf")

    def __post_init__(self) -> None:
        within("N of the line", self.number, "persons", 0, above=True)
        within("F of the line", self.frequency, "1/yr", 0, above=True)
        within("slope of the line", self.slope, "-", -4, 0)
        if not 0 < self.least <= self.most:
            raise OutOfRange(f"line from N = {self.least:g} to {self.most:g}: give a rising range above 0")

    def at(self, number: npt.ArrayLike) -> Floats:
        """The limit [1/yr] at N persons; infinite where the line does not reach.

        Raises
        ------
        OutOfRange
            N is not above 0 or not finite.
        """
        within("N", number, "persons", 0, above=True)
        n = np.asarray(number, float)
        limit = self.frequency * (n / self.number) ** self.slope
        return np.where((n >= self.least) & (n <= self.most), limit, np.inf)


@dataclass(frozen=True)
class Judgement:
    """The worst zone an F-N curve reaches, and how near it comes to each line: largest F / limit [-] and at which N."""

    zone: Zone
    upper: float
    upper_at: float
    lower: float
    lower_at: float


def zone_of(number: float, frequency: float, upper: Line, lower: Line) -> Zone:
    """The zone of one point of an F-N diagram; on the line belongs to the worse side."""
    within("frequency", frequency, "1/yr", 0)
    if frequency >= float(upper.at(number)):
        return INTOLERABLE
    return PRACTICABLE if frequency >= float(lower.at(number)) else ACCEPTABLE


def judge_curve(number: npt.ArrayLike, frequency: npt.ArrayLike, upper: Line, lower: Line) -> Judgement:
    """Judge an F-N curve, given by its corners (:func:`anlan.kernels.qra.societal.curve`).

    Where a line begins at N = 1 the curve is judged from there: F(1) of the stairs is what the next corner has.
    """
    n, f = np.atleast_1d(np.asarray(number, float)), np.atleast_1d(np.asarray(frequency, float))
    within("N of the curve", n, "persons", 0, above=True)
    within("F of the curve", f, "1/yr", 0)
    above = _nearness(n, f, upper)
    below = _nearness(n, f, lower)
    zone = INTOLERABLE if above[0] >= 1 else PRACTICABLE if below[0] >= 1 else ACCEPTABLE
    return Judgement(zone, *above, *below)


def _nearness(n: Floats, f: Floats, line: Line) -> tuple[float, float]:
    """Largest F / limit and its N: at the corners, and where the line ends inside a step of the stairs."""
    ends = [end for end in (line.most,) if np.isfinite(end) and len(n) and end < n[-1]]
    places = np.concatenate((n, ends))
    often = np.append(f, 0.0)[np.searchsorted(n, places * (1 - 1e-12))]
    if not len(places):
        return 0.0, 0.0
    ratio = often / line.at(places)
    worst = int(np.argmax(ratio))
    return float(ratio[worst]), float(places[worst])


@dataclass(frozen=True)
class TargetJudgement:
    """``ratio``: risk over limit [-]; ``kept``: the risk is at most the limit."""

    risk: float
    limit: float
    ratio: float
    kept: bool


def judge_targets(risk: npt.ArrayLike, limits: Sequence[float]) -> list[TargetJudgement]:
    """Individual risk [1/yr] of each target against its limit [1/yr].

    Raises
    ------
    OutOfRange
        A risk that is negative or not finite, a limit that is not positive, or lists of unequal length.
    """
    values = np.atleast_1d(np.asarray(risk, float))
    within("individual risk", values, "1/yr", 0)
    within("limit", list(limits), "1/yr", 0, above=True)
    if len(values) != len(limits):
        raise OutOfRange(f"{len(values)} risks but {len(limits)} limits")
    pairs = zip(values.tolist(), limits, strict=True)
    return [TargetJudgement(one, limit, one / limit, one <= limit) for one, limit in pairs]
