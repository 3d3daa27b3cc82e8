"""Monte-Carlo over what is uncertain in a risk: frequencies, release rates, probits.

Rates and frequencies are lognormal about their stated value, probits are shifted by a normal error. The stated value is
the median. One draw takes one factor for a group of releases (for example a scenario) and, as far as the errors are
shared (a generic frequency that is wrong is wrong everywhere), one factor for all.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.qra.individual import at_points
from anlan.kernels.qra.layout import Floats, Park, Releases
from anlan.kernels.validity import OutOfRange, within

#: 95 % of a normal distribution lie below so many deviations.
_Z95 = 1.6448536269514722


@dataclass(frozen=True)
class Spread:
    """How uncertain the inputs are.

    ``frequency``, ``rate``: error factors [-], the quotient of the 95th percentile and the median, 1: certain.
    ``probit``: standard deviation of the probit [-]. ``shared``: share of the logarithm's variance that is common to
    all releases [-].
    """

    frequency: float = 1.0
    rate: float = 1.0
    probit: float = 0.0
    shared: float = 0.5

    def __post_init__(self) -> None:
        within("error factor of frequencies", self.frequency, "-", 1, 1000)
        within("error factor of rates", self.rate, "-", 1, 100)
        within("deviation of the probit", self.probit, "-", 0, 5)
        within("shared part", self.shared, "-", 0, 1)


@dataclass(frozen=True)
class Uncertain:
    """Percentiles by row: ``risk`` f8[percentiles, points] [1/yr], ``potential_loss`` f8[percentiles] [1/yr]."""

    percentiles: Floats
    risk: Floats
    potential_loss: Floats
    draws: int


@dataclass(frozen=True)
class Question:
    """Where percentiles are asked: ``points`` f8[n, 2] [m] for individual risk; ``people`` f8[m, 3] (x, y [m],
    persons) for the potential loss; ``group`` of each release (those of a group err together); ``slope`` of each
    footprint: what its table a gains for one unit of ln(rate) [-]."""

    points: npt.ArrayLike
    people: npt.ArrayLike
    group: npt.ArrayLike
    slope: npt.ArrayLike


def monte_carlo(
    park: Park,
    question: Question,
    spread: Spread,
    draws: int = 500,
    seed: int = 1,
    percentiles: tuple[float, ...] = (5, 50, 95),
) -> Uncertain:
    """Percentiles of individual risk and potential loss; the same seed gives the same numbers.

    Footprints that are cut at their tables' ends do not grow beyond them: make tables longer than today's reach when
    rates are uncertain.

    Raises
    ------
    OutOfRange
        Which input, its value and its range.
    """
    within("draws", draws, "", 10, 1_000_000)
    within("percentiles", list(percentiles), "%", 0, 100)
    places, people, group, slope = _checked(park, question)
    everywhere = np.vstack((places, people[:, :2]))
    rng = np.random.default_rng(seed)
    samples = np.empty((draws, len(everywhere)))
    for draw in range(draws):
        samples[draw] = at_points(_drawn(park, group, slope, spread, rng), everywhere).sum(axis=1)
    risk, loss = samples[:, : len(places)], samples[:, len(places) :] @ people[:, 2]
    steps = np.asarray(percentiles, float)
    return Uncertain(steps, np.percentile(risk, steps, axis=0), np.percentile(loss, steps), draws)


def _checked(park: Park, question: Question) -> tuple[Floats, Floats, npt.NDArray[np.int64], Floats]:
    places = np.asarray(question.points, float).reshape(-1, 2)
    people = np.asarray(question.people, float).reshape(-1, 3)
    group, slope = np.asarray(question.group, np.int64), np.asarray(question.slope, float)
    within("persons", people[:, 2], "persons", 0)
    within("group", group, "", 0)
    within("slope", slope, "-", 0, 100)
    if len(group) != len(park.releases.shape) or len(slope) != len(park.tables.step):
        raise OutOfRange(f"{len(group)} groups and {len(slope)} slopes: give one for each release and each footprint")
    return places, people, group, slope


def _drawn(park: Park, group: npt.NDArray[np.int64], slope: Floats, spread: Spread, rng: np.random.Generator) -> Park:
    """The park of one draw."""
    groups, releases, tables = int(group.max(initial=-1)) + 1, park.releases, park.tables
    often = _factors(groups, np.log(spread.frequency) / _Z95, spread.shared, rng)[group]
    rate = _factors(groups, np.log(spread.rate) / _Z95, spread.shared, rng)
    of_shape = np.zeros(len(slope), np.int64)
    of_shape[releases.shape] = group
    shift = slope * np.log(rate[of_shape]) + rng.normal(0, 1) * spread.probit * (slope > 0)
    ab = tables.ab.copy()
    ab[:, 0] += np.repeat(shift, np.diff(tables.first))
    drawn = Releases(releases.location, releases.shape, releases.weather, releases.frequency * often)
    return Park(park.at, park.rose, tables._replace(ab=ab), drawn)


def _factors(count: int, deviation: float, shared: float, rng: np.random.Generator) -> Floats:
    """Lognormal factors [-] of median 1 with a common part."""
    common, own = rng.normal(0, 1), rng.normal(0, 1, count)
    return np.asarray(np.exp(deviation * (np.sqrt(shared) * common + np.sqrt(1 - shared) * own)), float)
