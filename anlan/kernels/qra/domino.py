"""Domino effects: whether fire or blast of one unit brings down another, and how often which units fail together.

Coefficients and thresholds by class of equipment come from the caller (pack ``core/domino_thresholds``).
"""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import probit
from anlan.kernels.validity import OutOfRange, within

Floats = npt.NDArray[np.float64]
#: Courses that may follow from one course at most.
MOST_COURSES = 200_000


@dataclass(frozen=True)
class TimeToFailure:
    """ln(ttf in s) = ``slope`` ln(I in kW/m2) + ``size`` V^``power`` + ``constant``, V in m3.

    Valid for ``volume`` (lowest, highest) [m3].
    """

    slope: float
    size: float
    power: float
    constant: float
    volume: tuple[float, float]


def log_time_to_failure(flux: npt.ArrayLike, volume: npt.ArrayLike, law: TimeToFailure) -> Floats:
    """Logarithm of the time until a vessel in fire loses its contents.

    Parameters
    ----------
    flux : float[]
        Heat on the vessel, 1-300 [kW/m2].
    volume : float[]
        Of the vessel, within ``law.volume`` [m3].
    law : TimeToFailure
        Coefficients of the class of vessel.

    Returns
    -------
    float[]
        ln of the time in seconds [ln s].

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Cozzani, Gubinelli & Salzano, J. Hazardous Materials A129 (2006) 1-21; Landucci et al., Accident Analysis &
    Prevention 41 (2009) 1206-1216.
    """
    within("flux", flux, "kW/m2", 1, 300)
    within("volume", volume, "m3", *law.volume)
    heat, space = np.asarray(flux, float), np.asarray(volume, float)
    return np.asarray(law.slope * np.log(heat) + law.size * space**law.power + law.constant)


def escalation_by_heat(
    time_to_failure: npt.ArrayLike, law: probit.Coefficients, duration: npt.ArrayLike = math.inf
) -> Floats:
    """Probability that the vessel fails before it is cooled.

    Parameters
    ----------
    time_to_failure : float[]
        > 0 [s].
    law : Coefficients
        Probit Y = a - b ln(ttf): give ``b`` positive, the time in the unit that ``scale`` makes of seconds.
    duration : float[]
        Of the fire, > 0; a fire that ends before the time to failure does not escalate [s].

    Returns
    -------
    float[]
        [-]

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Landucci et al. (2009): the time until mitigation is spread log-normally.
    """
    within("time to failure", time_to_failure, "s", 0, above=True)
    within("b", law.b, "-", 0, above=True)
    lasts = np.asarray(duration, float)
    within("duration", np.where(np.isposinf(lasts), 1.0, lasts), "s", 0, above=True)
    time = np.asarray(time_to_failure, float)
    value = probit.probability(law.a - law.b * np.log(law.scale * time))
    return np.asarray(np.where(lasts < time, 0.0, value))


def escalation_by_blast(overpressure: npt.ArrayLike, law: probit.Coefficients, threshold: float) -> Floats:
    """Probability that a peak overpressure damages equipment so that it releases; 0 below the threshold.

    Parameters
    ----------
    overpressure : float[]
        Side-on, 0 ... 1e7 [Pa].
    law : Coefficients
        Probit of the class of equipment, in Pa.
    threshold : float
        Below it damage is not credible, >= 0 [Pa].

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Cozzani & Salzano, J. Hazardous Materials A107 (2004) 67-80.
    """
    within("overpressure", overpressure, "Pa", 0, 1e7)
    within("threshold", threshold, "Pa", 0)
    peak = np.asarray(overpressure, float)
    return np.asarray(np.where(peak < threshold, 0.0, probit.probability(probit.evaluate(law, peak))))


