"""What is written of a study and of its sources, and whether it can be computed at all."""

from dataclasses import dataclass
from math import isfinite
from typing import Literal

from anlan.kernels.validity import OutOfRange
from anlan.kit import clock
from anlan.kit.errors import BadInput
from anlan.kit.park import installation
from anlan.kit.park.inputs import Weather, WeatherClass
from anlan.kit.park.installation import Installation
from anlan.packs.families import domino_thresholds, leak_frequencies, park_study
from anlan.rules.refusal import Refusal

NAME_LENGTH = 120
MOST_SOURCES = 120
Stage = Literal["new", "in_service"]
_SIXTEENTH = 1 / 16


@dataclass(frozen=True)
class StudySpec:
    """Lengths in m. ``weather``: classes whose shares make a whole year."""

    name: str
    stage: Stage = "in_service"
    weather: tuple[WeatherClass, ...] = ()
    cell: float = 0.0  # 0: the pack's
    margin: float = 0.0
    domino: bool | None = None  # whether the risk counts knock-on accidents; None: as the pack says


@dataclass(frozen=True)
class SourceSpec:
    """Columns of a source; ``place_id``: where it stands in the tree. SI units as in :class:`ParkSource`."""

    name: str
    longitude: float
    latitude: float
    substance: str
    mass: float
    equipment: str
    holes: tuple[str, ...]
    place_id: int | None = None
    temperature: float = 293.15
    pressure: float | None = None
    head: float = 2.0
    bund: float | None = None
    amount: float = 1.0
    pipe: float | None = None
    duration: float = 1800.0
    escalation: str = ""
    volume: float | None = None

    def installation(self) -> Installation:
        return Installation(
            name=self.name, substance=self.substance, mass=self.mass, equipment=self.equipment, holes=self.holes,
            temperature=self.temperature, pressure=self.pressure, head=self.head, bund=self.bund, amount=self.amount,
            pipe=self.pipe, duration=self.duration, escalation=self.escalation, volume=self.volume,
        )  # fmt: skip


def usual_weather() -> tuple[WeatherClass, ...]:
    """The pack's weather for places of which nothing is known: the same wind from everywhere."""
    rows = park_study.load(clock.today()).weather
    return tuple(WeatherClass(row.name, row.stability, row.wind, row.share, (_SIXTEENTH,) * 16) for row in rows)


def checked_study(spec: StudySpec) -> StudySpec:
    """The study with what was left open filled in. Raises BadInput with what is wrong."""
    usual = park_study.load(clock.today())
    _named(spec.name)
    if spec.stage not in ("new", "in_service"):
        raise _bad("park.stage", "不认识的阶段“{stage}”。", "选择新建或在役。", stage=str(spec.stage)[:40])
    weather = spec.weather or usual_weather()
    wrong = [said for one in weather for said in one.problems()] + list(Weather(weather).problems())
    if wrong or not all(isfinite(part) for one in weather for part in (one.wind, one.share, *one.rose)):
        raise _bad("park.weather", "气象条件不对：{why}。", "请更正后再保存。", why="；".join(wrong)[:200])
    cell, margin = spec.cell or usual.cell, spec.margin or usual.margin
    if not 5 <= cell <= 200 or not 200 <= margin <= 20_000:
        told = {"cell": f"{cell:g}", "margin": f"{margin:g}"}
        fix = "网格 5 到 200 m，外扩 200 到 20000 m。"
        raise _bad("park.grid", "网格 {cell} m、外扩 {margin} m 不能计算。", fix, **told)
    domino = usual.domino.in_risk if spec.domino is None else spec.domino
    return StudySpec(spec.name.strip(), spec.stage, weather, cell, margin, domino)


def checked_source(spec: SourceSpec) -> SourceSpec:
    """The source if something comes out of each of its leaks. Raises BadInput with what is wrong."""
    on = clock.today()
    _named(spec.name)
    if not (-180 <= spec.longitude <= 180 and -80 <= spec.latitude <= 80):
        raise _bad("park.position", "风险源的经纬度不对。", "在图上点选，或填十进制度数。")
    equipment = {one.code for one in leak_frequencies.load(on).equipment}
    if spec.equipment not in equipment:
        raise _bad("park.equipment", "没有设备类型“{wrong}”。", "从列表中选择。", wrong=spec.equipment[:40])
    known = installation.holes(spec.equipment, on)
    if not spec.holes or (set(spec.holes) - known.keys()):
        names = "、".join(row.name for row in known.values())
        raise _bad("park.holes", "请至少选择一种泄漏情景。", "这类设备可选：{holes}。", holes=names)
    if spec.escalation and spec.escalation not in domino_thresholds.load(on).equipment:
        raise _bad("park.escalation", "没有多米诺设备类“{wrong}”。", "从列表中选择。", wrong=spec.escalation[:40])
    try:
        installation.substance_of(spec.substance, on)
    except KeyError:
        fix = "请用物质库中的名称或 CAS 号；物质库可由本单位的规则包扩充。"
        raise _bad("park.substance", "物质库中没有“{substance}”。", fix, substance=spec.substance[:40]) from None
    try:
        installation.probe(spec.installation(), on)
    except (ArithmeticError, IndexError, OutOfRange, ValueError) as error:
        fix = "请检查储存量、温度、压力、围堰和设备。"
        raise _bad("park.out_of_range", "模型不接受这组数值：{why}。", fix, why=str(error)[:200]) from error
    return spec


def _named(name: str) -> None:
    if not 0 < len(name.strip()) <= NAME_LENGTH:
        most = str(NAME_LENGTH)
        raise _bad("park.name", "名称不能为空，不超过 {most} 个字。", "例如“液氯库 1 号储罐”。", most=most)


def _bad(code: str, message: str, fix: str, **told: str) -> BadInput:
    return BadInput(Refusal(code, message, fix, told))
