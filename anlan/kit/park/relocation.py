"""What has to move, or be changed, where risk is beyond what is acceptable: targets, plants, and in which order.

A plant is what its sources name as ``plant``, else the source itself. Risks add up over plants, so that the risk
without a plant is the sum without its part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np
import numpy.typing as npt

from anlan.kernels.qra import contribution, societal
from anlan.kernels.qra.criteria import INTOLERABLE, judge_curve
from anlan.kernels.qra.layout import Floats
from anlan.kit.park.assembly import Scene
from anlan.kit.park.broken import safe_distance
from anlan.kit.park.compute import Result
from anlan.kit.park.findings import Findings, JudgedTarget

#: A plant is listed from this share of a broken target's risk on [-].
LEAST_SHARE = 0.1


@dataclass(frozen=True)
class TargetToMove:
    """A target beyond its limit. ``plant`` contributes most, with ``share`` [-]; ``distance`` to its nearest source and
    ``needed`` in the same direction [m] (None: farther than the search goes)."""

    judged: JudgedTarget
    excess: float
    plant: str
    share: float
    distance: float
    needed: float | None


@dataclass(frozen=True)
class PlantToMove:
    """A plant that brings targets beyond their limits.

    ``excess``: its own risk over the limit at the target where that is largest [-]; above 1 it breaks the limit alone.
    ``worst``: that target; ``share`` of the plant in the risk there [-]. ``broken``: targets beyond their limit to
    which it contributes at least :data:`LEAST_SHARE`; ``cured``: targets that would keep their limit without it.
    ``loss``: its part of the PLL [-]. ``order``: 1 is to go first; ``left``: targets still beyond their limit when all
    up to this one have gone (None where the plants before suffice).
    """

    plant: str
    sources: tuple[str, ...]
    excess: float
    worst: str
    share: float
    broken: int
    cured: int
    loss: float
    cures_societal: bool
    order: int | None
    left: int | None


@dataclass(frozen=True)
class Relocation:
    """Both lists, the largest excess first; empty where every limit is kept."""

    targets: tuple[TargetToMove, ...] = ()
    plants: tuple[PlantToMove, ...] = ()


@dataclass(frozen=True)
class _Sums:
    """``risk`` f8[targets, plants], of the targets with a limit."""

    judged: list[JudgedTarget]
    limit: Floats
    plants: list[str]
    of_release: npt.NDArray[np.int64]
    risk: Floats

    @property
    def total(self) -> Floats:
        return np.asarray(self.risk.sum(axis=1), float)

    @property
    def over(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.total > self.limit)


def relocation(scene: Scene, result: Result, found: Findings) -> Relocation:
    """Who has to move, by the limits of the run's targets and its societal criterion."""
    sums = _sums(scene, found)
    societal_broken = found.societal.judgement is not None and found.societal.judgement.zone == INTOLERABLE
    if not sums.over.any() and not societal_broken:
        return Relocation()
    targets = [_target(scene, sums, number) for number in np.flatnonzero(sums.over).tolist()]
    plants = _plants(scene, sums, _Losses(result, found, sums.of_release, societal_broken))
    return Relocation(tuple(sorted(targets, key=lambda one: -one.excess)), tuple(plants))


def plant_of(scene: Scene, source: int) -> str:
    one = scene.run.sources[source]
    return one.plant or one.name


def _sums(scene: Scene, found: Findings) -> _Sums:
    names = [plant_of(scene, number) for number in range(len(scene.run.sources))]
    plants = list(dict.fromkeys(names))
    of_source = np.array([plants.index(name) for name in names], np.int64)
    of_release = of_source[scene.park.releases.location]
    judged = [one for one in found.targets if one.limit is not None]
    limit = np.array([one.limit for one in judged], float)
    risk = np.zeros((len(judged), len(plants)))
    if judged and len(of_release):
        each = contribution.by_group(scene.park, [(one.target.x, one.target.y) for one in judged], of_release)
        risk[:, : each.shape[1]] = each
    return _Sums(judged, limit, plants, of_release, risk)


