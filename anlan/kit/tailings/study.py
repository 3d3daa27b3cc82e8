"""A pond in a storm: the flood, the routing, what is left of freeboard and beach, and what it would stand."""

from dataclasses import dataclass

from anlan.kernels.tailings import dam_break
from anlan.kernels.tailings.dam_break import Reach, Regression
from anlan.kernels.tailings.routing import Course, Pool, beach_length, freeboard, level_for_beach, withstood
from anlan.kernels.tailings.storm import Floats
from anlan.kit.tailings.inputs import Catchment
from anlan.packs.families.tailings_ponds import DamBreak


@dataclass(frozen=True)
class Demands:
    """What must be left at the highest water: ``superelevation`` [m] and, with tailings before the dam, ``beach`` [m].

    ``top`` [m]: of the beach, or of the dam where there is none; ``slope`` of the beach [-].
    """

    superelevation: float
    beach: float | None
    top: float
    slope: float | None

    @property
    def limit(self) -> float:
        """The highest level [m] at which both hold."""
        by_height = self.top - self.superelevation
        if self.beach is None or self.slope is None:
            return by_height
        return min(by_height, level_for_beach(self.top, self.beach, self.slope))


@dataclass(frozen=True)
class Setting:
    """How the flood is followed: ``step`` [s], ``hours``."""

    step: float = 600.0
    hours: float = 72.0


@dataclass(frozen=True)
class Result:
    """A routed storm. ``period`` [yr] is None for a given rain. Lengths [m]; ``beach`` None where there is none."""

    h24: float
    period: float | None
    start: float
    rain: Floats
    course: Course
    demands: Demands
    left: float
    beach: float | None

    @property
    def over(self) -> bool:
        return self.course.over is not None

    @property
    def height_holds(self) -> bool:
        return not self.over and self.left >= self.demands.superelevation

    @property
    def beach_holds(self) -> bool:
        if self.over:
            return False
        return self.beach is None or self.demands.beach is None or self.beach >= self.demands.beach

    @property
    def holds(self) -> bool:
        return self.height_holds and self.beach_holds


@dataclass(frozen=True)
class Study:
    """A pond that can be asked what a storm does to it."""

    pool: Pool
    catchment: Catchment
    demands: Demands
    setting: Setting = Setting()

    def of_period(self, period: float, start: float) -> Result:
        """The flood of a return period [yr], from a level [m]."""
        return self._routed(self.catchment.rain24(period), start, period, 0.0)

    def of_rain(self, h24: float, start: float, wet: float = 0.0) -> Result:
        """A given rain of 24 h [mm]; ``wet`` [mm] fell before it."""
        return self._routed(h24, start, None, wet)

    def stands(self, start: float, limit: float | None = None) -> float:
        """The longest return period [yr] withstood with all demands met, or below another ``limit`` [m]."""
        if start >= self.pool.crest:
            return 0.0
        return withstood(self.pool, self._flood, start, self.demands.limit if limit is None else limit)

    def rain_stood(self, start: float, limit: float | None = None, most: float = 1500.0) -> float:
        """The largest 24 h rain [mm] that does not lift the water above the limit, to 1 mm."""
        wanted = self.demands.limit if limit is None else limit
        low, high = 0.0, most
        if start >= self.pool.crest or start > wanted:
            return 0.0
        while high - low > 1.0:
            middle = (low + high) / 2
            course = self.of_rain(middle, start).course
            if course.over is None and course.peak_level <= wanted:
                low = middle
            else:
                high = middle
        return low

    def _flood(self, period: float) -> tuple[Floats, float]:
        _, inflow = self.catchment.inflow(self.catchment.rain24(period), self.setting.step, self.setting.hours)
        return inflow, self.setting.step

    def _routed(self, h24: float, start: float, period: float | None, wet: float) -> Result:
        setting, demands = self.setting, self.demands
        rain, inflow = self.catchment.inflow(h24, setting.step, setting.hours, wet)
        course = self.pool.route(inflow, setting.step, start)
        peak = course.peak_level
        length = None if demands.slope is None else beach_length(demands.top, peak, demands.slope)
        return Result(h24, period, start, rain, course, demands, freeboard(demands.top, peak), length)


def reach(law: DamBreak, volume: float, height: float, released: float | None = None) -> Reach:
    """The reach by a pack's regressions."""
    lines = [Regression(line.constant, line.power, line.scatter) for line in (law.released, law.runout)]
    bounds = ((law.volume_from, law.volume_to), (law.height_from, law.height_to))
    return dam_break.reach(volume, height, lines[0], lines[1], bounds, released)
