"""What a release turns into: event trees and ignition. The probabilities of all end states sum to 1."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from anlan.kernels.validity import OutOfRange, within


@dataclass(frozen=True)
class Branch:
    """A possible end or a further fork: ``probability`` [-] given that the fork before it was reached."""

    name: str
    probability: float
    then: tuple["Branch", ...] = ()


def end_states(branches: Sequence[Branch]) -> dict[str, float]:
    """Probability [-] of every end of a tree; ends of one name are added.

    Raises
    ------
    OutOfRange
        A probability outside 0 … 1, or branches of one fork that do not sum to 1 (within 1e-9): which fork.
    """
    return _ends(branches, 1.0, "")


def _ends(branches: Sequence[Branch], reached: float, path: str) -> dict[str, float]:
    for branch in branches:
        within(f"probability of {path}{branch.name}", branch.probability, "-", 0, 1)
    total = math.fsum(branch.probability for branch in branches)
    if abs(total - 1) > 1e-9:
        raise OutOfRange(f"branches of {path or 'the tree'} sum to {total:g}: they must sum to 1")
    found: dict[str, float] = {}
    for branch in branches:
        here = reached * branch.probability
        ends = _ends(branch.then, here, f"{path}{branch.name}/") if branch.then else {branch.name: here}
        for name, value in ends.items():
            found[name] = found.get(name, 0.0) + value
    return found


def chain(probabilities: Sequence[float]) -> list[float]:
    """End states of questions asked one after the other, each after the one before was answered no [-].

    The last entry is the probability that all are answered no.
    """
    within("branch probabilities", list(probabilities), "-", 0, 1)
    ends, left = [], 1.0
    for probability in probabilities:
        ends.append(left * probability)
        left *= 1 - probability
    return [*ends, left]


#: Ends of :func:`flammable`.
IMMEDIATE, FLASH_FIRE, EXPLOSION, UNIGNITED = "immediate", "flash fire", "explosion", "unignited"


def flammable(immediate: float, delayed: float, explosion: float) -> dict[str, float]:
    """End states of a flammable release (Purple Book, CPR 18E, 4.7).

    Parameters
    ----------
    immediate : float
        Probability of ignition at once: jet fire, pool fire or fireball [-].
    delayed : float
        Probability of ignition later, given none at once [-].
    explosion : float
        Share of delayed ignitions that are explosions; the others are flash fires [-].
    """
    fork = (Branch(EXPLOSION, explosion), Branch(FLASH_FIRE, 1 - explosion))
    later = (Branch("delayed", delayed, fork), Branch(UNIGNITED, 1 - delayed))
    return end_states((Branch(IMMEDIATE, immediate), Branch("not at once", 1 - immediate, later)))


def ignition(number: float, rate: float, time: float) -> float:
    """Probability [-] that ``number`` like sources, each igniting at ``rate`` [1/s], ignite within ``time`` [s].

    P = 1 - exp(-n w t) (Purple Book, CPR 18E, App. 4.A, population as a source).
    """
    within("number of ignition sources", number, "-", 0)
    within("ignition rate", rate, "1/s", 0)
    within("time", time, "s", 0)
    return -math.expm1(-number * rate * time)


def ignition_by_point(present: float, rate: float, time: float) -> float:
    """P = present (1 - exp(-w t)) [-]: a source that works for the share ``present`` of the time (App. 4.A)."""
    within("presence", present, "-", 0, 1)
    return present * ignition(1, rate, time)


def ignition_by_road(vehicles: float, speed: float, length: float, rate: float, time: float) -> float:
    """Ignition by traffic: ``vehicles`` [1/s] at ``speed`` [m/s] over a ``length`` [m] inside the cloud (App. 4.A) [-].

    With d = vehicles x length / speed in the cloud on average: d (1 - exp(-w t)) up to d = 1, then 1 - exp(-d w t).
    """
    within("vehicles", vehicles, "1/s", 0)
    within("speed", speed, "m/s", 0, 100, above=True)
    within("length", length, "m", 0)
    density = vehicles * length / speed
    return density * ignition(1, rate, time) if density <= 1 else ignition(density, rate, time)


def any_of(probabilities: Sequence[float]) -> float:
    """Probability [-] that at least one of independent events happens."""
    within("probabilities", list(probabilities), "-", 0, 1)
    return 1 - math.prod(1 - probability for probability in probabilities)


@dataclass(frozen=True)
class GridPoint:
    """One step of the sum of individual risk at one point (Purple Book, CPR 18E, 6.2.5 and App. 6.B)."""

    effective_width: float  # of the cloud [m]
    covered: float  # probability that the cloud covers the point, given the sector [-]
    death: float  # probability of death, given weather and sector [-]
    risk: float  # contribution to the individual risk [1/yr]


def grid_point(
    frequency: float, weather: float, sectors: float, distance: float, integral: float, centre: float
) -> GridPoint:
    """The contribution of one release, weather and sector to the risk at a point.

    Parameters
    ----------
    frequency : float
        Of the loss of containment [1/yr].
    weather : float
        Probability of weather and wind sector together, P_M P_phi [-].
    sectors : float
        How many wind sectors there are [-].
    distance : float
        From release to point, R [m].
    integral : float
        Lethality integrated across the cloud at that distance, PI [m].
    centre : float
        Lethality on the cloud's centre line there, P_cl [-].

    Returns
    -------
    GridPoint
        ECW = PI / P_cl; P_ci = ECW n / (2 pi R), at most 1; P_d = P_cl P_ci; dIR = f P_M P_phi P_d.
    """
    within("frequency", frequency, "1/yr", 0, 1e4)
    within("P_M P_phi", weather, "-", 0, 1)
    within("wind sectors", sectors, "-", 1, 3600)
    within("distance", distance, "m", 0, 1e6, above=True)
    within("integral of lethality", integral, "m", 0, 1e6)
    within("lethality on the centre line", centre, "-", 0, 1, above=True)
    width = integral / centre
    covered = min(width * sectors / (2 * math.pi * distance), 1.0)
    return GridPoint(width, covered, centre * covered, frequency * weather * centre * covered)
