"""A study's scene computed: what may bring down what, then individual and societal risk.

Where the study counts knock-on accidents, each installation has its knock-on scenario as often as by itself and, added
to that, as often as others bring it down: f = f0 + sum over first accidents i of f_i P(i brings it down), in the first
or the second generation (:func:`anlan.kernels.qra.domino.failures`; Cozzani et al., J. Hazard. Mater. 127 (2005)
14-30). Accidents that begin by themselves keep their own frequency, so that nothing is counted twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from anlan.apps.consequences.parks import escalating
from anlan.apps.consequences.parks.escalating import Knocked
from anlan.apps.consequences.parks.run import Made
from anlan.kernels.qra import contribution
from anlan.kernels.qra.layout import Floats
from anlan.kit.park import assembly, compute, knock_on
from anlan.kit.park.assembly import Scene
from anlan.kit.park.compute import Result


@dataclass(frozen=True)
class Weighed:
    """``scene``: with what was ``added`` to its frequencies, if so; ``at_targets`` f8[targets, locations] [1/yr];
    ``knocked``: what follows from what."""

    made: Made
    scene: Scene
    result: Result
    at_targets: Floats
    knocked: Knocked
    added: bool

    @property
    def risk(self) -> Floats:
        """Individual risk of each target [1/yr]."""
        return np.asarray(self.at_targets.sum(axis=1), float)

    def losses(self) -> Floats:
        """Potential loss of life of each source [1/yr]."""
        loss = self.result.deaths.by_release()
        return np.asarray(np.bincount(self.scene.park.releases.location, loss, len(self.scene.park.at)), float)

    def added_loss(self) -> float:
        """Potential loss of life that knock-on accidents add [1/yr]."""
        share = np.array([one.added / one.frequency if one.frequency > 0 else 0.0 for one in self.scene.cases])
        return float((self.result.deaths.by_release() * share[self.scene.case_of]).sum()) if len(share) else 0.0


def weigh(
    made: Made, on: date, *, domino: bool, cache: Path, step: Callable[[int], None] = lambda location: None
) -> Weighed:
    """Compute a study that was put together; ``step`` hears of each source twice. Raises BadRun."""
    scene = assembly.build(made.reading, on)
    knocked = escalating.followed(made, scene, on)
    if domino:
        scene = knock_on.with_escalated(scene, knocked.knock)
    result = compute.compute(scene, cache, step)
    points = [(one.x, one.y) for one in scene.run.targets]
    nothing = np.zeros((0, len(scene.park.at)))
    at_targets = contribution.by_group(scene.park, points, scene.park.releases.location) if points else nothing
    return Weighed(made, scene, result, at_targets, knocked, domino)
