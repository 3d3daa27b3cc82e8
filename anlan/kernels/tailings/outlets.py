"""What drains a pond at a level: weirs, orifices, decant towers with culverts, side channels, pumps, measured curves.

Each outlet gives its flow [m3/s] at levels [m]; an outlet may be ``open`` in part only (boards, débris, a jammed gate).
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.tailings.storm import Floats
from anlan.kernels.validity import OutOfRange, within

G = 9.81  # [m/s2]


@dataclass(frozen=True)
class Outlet(ABC):
    """``open``: share of it that is not blocked [-]."""

    open: float = 1.0

    def __post_init__(self) -> None:
        within("open", self.open, "-", 0, 1)

    def discharge(self, level: npt.ArrayLike) -> Floats:
        """Flow [m3/s] at each level [m]."""
        within("level", level, "m", -500, 9500)
        return self.open * self._full(np.asarray(level, float))

    @abstractmethod
    def _full(self, level: Floats) -> Floats: ...


@dataclass(frozen=True)
class Weir(Outlet):
    """Q = m B sqrt(2 g) H^1.5, not more than ``capacity`` of the channel behind it (spillway, side channel, crest).

    ``crest`` [m], ``width`` B [m], ``coefficient`` m [-] (0.30-0.385 broad crest, to 0.50 ogee), ``capacity`` [m3/s].
    """

    crest: float = 0.0
    width: float = 1.0
    coefficient: float = 0.36
    capacity: float = np.inf

    def __post_init__(self) -> None:
        super().__post_init__()
        within("crest", self.crest, "m", -500, 9000)
        within("width", self.width, "m", 0, 2000, above=True)
        within("coefficient", self.coefficient, "-", 0.2, 0.55)
        if not self.capacity > 0:
            raise OutOfRange(f"capacity = {self.capacity:g} m3/s: must be above 0")

    def _full(self, level: Floats) -> Floats:
        head = np.maximum(level - self.crest, 0)
        return np.asarray(np.minimum(self.coefficient * self.width * np.sqrt(2 * G) * head**1.5, self.capacity))


@dataclass(frozen=True)
class Orifice(Outlet):
    """A rectangular opening, partly or wholly drowned: Q = 2/3 mu b sqrt(2 g) (H^1.5 - (H - a)^1.5).

    ``sill`` [m], ``width`` b [m], ``height`` a [m], ``coefficient`` mu [-].
    """

    sill: float = 0.0
    width: float = 1.0
    height: float = 1.0
    coefficient: float = 0.62

    def __post_init__(self) -> None:
        super().__post_init__()
        within("sill", self.sill, "m", -500, 9000)
        within("width", self.width, "m", 0, 100, above=True)
        within("height", self.height, "m", 0, 100, above=True)
        within("coefficient", self.coefficient, "-", 0.4, 1)

    def _full(self, level: Floats) -> Floats:
        head = np.maximum(level - self.sill, 0)
        drowned = np.maximum(head - self.height, 0)
        return np.asarray(2 / 3 * self.coefficient * self.width * np.sqrt(2 * G) * (head**1.5 - drowned**1.5))


@dataclass(frozen=True)
class Tower(Outlet):
    """A decant tower with its culvert or tunnel: the least of what three sections let through.

    Free over the sill, Q_a = m eps B sqrt(2 g) H^1.5; half pressure through the mouth, Q_c = phi A_s sqrt(2 g H_s) with
    H_s above the sill; full pressure in the culvert, Q_d = A_x sqrt(2 g H_z / (1 + sum zeta + lambda L / D)) with H_z
    from the level to the water at the outlet (design reference of tailings facilities, 尾矿设施设计参考资料, 1980).

    ``sill`` [m]: of the lowest open ring; ``width`` B [m]: clear width of the openings; ``coefficient`` m eps [-];
    ``mouth`` A_s [m2], ``mouth_coefficient`` phi [-]; ``culvert`` A_x [m2], ``outlet`` [m]: water level below it,
    ``loss``: sum zeta + lambda L / D [-].
    """

    sill: float = 0.0
    width: float = 1.0
    coefficient: float = 0.36
    mouth: float = 1.0
    mouth_coefficient: float = 0.6
    culvert: float = 1.0
    outlet: float = -10.0
    loss: float = 2.0

    def __post_init__(self) -> None:
        super().__post_init__()
        within("sill", self.sill, "m", -500, 9000)
        within("outlet", self.outlet, "m", -600, 9000)
        within("width", self.width, "m", 0, 1000, above=True)
        within("mouth", self.mouth, "m2", 0, 1000, above=True)
        within("culvert", self.culvert, "m2", 0, 1000, above=True)
        within("coefficient", self.coefficient, "-", 0.2, 0.55)
        within("mouth_coefficient", self.mouth_coefficient, "-", 0.2, 1)
        within("loss", self.loss, "-", 0, 1000)
        if self.outlet >= self.sill:
            raise OutOfRange(f"outlet = {self.outlet:g} m: must lie below the sill ({self.sill:g} m)")

    def stages(self, level: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Free, half-pressure and full-pressure flow [m3/s], each by itself."""
        at = np.asarray(level, float)
        head = np.maximum(at - self.sill, 0)
        free = self.coefficient * self.width * np.sqrt(2 * G) * head**1.5
        half = self.mouth_coefficient * self.mouth * np.sqrt(2 * G * head)
        full = self.culvert * np.sqrt(2 * G * np.maximum(at - self.outlet, 0) / (1 + self.loss))
        return free, half, np.where(head > 0, full, 0.0)

    def _full(self, level: Floats) -> Floats:
        free, half, full = self.stages(level)
        return np.asarray(np.minimum(np.minimum(free, half), full))


@dataclass(frozen=True)
class Pump(Outlet):
    """``flow`` [m3/s] while the water stands above ``above`` [m]; it comes on within 0.1 m."""

    above: float = 0.0
    flow: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        within("above", self.above, "m", -500, 9000)
        within("flow", self.flow, "m3/s", 0, 1000)

    def _full(self, level: Floats) -> Floats:
        return self.flow * np.clip((level - self.above) / 0.1, 0, 1)


@dataclass(frozen=True)
class Rated(Outlet):
    """A measured or designed curve: ``flows`` [m3/s] at ``levels`` [m], straight between; none below them."""

    levels: tuple[float, ...] = ()
    flows: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        within("levels", self.levels, "m", -500, 9000)
        within("flows", self.flows, "m3/s", 0, 1e6)
        if len(self.levels) != len(self.flows) or len(self.levels) < 2:
            raise OutOfRange(f"curve: {len(self.levels)} levels and {len(self.flows)} flows; need two or more of each")
        if np.any(np.diff(self.levels) <= 0) or np.any(np.diff(self.flows) < 0):
            raise OutOfRange("curve: levels must rise and flows must not fall")

    def _full(self, level: Floats) -> Floats:
        return np.interp(level, self.levels, self.flows, left=0.0)


def together(outlets: Sequence[Outlet], level: npt.ArrayLike) -> Floats:
    """Flow of all outlets [m3/s] at each level [m]."""
    total = np.zeros_like(np.asarray(level, float))
    for outlet in outlets:
        total = total + outlet.discharge(level)
    return total
