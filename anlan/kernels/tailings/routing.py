"""Level-pool routing (调洪演算): how high a pond rises in a flood, and how much its drains carry."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from anlan.kernels.tailings.outlets import Outlet, together
from anlan.kernels.tailings.storage import Storage
from anlan.kernels.tailings.storm import Floats
from anlan.kernels.validity import OutOfRange, within

NODES = 2000  # of the curves between which the balance is solved exactly


@dataclass(frozen=True)
class Course:
    """``times`` [s] with ``inflow``, ``outflow`` [m3/s], ``levels`` [m], ``volumes`` [m3].

    ``over`` [s]: when the water reached the crest; the course ends there, because what follows is no longer routing.
    """

    times: Floats
    inflow: Floats
    outflow: Floats
    levels: Floats
    volumes: Floats
    over: float | None

    @property
    def peak_level(self) -> float:
        return float(self.levels.max())

    @property
    def peak_time(self) -> float:
        return float(self.times[self.levels.argmax()])

    @property
    def peak_outflow(self) -> float:
        return float(self.outflow.max())

    @property
    def imbalance(self) -> float:
        """What came in less what went out and what is held more, as a share of what came in [-]."""
        step = np.diff(self.times)
        came = float(np.sum(step * (self.inflow[1:] + self.inflow[:-1]) / 2))
        went = float(np.sum(step * (self.outflow[1:] + self.outflow[:-1]) / 2))
        return (came - went - float(self.volumes[-1] - self.volumes[0])) / max(came, went, 1.0)


@dataclass(frozen=True)
class Pool:
    """A pond with its drains, up to its ``crest`` [m], which must lie within the storage curve."""

    storage: Storage
    outlets: Sequence[Outlet]
    crest: float

    def __post_init__(self) -> None:
        low, high = float(self.storage.levels[0]), float(self.storage.levels[-1])
        within("crest", self.crest, "m", low, high, above=True)

    def curves(self) -> tuple[Floats, Floats, Floats]:
        """Levels [m], volumes [m3] and flows [m3/s], fine enough that straight lines between them do."""
        low = float(self.storage.levels[0])
        own = self.storage.levels[self.storage.levels < self.crest]
        levels = np.unique(np.concatenate((np.linspace(low, self.crest, NODES), own)))
        return levels, self.storage.volume(levels), together(self.outlets, levels)

    def route(self, inflow: npt.ArrayLike, step: float, start: float) -> Course:
        """Route a flood through the pond.

        (V2 - V1) / dt = (I1 + I2) / 2 - (Q1 + Q2) / 2, solved for each step exactly on the curves: V / dt + Q / 2 rises
        with the level, so there is one answer (storage indication, modified Puls). Water balance holds to rounding.

        Parameters
        ----------
        inflow : array
            At the ends of the steps, the first at time 0 [m3/s].
        step : float
            [s]
        start : float
            Level at time 0 [m]; within the storage curve and below the crest.

        Raises
        ------
        OutOfRange
            The level lies at or above the crest, a flow is negative or not finite.
        """
        flow = np.asarray(inflow, float)
        within("inflow", flow, "m3/s", 0, 1e6)
        within("step", step, "s", 1, 7200)
        within("start", start, "m", float(self.storage.levels[0]))
        if start >= self.crest:
            raise OutOfRange(f"start = {start:g} m: the level must be below the crest ({self.crest:g} m)")
        if flow.size < 2:
            raise OutOfRange(f"inflow: {flow.size} values; need two or more")
        return self._routed(flow, step, start)

    def _routed(self, flow: Floats, step: float, start: float) -> Course:
        levels, volumes, flows = self.curves()
        held = volumes / step + flows / 2
        position = np.interp(start, levels, np.arange(levels.size))
        nodes = np.arange(levels.size)
        places = [float(position)]
        now = float(np.interp(position, nodes, held)) - float(np.interp(position, nodes, flows))
        means = (flow[1:] + flow[:-1]) / 2
        over: float | None = None
        for row, mean in enumerate(means):
            wanted = now + mean
            if wanted >= held[-1]:
                over = (row + _part(now, wanted, float(held[-1]))) * step
                break
            place = float(np.interp(wanted, held, nodes))
            places.append(place)
            now = wanted - float(np.interp(place, nodes, flows))
        at = np.array(places)
        count = at.size
        columns = [np.interp(at, nodes, column) for column in (flows, levels, volumes)]
        times: Floats = np.asarray(np.arange(count) * step, float)
        inflow = flow[:count]
        if over is not None:
            times = np.append(times, max(over, times[-1]))
            inflow = np.append(inflow, float(np.interp(over, np.arange(flow.size) * step, flow)))
            columns = [
                np.append(column, last[-1]) for column, last in zip(columns, (flows, levels, volumes), strict=True)
            ]
        outflow, level, volume = columns
        return Course(times, inflow, outflow, level, volume, over)


def _part(before: float, after: float, brim: float) -> float:
    """Share of the step after which the brim is reached, as if the water rose evenly."""
    return min(max((brim - before) / (after - before), 0.0), 1.0) if after > before else 0.0


class Flood(Protocol):
    """Flow [m3/s] and step [s] of the flood of a return period [yr]."""

    def __call__(self, period: float) -> tuple[Floats, float]: ...


def withstood(pool: Pool, flood: Flood, start: float, limit: float, most: float = 10_000.0) -> float:
    """The longest return period [yr] whose flood, from ``start``, does not lift the water above ``limit`` [m].

    Bisection over ln T to 0.5 %; 0 where not even the flood of 2 years is withstood, ``most`` where all are.
    """
    if start > limit or not _holds(pool, flood, start, (2.0, limit)):
        return 0.0
    if _holds(pool, flood, start, (most, limit)):
        return most
    low, high = np.log(2.0), np.log(most)
    while high - low > 0.005:
        middle = (low + high) / 2
        if _holds(pool, flood, start, (float(np.exp(middle)), limit)):
            low = middle
        else:
            high = middle
    return float(np.exp(low))


def _holds(pool: Pool, flood: Flood, start: float, wanted: tuple[float, float]) -> bool:
    period, limit = wanted
    inflow, step = flood(period)
    course = pool.route(inflow, step, start)
    return course.over is None and course.peak_level <= limit


def freeboard(crest: float, level: float) -> float:
    """From the water to the crest [m]."""
    within("crest", crest, "m", -500, 9000)
    within("level", level, "m", -500, 9000)
    return crest - level


def beach_length(top: float, level: float, slope: float) -> float:
    """Length of dry beach [m] from the top of the beach [m] down to the water, at a mean ``slope`` [-].

    Raises OutOfRange where the slope is not within 0.0005-0.2.
    """
    within("slope", slope, "-", 0.0005, 0.2)
    return max(freeboard(top, level), 0.0) / slope


def level_for_beach(top: float, length: float, slope: float) -> float:
    """The level [m] at which the dry beach is ``length`` m long."""
    within("slope", slope, "-", 0.0005, 0.2)
    within("length", length, "m", 0, 10_000)
    return top - length * slope
