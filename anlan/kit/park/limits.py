"""The limits of a run: of its targets by category (GB 36894) or as written, and the lines of societal risk by name."""

from dataclasses import dataclass
from datetime import date

from anlan.kernels.qra.criteria import Line
from anlan.kit.park.inputs import BadRun, Reading, Target
from anlan.packs.families import external_risk, societal_criteria
from anlan.packs.families.external_risk import ExternalRisk
from anlan.packs.families.societal_criteria import SocietalCriteria
from anlan.packs.loader import load_as

#: The set of lines that the pack chemicals/gb36894 has; all others are in chemicals/societal_criteria.
NATIONAL = "GB 36894"


@dataclass(frozen=True)
class Lines:
    """Upper and lower line of a criterion. ``end``: above so many deaths everything is intolerable."""

    upper: Line | None = None
    lower: Line | None = None
    end: float = float("inf")


@dataclass(frozen=True)
class Criterion:
    """Where a limit comes from: key of the pack (empty: the run's own), standard, clause, confidence."""

    pack: str
    standard: str
    clause: str
    confidence: str


def criterion_of_target(reading: Reading, target: Target, on: date) -> Criterion:
    """Where a target's limit comes from."""
    if target.limit is not None or not target.category:
        return Criterion("", "评价文件自定", "", "")
    header = load_as(ExternalRisk, external_risk.IDS, on).header
    kind = _kind(reading, target, on)
    stage = "新建、改建、扩建" if reading.run.criteria.stage == "new" else "在役"
    return Criterion(header.id, header.standard, f"{header.clause}，{kind.name}，{stage}", kind.confidence)


def criterion_of_lines(reading: Reading, on: date) -> Criterion | None:
    """Where the lines of societal risk come from; None where the run names none."""
    name = reading.run.criteria.societal
    if not name:
        return None
    if name == NATIONAL:
        whole = load_as(ExternalRisk, external_risk.IDS, on)
        return Criterion(whole.header.id, whole.header.standard, whole.header.clause, whole.body.societal.confidence)
    found = load_as(SocietalCriteria, societal_criteria.IDS, on)
    line = found.body.of(name).get("upper")
    if line is None:
        return None
    return Criterion(found.header.id, name, line.source, line.confidence)


def limits_of(reading: Reading, on: date) -> tuple[float | None, ...]:
    """Limit [1/yr] of each target: its own, else that of its category; None without either.

    Raises
    ------
    BadRun
        A category that the pack does not know, where no limit is written.
    """
    return tuple(_limit(reading, target, on) for target in reading.run.targets)


def _limit(reading: Reading, target: Target, on: date) -> float | None:
    if target.limit is not None or not target.category:
        return target.limit
    kind = _kind(reading, target, on)
    return kind.new_or_rebuilt if reading.run.criteria.stage == "new" else kind.in_service


def _kind(reading: Reading, target: Target, on: date) -> external_risk.Target:
    kinds = external_risk.load(on).targets
    kind = next((one for one in kinds if target.category in (one.name, *one.also)), None)
    if kind is None:
        known = "、".join(one.name for one in kinds)
        message = f"{target.name}：GB 36894 没有“{target.category}”，请写 limit，或用：{known}"
        raise BadRun([reading.problem(target, message)])
    return kind


def lines_of(reading: Reading, on: date) -> Lines:
    """The lines of the run's societal criterion; raises BadRun where no pack knows its name."""
    name = reading.run.criteria.societal
    if not name:
        return Lines()
    if name == NATIONAL:
        national = external_risk.load(on).societal
        upper, lower = (Line(1.0, line.f_at_one, line.slope) for line in (national.upper, national.lower))
        return Lines(upper, lower, national.n_end)
    pack = societal_criteria.load(on)
    found = pack.of(name)
    if not found:
        known = "、".join([NATIONAL, *dict.fromkeys(line.set for line in pack.lines)])
        raise BadRun([reading.problem(reading.run.criteria, f"没有社会风险准则 {name}，有：{known}")])
    up, low = found.get("upper"), found.get("lower")
    return Lines(up.as_line() if up else None, low.as_line() if low else None)
