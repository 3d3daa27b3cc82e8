"""What is written of a pond, checked by the models before it is kept, and what they make of it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from anlan.apps.tailings.choices import Method, PondState
from anlan.apps.tailings.models import Pond
from anlan.kernels.validity import OutOfRange, within
from anlan.kit import clock
from anlan.kit.errors import BadInput
from anlan.kit.tailings import inputs
from anlan.kit.tailings.inputs import Catchment
from anlan.kit.tailings.study import Demands, Setting, Study
from anlan.packs.families import tailings_ponds as pack
from anlan.packs.families.tailings_ponds import Grade
from anlan.rules.refusal import Refusal

MOST_ROWS = 200
MOST = {"stored": 1e10, "min_beach": 5000.0, "min_superelevation": 50.0, "control_depth": 100.0, "stability": 10.0,
        "displacement_limit": 1000.0, "slide_limit": 1000.0, "design_period": 1e5}  # fmt: skip


@dataclass(frozen=True)
class PondSpec:
    """Columns of a pond; units as in :class:`Pond`."""

    name: str
    method: str
    height: float
    volume: float
    crest: float
    top: float
    state: str = PondState.IN_USE.value
    slope: float | None = None
    stored: float | None = None
    raised: bool = False
    normal_level: float | None = None
    flood_limit_level: float | None = None
    design_flood_level: float | None = None
    design_period: float | None = None
    min_beach: float | None = None
    min_superelevation: float | None = None
    control_depth: float | None = None
    displacement_limit: float | None = None
    slide_limit: float | None = None
    stability: float | None = None
    stability_on: date | None = None
    storage: Sequence[Sequence[float]] = ()
    drains: Sequence[Mapping[str, Any]] = ()
    catchment: Mapping[str, Any] = field(default_factory=dict)
    path: Sequence[Sequence[float]] = ()
    corridor: float = 150.0
    people_below: int | None = None
    commissioned: date | None = None
    last_deposit: date | None = None

    def columns(self) -> dict[str, Any]:
        """For the row and for the audit."""
        told = asdict(self) | {"name": self.name.strip()}
        for name in ("storage", "drains", "path"):
            told[name] = [dict(row) if isinstance(row, Mapping) else list(row) for row in told[name]]
        return told | {"catchment": dict(self.catchment)}


def checked(spec: PondSpec) -> None:
    """Refuse what cannot be, with the value and what to do. Raises BadInput."""
    if not 0 < len(spec.name.strip()) <= 80:
        raise BadInput(Refusal("pond.name", "尾矿库要有名称，不超过 80 个字。", "例如“1 号尾矿库”。"))
    if spec.method not in Method.values or spec.state not in PondState.values:
        raise BadInput(Refusal("pond.words", "筑坝方式或状态不认识。", "请从列表中选择。"))
    if spec.last_deposit is not None and spec.last_deposit > clock.today():
        raise BadInput(Refusal("pond.future", "最后排尾日期在将来。", "请填实际停止排尾的日期；还在使用的库留空。"))
    try:
        _numbers(spec)
        _curves(spec)
        _path(spec.path)
    except OutOfRange as error:
        raise BadInput(refused(error)) from error


def refused(error: OutOfRange) -> Refusal:
    """A model's refusal as the reader meets it."""
    told = {"why": str(error)}
    return Refusal("pond.out_of_range", "这组数值不能用：{why}。", "请对照设计文件改正。", told)


def _numbers(spec: PondSpec) -> None:
    within("height", spec.height, "m", 0, 500, above=True)
    within("volume", spec.volume, "m3", 0, 1e10, above=True)
    within("crest", spec.crest, "m", -500, 9000)
    within("top", spec.top, "m", spec.crest - spec.height, spec.crest)
    within("corridor", spec.corridor, "m", 10, 2000)
    for name, most in MOST.items():
        if (value := getattr(spec, name)) is not None:
            within(name, value, "", 0, most, above=True)
    if spec.slope is not None:
        within("slope", spec.slope, "-", 0.0005, 0.2)
    levels = [
        value for value in (spec.normal_level, spec.flood_limit_level, spec.design_flood_level) if value is not None
    ]
    within("levels", [*levels, spec.crest - 0.01], "m", spec.crest - spec.height, spec.crest)
    if levels != sorted(levels):
        raise OutOfRange("levels: the operating level, the limit before floods and the design flood must rise")


