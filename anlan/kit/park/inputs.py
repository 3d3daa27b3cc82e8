"""The shape of RUN.yaml: dataclasses that the packs' reader fills, each of which says what is wrong with itself.

Lengths in m, rates in kg/s, times in s, masses in kg, frequencies per year; see docs/howto/park.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from anlan.kit.park.options import Cloud, Domino, RequiredDistance, Uncertainty
from anlan.packs.binder import BAD, Binder, line_of
from anlan.packs.model import Problem, Unique

#: EPSG codes of degrees that are often written by mistake.
_DEGREES = {4326, 4490, 4214, 4610, 4555, 4979}
Stability = Literal["A", "B", "C", "D", "E", "F"]
When = Literal["always", "immediate", "flash_fire", "explosion", "unignited"]


class BadRun(ValueError):
    """The file cannot be used; ``problems`` say where and what to do."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class GridInput:
    """Corner [m], cell size [m], number of cells; ``epsg``: a projected system in metres, none: local metres."""

    west: float
    south: float
    cell: float
    columns: int
    rows: int
    epsg: int | None = None

    def problems(self) -> Iterable[str]:
        if not 1 <= self.cell <= 1000:
            yield f"cell 是 {self.cell} m，应在 1 到 1000 之间"
        if not (2 <= self.columns <= 5000 and 2 <= self.rows <= 5000):
            yield f"网格 {self.columns} × {self.rows}，每个方向应在 2 到 5000 格之间"
        if self.epsg in _DEGREES:
            yield f"EPSG {self.epsg} 以度为单位；请用以米为单位的投影坐标系（如 CGCS2000 高斯投影 4547），或不写 epsg"


@dataclass(frozen=True)
class WeatherClass:
    """``share`` of the year [-]; ``rose``: shares of the directions the wind comes from, north first, clockwise.

    ``temperature`` [K] and relative ``humidity`` [-] of the air: for dense clouds.
    """

    name: Annotated[str, Unique()]
    stability: Stability
    wind: float
    share: float
    rose: tuple[float, ...]
    temperature: float = 293.15
    humidity: float = 0.6

    def problems(self) -> Iterable[str]:
        if not 0 < self.wind <= 50:
            yield f"{self.name} 的风速 {self.wind} 应大于 0、不超过 50 m/s"
        if not (233 <= self.temperature <= 333 and 0 <= self.humidity <= 1):
            yield f"{self.name} 的 temperature {self.temperature} 应在 233 到 333 K、humidity {self.humidity} 在 0 到 1"
        if not 0 <= self.share <= 1:
            yield f"{self.name} 的 share {self.share} 应在 0 到 1 之间"
        if len(self.rose) % 4 or not self.rose:
            yield f"{self.name} 的 rose 有 {len(self.rose)} 个方向，应是 4 的倍数（8、12、16、36）"
        elif min(self.rose) < 0 or abs(sum(self.rose) - 1) > 1e-3:
            yield f"{self.name} 的 rose 之和是 {sum(self.rose):g}，应为 1，每个不小于 0"


@dataclass(frozen=True)
class Weather:
    """``parts``: each sector is cut into so many equal directions (odd), so that contours show no spokes."""

    classes: tuple[WeatherClass, ...]
    parts: int = 1

    def problems(self) -> Iterable[str]:
        if not self.classes:
            yield "classes 是空的，请至少写一个气象条件"
        elif abs(sum(one.share for one in self.classes) - 1) > 1e-3:
            yield f"各气象条件 share 之和是 {sum(one.share for one in self.classes):g}，应为 1"
        if len({len(one.rose) for one in self.classes}) > 1:
            yield "各气象条件 rose 的方向数不同，请统一"
        if self.parts < 1 or self.parts % 2 == 0 or self.parts > 45:
            yield f"parts 是 {self.parts}，应是 1 到 45 之间的奇数（1、3、5、9、15、45）"


@dataclass(frozen=True)
class People:
    """``persons`` spread evenly over a circle of ``radius`` [m] about (x, y); radius 0: a point."""

    name: str
    x: float
    y: float
    persons: float
    radius: float = 0.0

    def problems(self) -> Iterable[str]:
        if not 0 <= self.persons <= 1e7:
            yield f"{self.name} 的人数 {self.persons} 不合理，应不小于 0"
        if not 0 <= self.radius <= 1e5:
            yield f"{self.name} 的 radius {self.radius} 应不小于 0"


