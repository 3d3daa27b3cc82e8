"""What contributes most to the risk at a place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.qra.individual import at_points
from anlan.kernels.qra.layout import Floats, Park
from anlan.kernels.validity import OutOfRange, within


@dataclass(frozen=True)
class Share:
    """One group's part of the risk at a point: ``risk`` [1/yr], ``share`` of the whole [-]."""

    group: int
    risk: float
    share: float


def by_group(park: Park, points: npt.ArrayLike, group: npt.ArrayLike) -> Floats:
    """Risk at points [m] by any grouping of the releases (scenario, location, weather …): f8[points, groups] [1/yr].

    ``group``: number of each release's group, from 0.
    """
    numbers = np.asarray(group, np.int64)
    if numbers.shape != park.releases.shape.shape:
        raise OutOfRange(f"{numbers.size} groups for {len(park.releases.shape)} releases: give one for each release")
    within("group", numbers, "", 0)
    each = at_points(park, points)
    out = np.zeros((len(each), int(numbers.max(initial=-1)) + 1))
    np.add.at(out.T, numbers, each.T)
    return out


def largest(risk: Sequence[float] | Floats, count: int) -> list[Share]:
    """The ``count`` groups that contribute most at one point, the largest first; those without risk are left out."""
    values = np.asarray(risk, float)
    within("risk", values, "1/yr", 0)
    within("count", count, "", 1)
    total = float(values.sum())
    order = np.argsort(-values, kind="stable")[:count]
    return [Share(int(one), float(values[one]), float(values[one]) / total) for one in order if values[one] > 0]
