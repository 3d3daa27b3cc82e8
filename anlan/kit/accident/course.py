"""What a point on the ground gets over time: concentration of a passing cloud, heat while it burns.

A blast is over at once and has no course.
"""

from dataclasses import dataclass

import numpy as np

from anlan.kernels.consequence import sigma
from anlan.kernels.late import erf
from anlan.kit.accident.cloud import Concentration, DenseDrift, Drift, PassivePlume, PassivePuff
from anlan.kit.accident.fire import Radiant
from anlan.kit.accident.zones import Effect, Floats

POINTS = 160
#: How long before and after the passing is drawn, as a share of it.
MARGIN = 0.25
ROOT2 = 2.0**0.5


@dataclass(frozen=True)
class Course:
    """``time`` after the release begins [s] and the ``value`` then, in the field's unit; arrays of shape (n,)."""

    time: Floats
    value: Floats


def course(effect: Effect, x: float, y: float) -> Course | None:
    """The course at a point of the wind's frame [m]; None for what is over at once or never comes there."""
    field = effect.field
    if isinstance(field, Concentration):
        return _passing(field, x, y)
    if isinstance(field, Radiant):
        value, lasts = _one(field.at, x, y), _one(field.lasting, x, y)
        if value <= 0 or lasts <= 0:
            return None
        time = np.array([0.0, 0.0, lasts, lasts, lasts * (1 + MARGIN)])
        return Course(time, value * np.array([0.0, 1.0, 1.0, 0.0, 0.0]))
    return None


def _passing(field: Concentration, x: float, y: float) -> Course | None:
    if _one(field.at, x, y) <= 0:
        return None
    spans = [(_of(one.arrival, x), _of(one.lasting, x)) for one in field.drifts]
    end = max(arrival + (1 + MARGIN) * lasts for arrival, lasts in spans)
    begin = max(min(arrival - MARGIN * lasts for arrival, lasts in spans), 0.0)
    time = np.linspace(begin, end, POINTS)
    return Course(time, np.asarray(np.max([_concentration(one, x, y, time) for one in field.drifts], axis=0)))


def _concentration(drift: Drift, x: float, y: float, time: Floats) -> Floats:
    """Of one cloud [kg/m3]."""
    if isinstance(drift, PassivePuff):
        spread = drift.lasting(np.array([x]))[0] / 4  # sigma along the wind, in seconds
        middle = max(x, 1.0) / drift.weather.wind
        return np.asarray(_of_points(drift, x, y) * np.exp(-((time - middle) ** 2) / (2 * spread**2)))
    if isinstance(drift, PassivePlume):
        return _stretch(drift, x, y, time)
    if isinstance(drift, DenseDrift):
        return _dense(drift, x, y, time)
    raise TypeError(type(drift).__name__)


def _stretch(drift: PassivePlume, x: float, y: float, time: Floats) -> Floats:
    """A plume of limited duration: its front and its end are smeared along the wind as they are across it."""
    ahead = max(x, 1e-3)
    smear = float(sigma.sigma_y(np.array([max(ahead, 1.0)]), drift.sky.stability, drift.set)[0]) / drift.speed
    front, tail = ahead / drift.speed, ahead / drift.speed + drift.begun.duration
    shape = 0.5 * (erf((time - front) / (ROOT2 * smear)) - erf((time - tail) / (ROOT2 * smear)))
    return np.asarray(_of_points(drift, x, y) * np.maximum(shape, 0.0))


def _dense(drift: DenseDrift, x: float, y: float, time: Floats) -> Floats:
    """After SLAB's method, as far as the cloud was followed in place and time; 0 beyond that."""
    found = drift.followed
    run = found.run
    front = float(run.stations.box_time.max())
    followed = time <= (max(front, run.duration) if run.turn == len(run.stations.x) else front)
    value = np.zeros_like(time)
    if x >= float(run.stations.x[-1]) - run.origin:
        return value
    value[followed] = found.at(np.full(int(followed.sum()), x), y, 0.0, time[followed]) * found.pure_density()
    return value


def _of_points(drift: Drift, x: float, y: float) -> float:
    return float(drift.at(np.array([x]), np.array([y]))[0])


def _of(along: object, x: float) -> float:
    assert callable(along)
    return float(along(np.array([x]))[0])


def _one(at: object, x: float, y: float) -> float:
    assert callable(at)
    return float(at(np.array([x]), np.array([y]))[0])