@dataclass(frozen=True)
class Area:
    """``persons`` spread evenly over a polygon of corners [x, y]."""

    name: str
    persons: float
    corners: tuple[tuple[float, ...], ...]

    def problems(self) -> Iterable[str]:
        if not 0 <= self.persons <= 1e7:
            yield f"{self.name} 的人数 {self.persons} 不合理，应不小于 0"
        if len(self.corners) < 3 or any(len(corner) != 2 for corner in self.corners):
            yield f"{self.name} 的 corners 应是至少三个 [x, y]"


@dataclass(frozen=True)
class Target:
    """A protected place. ``limit`` [1/yr] of its individual risk; without one that of its ``category`` in GB 36894."""

    name: Annotated[str, Unique()]
    x: float
    y: float
    category: str = ""
    limit: float | None = None

    def problems(self) -> Iterable[str]:
        if self.limit is not None and not 0 < self.limit < 1:
            yield f"{self.name} 的 limit {self.limit} 应大于 0、小于 1（每年）"


@dataclass(frozen=True)
class Probit:
    """Pr = a + b ln(C^n t), C in ``unit``, t in minutes."""

    a: float
    b: float
    n: float
    unit: Literal["mg/m3", "ppm"] = "mg/m3"

    def problems(self) -> Iterable[str]:
        if not (0 < self.b < 20 and 0 < self.n < 10):
            yield f"毒性概率单位 b {self.b}、n {self.n} 应大于 0"


@dataclass(frozen=True)
class Toxic:
    """A steady toxic plume: ``rate``, ``duration`` of exposure, ``height`` of release; dense only with a ``cloud``."""

    rate: float
    duration: float
    probit: Probit
    molar_mass: float | None = None
    height: float = 0.0
    cloud: Cloud | None = None

    def problems(self) -> Iterable[str]:
        if self.probit.unit == "ppm" and self.molar_mass is None:
            yield "probit 以 ppm 计，请写 molar_mass（kg/mol）"


@dataclass(frozen=True)
class ToxicPuff:
    """A toxic ``mass`` [kg] set free at once; otherwise as :class:`Toxic`. The dose is that of the whole passage."""

    mass: float
    probit: Probit
    molar_mass: float | None = None
    cloud: Cloud | None = None

    def problems(self) -> Iterable[str]:
        if self.probit.unit == "ppm" and self.molar_mass is None:
            yield "probit 以 ppm 计，请写 molar_mass（kg/mol）"
        if not 0 < self.mass <= 1e8:
            yield f"toxic_puff 的 mass {self.mass} 应大于 0（kg）"


@dataclass(frozen=True)
class FlashFire:
    """Everybody dies where a steady plume is above its lower flammable limit [vol/vol]."""

    rate: float
    molar_mass: float
    lower_limit: float
    height: float = 0.0
    cloud: Cloud | None = None


@dataclass(frozen=True)
class FlashPuff:
    """Everybody dies where a flammable ``mass`` [kg], set free at once, passes above its lower limit [vol/vol]."""

    mass: float
    molar_mass: float
    lower_limit: float
    cloud: Cloud | None = None


@dataclass(frozen=True)
class FireballInput:
    """BLEVE of ``mass``; ``burst_pressure`` [Pa] sets the radiated share; ``exposure`` [s] until shelter."""

    mass: float
    heat_of_combustion: float
    burst_pressure: float
    exposure: float = 20.0
    probit: str = "tsao-perry"


@dataclass(frozen=True)
class PoolFire:
    """A burning pool; ``emissive_power`` [W/m2], without it that of smoky hydrocarbons by diameter; ``vapour_density``
    [kg/m3] of the fuel at its boiling point tilts the flame, without it that of air."""

    diameter: float
    burning_flux: float
    exposure: float = 20.0
    emissive_power: float | None = None
    probit: str = "tsao-perry"
    vapour_density: float | None = None