def combinations(frequency: float, probabilities: Sequence[float]) -> dict[frozenset[int], float]:
    """Frequency that exactly these targets escalate, for each of the 2^n sets of n independent targets.

    Parameters
    ----------
    frequency : float
        Of the primary event, >= 0 [1/yr].
    probabilities : float[n]
        Of escalation by target, 0-1; n <= 16 [-].

    Returns
    -------
    dict
        Set of target numbers -> [1/yr]; the frequencies sum to ``frequency``.

    Raises
    ------
    OutOfRange
        A value outside its range, NaN, more than 16 targets (65,536 sets): drop those that hardly escalate.

    Notes
    -----
    Cozzani, Gubinelli, Antonioni, Spadoni & Zanelli, J. Hazardous Materials A127 (2005) 14-30, eq. 4.
    """
    within("primary frequency", frequency, "1/yr", 0, 1e4)
    within("escalation probability", probabilities, "-", 0, 1)
    within("number of targets", len(probabilities), "-", 0, 16)
    shares = [(1 - chance, chance) for chance in probabilities]
    result = dict[frozenset[int], float]()
    for hits in itertools.product((0, 1), repeat=len(shares)):
        members = frozenset(number for number, hit in enumerate(hits) if hit)
        result[members] = frequency * math.prod(share[hit] for share, hit in zip(shares, hits, strict=True))
    return result


@dataclass(frozen=True)
class Chain:
    """A set of failed units, in the generation in which each fell, and how often exactly this happens [1/yr]."""

    generations: tuple[frozenset[str], ...]
    frequency: float

    @property
    def units(self) -> frozenset[str]:
        return frozenset().union(*self.generations)


def chains(
    primary: str,
    frequency: float,
    escalation: Mapping[str, Mapping[str, float]],
    orders: int = 2,
    cut_off: float = 0.0,
    *,
    spent: bool = True,
) -> list[Chain]:
    """All courses that a domino effect can take from one primary event, up to a number of generations.

    Parameters
    ----------
    primary : str
        Unit of the primary event.
    frequency : float
        Of the primary event, >= 0 [1/yr].
    escalation : Mapping
        ``escalation[from][to]``: probability that the event at one unit brings down the other, 0-1 [-].
    orders : int
        Generations after the primary one, 1-5; 2 gives secondary and tertiary events [-].
    cut_off : float
        Courses rarer than this are left out with all that would follow from them, >= 0 [1/yr].
    spent : bool
        Whether the primary event leaves nothing of its unit to fall later. False: a leak or a fire at a unit that still
        stands; a neighbour that it brings down may bring the unit down in turn, and the chain closes to a cycle there.

    Returns
    -------
    list of Chain
        Most frequent first. Without cut-off the frequencies sum to ``frequency``. No unit fails twice, so that a cycle
        ends where it closes; what several units of one generation do to a target adds up as independent causes.

    Raises
    ------
    OutOfRange
        A value outside its range, NaN, more than 16 targets within reach at once without a cut-off, or a cut-off so
        low that more than 200,000 courses follow from one.

    Notes
    -----
    Cozzani et al. (2005) for one generation; Alileche, Olivier, Estel & Cozzani, Process Safety and Environmental
    Protection 111 (2017) for the next: an event tree whose branches are the sets of newly failed units.
    """
    within("primary frequency", frequency, "1/yr", 0, 1e4)
    within("orders", orders, "-", 1, 5)
    within("cut-off", cut_off, "1/yr", 0)
    done, open_ = list[Chain](), [Chain((frozenset({primary}),), frequency)]
    for _ in range(orders):
        following = list[Chain]()
        for chain in open_:
            gone = chain.units if spent else frozenset().union(*chain.generations[1:])
            _grow(chain, _threats(chain, escalation, gone), cut_off, done, following)
        open_ = following
    kept = [chain for chain in done + open_ if chain.frequency >= cut_off and chain.frequency > 0]
    return sorted(kept, key=lambda chain: -chain.frequency)