def _target(scene: Scene, sums: _Sums, number: int) -> TargetToMove:
    judged, plant = sums.judged[number], int(sums.risk[number].argmax())
    total, name = float(sums.total[number]), sums.plants[plant]
    places = [(one.x, one.y) for index, one in enumerate(scene.run.sources) if plant_of(scene, index) == name]
    nearest = min(places, key=lambda at: hypot(judged.target.x - at[0], judged.target.y - at[1]))
    distance = hypot(judged.target.x - nearest[0], judged.target.y - nearest[1])
    share = float(sums.risk[number, plant]) / total
    needed = safe_distance(scene, nearest, judged)
    return TargetToMove(judged, total / float(sums.limit[number]), name, share, distance, needed)


@dataclass(frozen=True)
class _Losses:
    """Deaths by plant, and whether the F-N curve is tolerable without one."""

    result: Result
    found: Findings
    of_release: npt.NDArray[np.int64]
    broken: bool

    def share(self, plant: int) -> float:
        loss = self.result.deaths.by_release()
        total = float(loss.sum())
        return float(loss[self.of_release == plant].sum()) / total if total > 0 else 0.0

    def cured_without(self, plant: int) -> bool:
        if not self.broken or self.found.societal.lines.upper is None:
            return False
        rest, deaths, lines = self.of_release != plant, self.result.deaths, self.found.societal.lines
        number, frequency = societal.curve(deaths.number[rest], deaths.frequency[rest])
        if len(number) and number[-1] > lines.end:
            return False
        upper = self.found.societal.lines.upper
        return judge_curve(number, frequency, upper, lines.lower or upper).zone != INTOLERABLE


def _plants(scene: Scene, sums: _Sums, losses: _Losses) -> list[PlantToMove]:
    order = _order(sums)
    rows = [_plant(scene, sums, losses, number, order.get(number)) for number in range(len(sums.plants))]
    listed = [one for one in rows if one.broken or one.order is not None or one.cures_societal]
    return sorted(listed, key=lambda one: (-one.excess, -one.loss))


def _plant(scene: Scene, sums: _Sums, losses: _Losses, number: int, step: tuple[int, int] | None) -> PlantToMove:
    own, over = sums.risk[:, number], sums.over
    ratio = own / sums.limit if len(own) else own
    worst = int(ratio.argmax()) if len(ratio) else -1
    share = np.divide(own, sums.total, out=np.zeros_like(own), where=sums.total > 0)
    name = sums.plants[number]
    return PlantToMove(
        name,
        tuple(one.name for index, one in enumerate(scene.run.sources) if plant_of(scene, index) == name),
        float(ratio[worst]) if worst >= 0 else 0.0,
        sums.judged[worst].target.name if worst >= 0 else "",
        float(share[worst]) if worst >= 0 else 0.0,
        int((over & (share >= LEAST_SHARE)).sum()),
        int((over & (sums.total - own <= sums.limit)).sum()),
        losses.share(number),
        losses.cured_without(number),
        *(step or (None, None)),
    )


def _order(sums: _Sums) -> dict[int, tuple[int, int]]:
    """Plants in the order in which they lower the broken limits most, until all are kept: number -> (rank, left)."""
    rest, gone = sums.total.copy(), dict[int, tuple[int, int]]()
    while (over := rest > sums.limit).any() and len(gone) < len(sums.plants):
        gain = (sums.risk[over] / sums.limit[over, None]).sum(axis=0)
        gain[list(gone)] = -1.0
        best = int(gain.argmax())
        rest = _without(sums.risk, [*gone, best])
        gone[best] = (len(gone) + 1, int((rest > sums.limit).sum()))
    return gone


def _without(risk: Floats, plants: Sequence[int]) -> Floats:
    kept = np.ones(risk.shape[1], bool)
    kept[list(plants)] = False
    return np.asarray(risk[:, kept].sum(axis=1), float)