@dataclass(frozen=True)
class ExplosionInput:
    """A vapour cloud by TNT (``efficiency``) or multi-energy (``strength`` 1 … 10), ``drift`` [m] downwind."""

    mass: float
    heat_of_combustion: float
    efficiency: float | None = None
    strength: int | None = None
    drift: float = 0.0
    probit: str = "hse"

    def problems(self) -> Iterable[str]:
        if (self.efficiency is None) == (self.strength is None):
            yield "请写 efficiency（TNT 当量法）或 strength（多能法），只写一个"


@dataclass(frozen=True)
class Circle:
    """``lethality`` within ``radius`` of a point ``shift`` downwind."""

    radius: float
    lethality: float = 1.0
    shift: float = 0.0


@dataclass(frozen=True)
class Heat:
    """A jet's heat on a neighbour: ``flux[i][k]`` [W/m2] at ``distance[i]`` [m] from the leak, under ``angle[k]``
    [radian] to the wind, for ``seconds``."""

    distance: tuple[float, ...]
    angle: tuple[float, ...]
    flux: tuple[tuple[float, ...], ...]
    seconds: float


@dataclass(frozen=True)
class Rings:
    """Lethality by distance from a point ``shift`` downwind; ``heat``: what reaches neighbours."""

    distance: tuple[float, ...]
    lethality: tuple[float, ...]
    shift: float = 0.0
    heat: Heat | None = None


@dataclass(frozen=True)
class Along:
    """A footprint of another program for one weather: probit - 5 = a(x) - b(x) y^2 at x = start + i step.

    ``model``: what made it, for the record.
    """

    weather: str
    step: float
    a: tuple[float, ...]
    b: tuple[float, ...]
    start: float = 0.0
    model: str = ""


@dataclass(frozen=True)
class Outcome:
    """One thing that may come of a release, ``when``: an end of the event tree."""

    when: When = "always"
    toxic: Toxic | None = None
    flash_fire: FlashFire | None = None
    fireball: FireballInput | None = None
    pool_fire: PoolFire | None = None
    explosion: ExplosionInput | None = None
    circle: Circle | None = None
    rings: Rings | None = None
    along: tuple[Along, ...] | None = None
    toxic_puff: ToxicPuff | None = None
    flash_puff: FlashPuff | None = None

    def kind(self) -> str:
        """The one effect that is given."""
        return next(name for name in EFFECTS if getattr(self, name) is not None)

    def problems(self) -> Iterable[str]:
        given = [name for name in EFFECTS if getattr(self, name) is not None]
        if len(given) != 1:
            yield f"每个结果只写一种效应（{'、'.join(EFFECTS)}），这里写了 {'、'.join(given) or '零个'}"


EFFECTS = (
    "toxic", "toxic_puff", "flash_fire", "flash_puff", "fireball", "pool_fire", "explosion", "circle", "rings", "along",
)  # fmt: skip


@dataclass(frozen=True)
class Leak:
    """Frequency by the pack of leak frequencies: ``amount`` items, metres or feet of pipe, or hours of use a year."""

    equipment: str
    hole: str
    amount: float = 1.0


@dataclass(frozen=True)
class Ignition:
    """Event tree of a flammable release; probabilities [-]."""

    immediate: float
    delayed: float
    explosion: float = 0.4

    def problems(self) -> Iterable[str]:
        for name in ("immediate", "delayed", "explosion"):
            if not 0 <= getattr(self, name) <= 1:
                yield f"{name} {getattr(self, name)} 应在 0 到 1 之间"


@dataclass(frozen=True)
class Scenario:
    """A loss of containment with its frequency and what may come of it.

    ``knock_on``: this is what happens when a neighbour's accident brings the source down; without a mark it is the
    scenario that kills over the largest area.
    """

    name: Annotated[str, Unique()]
    outcomes: tuple[Outcome, ...]
    frequency: float | None = None
    leak: Leak | None = None
    ignition: Ignition | None = None
    knock_on: bool = False

    def problems(self) -> Iterable[str]:
        if (self.frequency is None) == (self.leak is None):
            yield f"{self.name}：请写 frequency（每年）或 leak（查泄漏频率包），只写一个"
        if self.frequency is not None and not 0 <= self.frequency <= 100:
            yield f"{self.name} 的 frequency {self.frequency} 应在 0 到 100（每年）之间"
        if not self.outcomes:
            yield f"{self.name} 没有 outcomes，请至少写一个结果"
        ends = [outcome.when for outcome in self.outcomes]
        if self.ignition is None and any(end != "always" for end in ends):
            yield f"{self.name} 的 outcomes 用了事件树的 when，请写 ignition，或把 when 去掉"
        if self.ignition is not None and "always" in ends:
            yield f"{self.name} 写了 ignition，每个结果都要写 when（immediate、flash_fire、explosion、unignited）"