def _grow(
    chain: Chain, chances: Mapping[str, float], cut_off: float, done: list[Chain], following: list[Chain]
) -> None:
    """Split a course by which further units fall; the branch where none falls is done."""
    names = list(chances)
    for members, frequency in _sets(chain.frequency, list(chances.values()), cut_off):
        if not members:
            done.append(Chain(chain.generations, frequency))
        elif frequency > 0:
            fallen = frozenset(names[number] for number in members)
            following.append(Chain((*chain.generations, fallen), frequency))


def _sets(frequency: float, chances: Sequence[float], cut_off: float) -> Iterable[tuple[frozenset[int], float]]:
    """As :func:`combinations`, without sets rarer than the cut-off, however many targets there are."""
    if cut_off <= 0:
        return combinations(frequency, chances).items()
    found = [(frozenset[int](), frequency)]
    for number, chance in enumerate(chances):
        split = [(members, often * (1 - chance)) for members, often in found]
        split += [(members | {number}, often * chance) for members, often in found]
        found = [(members, often) for members, often in split if often >= cut_off]
        within("courses above the cut-off (raise it)", len(found), "-", 0, MOST_COURSES)
    return found


def _threats(chain: Chain, escalation: Mapping[str, Mapping[str, float]], gone: frozenset[str]) -> dict[str, float]:
    """Probability that the last generation brings down each unit that still stands."""
    survives = dict[str, float]()
    for unit in sorted(chain.generations[-1]):
        for target, chance in escalation.get(unit, {}).items():
            within(f"escalation of {unit} to {target}", chance, "-", 0, 1)
            if target not in gone and target != unit and chance > 0:
                survives[target] = survives.get(target, 1.0) * (1 - chance)
    return {target: 1 - chance for target, chance in sorted(survives.items())}


def failures(
    primary: str, frequency: float, escalation: Mapping[str, Mapping[str, float]], *, spent: bool = True
) -> dict[str, float]:
    """How often each unit falls by one primary event, in the first or the second generation, in closed form.

    Parameters are those of :func:`chains`, of which this is the sum over all courses of two generations, however many
    units there are: a unit C falls first with p(primary, C), else later with 1 - prod over B of (1 - p(primary, B)
    p(B, C)), because the units B of the first generation fall independently of each other.

    Returns
    -------
    dict
        Unit -> [1/yr], without the primary event's own frequency; most often first.

    Raises
    ------
    OutOfRange
        A value outside its range, or NaN.
    """
    within("primary frequency", frequency, "1/yr", 0, 1e4)
    first = {unit: chance for unit, chance in escalation.get(primary, {}).items() if unit != primary}
    within("escalation", list(first.values()), "-", 0, 1)
    standing = dict[str, float]()
    for unit, chance in first.items():
        for target, onward in escalation.get(unit, {}).items():
            within(f"escalation of {unit} to {target}", onward, "-", 0, 1)
            if target != unit and (target != primary or not spent):
                standing[target] = standing.get(target, 1.0) * (1 - chance * onward)
    total = dict[str, float]()
    for unit in {**first, **standing}:
        at_once = first.get(unit, 0.0)
        total[unit] = frequency * (at_once + (1 - at_once) * (1 - standing.get(unit, 1.0)))
    return dict(sorted(((unit, often) for unit, often in total.items() if often > 0), key=lambda item: -item[1]))


def involvement(courses: Sequence[Chain]) -> dict[str, float]:
    """How often each unit fails in the courses, the primary one included [1/yr]; most often first."""
    total = dict[str, float]()
    for chain in courses:
        for unit in chain.units:
            total[unit] = total.get(unit, 0.0) + chain.frequency
    return dict(sorted(total.items(), key=lambda item: -item[1]))


def credible(value: float, threshold: float, unit: str) -> bool:
    """Whether an effect reaches the escalation threshold; NaN and negative values refuse."""
    within("effect", value, unit, 0)
    within("threshold", threshold, unit, 0)
    if not threshold:
        raise OutOfRange(f"threshold = 0 {unit}: give the escalation threshold of the equipment")
    return value >= threshold