def _curves(spec: PondSpec) -> None:
    if max(len(spec.storage), len(spec.drains), len(spec.path)) > MOST_ROWS:
        raise OutOfRange(f"tables: at most {MOST_ROWS} rows each")
    if spec.storage or spec.drains:
        inputs.pool(spec.storage, spec.drains, spec.crest)
    names = [str(one.get("name", "")).strip() for one in spec.drains]
    if not all(names) or len(set(names)) != len(names):
        raise OutOfRange("drains: each needs a name of its own")
    if spec.catchment:
        catchment = catchment_of(spec.catchment)
        catchment.rain(catchment.rain24(100), pack.load(clock.today()).step_s)


def _path(path: Sequence[Sequence[float]]) -> None:
    if path and (len(path) < 2 or any(len(spot) != 2 for spot in path)):
        raise OutOfRange("path: need two or more points of longitude and latitude")
    for spot in path:
        within("longitude", spot[0], "deg", -180, 180)
        within("latitude", spot[1], "deg", -80, 80)


def catchment_of(written: Mapping[str, Any]) -> Catchment:
    """The catchment; values that are not written are the pack's. Raises OutOfRange."""
    storm = pack.load(clock.today()).storm
    usual = {name: getattr(storm, name) for name in storm.__dataclass_fields__}
    given = {name: value for name, value in written.items() if value not in (None, "")}
    shares = tuple(given.pop("shares", ()))
    known = set(Catchment.__dataclass_fields__)
    if unknown := set(given) - known:
        raise OutOfRange(f"catchment: {', '.join(sorted(unknown))} is not known")
    missing = [name for name in ("area", "mean24", "cv", "lag") if name not in given]
    if missing:
        raise OutOfRange(f"catchment: {', '.join(missing)} must be given")
    try:
        numbers = {name: float(value) for name, value in (usual | given).items()}
    except (TypeError, ValueError):
        raise OutOfRange("catchment: its values must be numbers") from None
    for name, value in numbers.items():
        if not math.isfinite(value):
            raise OutOfRange(f"{name} = {value}: must be finite")
    return Catchment(**numbers, shares=shares)


def grade_of(pond: Pond) -> Grade:
    """The grade by volume and height; one higher where what lies below demands it."""
    tables = pack.load(clock.today())
    found = tables.grade(pond.volume / 1e4, pond.height)
    return tables.numbered(max(found.grade - 1, 1)) if pond.raised else found


def demands_of(pond: Pond) -> Demands:
    """What must be left at the design flood: as designed, else as the grade demands."""
    grade = grade_of(pond)
    height = pond.min_superelevation if pond.min_superelevation is not None else grade.superelevation
    if pond.slope is None or pond.method == Method.DRY:
        return Demands(height, None, pond.top, None)
    beach = pond.min_beach if pond.min_beach is not None else grade.beach(pond.method)
    return Demands(height, beach, pond.top, pond.slope)


def period_of(pond: Pond) -> float:
    """The return period [yr] that the pond must stand: as designed, else the least of its grade."""
    return pond.design_period or grade_of(pond).flood_least


def routable(pond: Pond) -> bool:
    """Whether enough is written to route a flood."""
    return bool(pond.storage and pond.catchment)


def study_of(pond: Pond, opened: Mapping[str, float] | None = None) -> Study:
    """What can be asked what a storm does. ``opened``: share that is open of drains by name, else as written.

    Raises BadInput where the storage curve or the catchment is not written.
    """
    if not routable(pond):
        fix = "请在“修改”中填写库容曲线和汇水区参数。"
        raise BadInput(Refusal("pond.no_curve", "还没有库容曲线或汇水区参数，不能调洪演算。", fix))
    shares = opened or {}
    drains = [one | {"open": shares.get(one["name"], one.get("open", 1.0))} for one in pond.drains]
    tables = pack.load(clock.today())
    try:
        pool = inputs.pool(pond.storage, drains, pond.crest)
        return Study(pool, catchment_of(pond.catchment), demands_of(pond), Setting(tables.step_s, tables.flood_hours))
    except OutOfRange as error:
        raise BadInput(refused(error)) from error