@dataclass(frozen=True)
class Source:
    """A place with its scenarios. ``equipment`` (a class of the pack of domino thresholds) and ``volume`` [m3]: what a
    neighbour's fire or blast would hit. ``plant``: whose it is, where several sources belong together."""

    name: Annotated[str, Unique()]
    x: float
    y: float
    scenarios: tuple[Scenario, ...]
    equipment: str = ""
    volume: float | None = None
    plant: str = ""

    def problems(self) -> Iterable[str]:
        if sum(one.knock_on for one in self.scenarios) > 1:
            yield f"{self.name} 有几个场景写了 knock_on: true，请只留一个（被波及时发生的场景）"


@dataclass(frozen=True)
class Criteria:
    """``contours``: levels [1/yr] to draw and measure distances for; ``societal``: a set of F-N lines by name;
    ``stage``: whose limits of GB 36894 hold for targets, of new (and rebuilt) installations or of those in service."""

    contours: tuple[float, ...]
    societal: str = ""
    stage: Literal["new", "in_service"] = "new"

    def problems(self) -> Iterable[str]:
        if not self.contours or any(not 1e-12 <= level <= 1 for level in self.contours):
            yield "contours 应是一个或多个 1e-12 到 1 之间的个人风险值（每年）"
        elif len(set(self.contours)) < len(self.contours):
            yield "contours 里有重复的值，请删去"


@dataclass(frozen=True)
class Run:
    """Everything of one assessment."""

    title: str
    grid: GridInput
    weather: Weather
    sources: tuple[Source, ...]
    criteria: Criteria
    population: tuple[People, ...] = ()
    areas: tuple[Area, ...] = ()
    targets: tuple[Target, ...] = ()
    uncertainty: Uncertainty | None = None
    distances: tuple[RequiredDistance, ...] = ()
    domino: Domino | None = None

    def problems(self) -> Iterable[str]:
        if not self.sources:
            yield "sources 是空的，请至少写一个风险源"
        yield from self._unknown_in_distances()
        known = {one.name for one in self.weather.classes}
        for source, scenario, outcome in every_outcome(self):
            for along in outcome.along or ():
                if along.weather not in known:
                    yield f"{source.name} {scenario.name}：没有气象条件 {along.weather}，有：{'、'.join(sorted(known))}"

    def _unknown_in_distances(self) -> Iterable[str]:
        sources = {one.name for one in self.sources}
        targets = {name for one in self.targets for name in (one.name, one.category)}
        for rule in self.distances:
            for what, name, known in (("source", rule.source, sources), ("target", rule.target, targets)):
                if name and name not in known:
                    yield f"distances 里的 {what} {name} 不在本文件中，有：{'、'.join(sorted(known - {''}))}"


def every_outcome(run: Run) -> Iterable[tuple[Source, Scenario, Outcome]]:
    for source in run.sources:
        for scenario in source.scenarios:
            for outcome in scenario.outcomes:
                yield source, scenario, outcome


@dataclass(frozen=True)
class Reading:
    """A run and where each of its parts was written: (file, line) by ``id`` of the part."""

    run: Run
    file: Path
    places: dict[int, tuple[Path, int]]

    def problem(self, part: object, message: str) -> Problem:
        """A problem at the line where a part begins."""
        file, line = self.places.get(id(part), (self.file, 1))
        return Problem(file, line, message)


def read(file: Path) -> Reading:
    """Read RUN.yaml; raises BadRun with every problem, OSError where the file cannot be read."""
    binder = Binder(file)
    node = binder.document()
    run = BAD if node is None else binder.bind_fields(binder.entries(node), Run, line_of(node))
    if binder.problems or not isinstance(run, Run):
        raise BadRun(binder.problems)
    return Reading(run, file, binder.places)
