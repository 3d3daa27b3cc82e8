"""What may happen at the stores of a subject: how far it reaches in any wind, who is there, which stores it would set
off in turn."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from anlan.apps.consequences import selectors as consequences
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.selectors import LaidZone, Study, Wind
from anlan.apps.consequences.sites import Site
from anlan.apps.enterprises import selectors as enterprises
from anlan.apps.enterprises.selectors import Holder
from anlan.apps.ledger.selectors import Node
from anlan.apps.reports.figures import installations
from anlan.apps.reports.subject import Subject
from anlan.kernels.validity import OutOfRange
from anlan.kit.accident.escalation import Load, escalation
from anlan.kit.accident.ground import Frame
from anlan.kit.accident.inputs import Sky
from anlan.kit.accident.zones import Effect, Level, Zone, disc
from anlan.kit.errors import BadInput
from anlan.packs.families import domino_thresholds, park_study, substances
from anlan.packs.families.domino_thresholds import DominoThresholds

ZERO_C, KILO = 273.15, 1e3
#: From this rank on a level kills or maims.
GRAVE = 3
BLASTS, FIRES = ("explosion", "vessel_burst"), ("pool_fire", "jet_fire", "fireball")
NEAREST = 5.0  # two stores closer than this are one place [m]


@dataclass(frozen=True)
class Reach:
    """How far one effect reaches a level in the worst of the weathers, whatever the wind's direction; ``beyond``: it
    goes on past the horizon, where ``metres`` ends."""

    kind: str
    level: Level
    metres: float
    beyond: bool = False


@dataclass(frozen=True)
class Left:
    """What the models do not take, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Case:
    """One accident, computed in every weather; ``assumed``: made of what the file says is stored."""

    number: int
    scenario: Scenario
    firm: Node
    substance: str
    assumed: bool
    note: str
    studies: tuple[Study, ...]
    horizon: float

    @property
    def name(self) -> str:
        return self.scenario.name

    @property
    def frame(self) -> Frame:
        return self.studies[0].frame

    @cached_property
    def reaches(self) -> tuple[Reach, ...]:
        """By effect, the worst level first."""
        farthest: dict[tuple[str, str], Reach] = {}
        for study in self.studies:
            for effect in study.accident.effects:
                for zone in effect.zones:
                    key, metres = (effect.kind, zone.level.key), zone.reach
                    if metres > 0 and (key not in farthest or metres > farthest[key].metres):
                        beyond = metres > self.horizon
                        farthest[key] = Reach(effect.kind, zone.level, min(metres, self.horizon), beyond)
        return tuple(sorted(farthest.values(), key=lambda one: (one.kind, -one.level.rank)))

    @property
    def governing(self) -> str:
        """The effect whose grave levels reach farthest; '' where nothing reaches anywhere."""
        grave = [one for one in self.reaches if one.level.rank >= GRAVE] or list(self.reaches)
        return max(grave, key=lambda one: one.metres).kind if grave else ""

    @property
    def farthest(self) -> float:
        """Of the grave levels of the governing effect [m]."""
        return max((one.metres for one in self.grave), default=0.0)

    @property
    def grave(self) -> list[Reach]:
        return [one for one in self.of_governing if one.level.rank >= GRAVE]

    @property
    def of_governing(self) -> list[Reach]:
        return [one for one in self.reaches if one.kind == self.governing]

    def laid(self, subject: Subject) -> tuple[list[LaidZone], list[Site]]:
        """The governing effect's grave levels (all, where none is grave) as circles, and who is in them."""
        rows = sorted(self.grave or self.of_governing, key=lambda one: one.level.rank)
        zones = tuple(Zone(one.level, disc(one.metres)) for one in rows)
        study = self.studies[0]
        return study.laid(subject.viewer, Effect("any-wind", zones, (), ())) if zones else ([], [])

    def worst(self, kind: str, metres: Sequence[float]) -> list[float]:
        """The largest value of an effect that has a field, at distances in the worst direction [its unit]."""
        x = np.asarray(metres, float)
        values = [
            effect.field.at(np.concatenate((x, -x)), np.zeros(2 * len(x))).reshape(2, -1).max(axis=0)
            for study in self.studies
            if (effect := study.accident.effect(kind)) is not None and effect.field is not None
        ]
        return np.max(values, axis=0).tolist() if values else []


@dataclass(frozen=True)
class Hit:
    """One accident that reaches the threshold at which another store may fail."""

    source: Case
    target: Case
    effect: str
    metres: float
    value: float
    threshold: float
    unit: str


def skies(subject: Subject) -> list[tuple[str, Sky]]:
    """The weathers of the pack, by name."""
    known = {one.name: one for one in park_study.load(subject.on).weather}
    rules = subject.rules
    return [
        (name, Sky(known[name].wind, known[name].stability, rules.air + ZERO_C, rules.humidity))
        for name in rules.weathers
        if name in known
    ]


def stores(subject: Subject) -> tuple[list[Scenario], list[tuple[Holder, str, str]]]:
    """Scenarios that are registered, and stores without one by their share of the threshold of GB 18218: holding, CAS
    number to compute with, why that one."""
    if not subject.may("scenario.view"):
        return [], []
    registered = [
        one
        for root in subject.roots
        for one in consequences.scenarios(subject.viewer, root)
        if one.place_id in subject.nodes
    ]
    firms = {firm.id for one in registered if (firm := subject.firm_of(subject.nodes[one.place_id]))}
    held = enterprises.holders(subject.viewer) if subject.may("enterprise.view") else []
    free = [
        (one, *known)
        for one in held
        if one.firm
        and one.firm.id in subject.nodes
        and one.firm.id not in firms
        and one.position
        and (one.design_maximum or one.quantity)
        and (known := _known(subject, one))
    ]
    ratios = {line.chemical.pk: line.ratio or Fraction(0) for one in installations(subject) for line in one.unit.lines}
    return registered, sorted(free, key=lambda row: -ratios.get(row[0].chemical_id, Fraction(0)))


def _known(subject: Subject, one: Holder) -> tuple[str, str] | None:
    """The CAS number of the substance, or of that by which the pack computes it."""
    given = park_study.load(subject.on).surrogate(one.cas, one.substance)
    if given is not None:
        return given.substitute, given.why
    try:
        return substances.find(one.cas or one.substance, subject.on).cas, ""
    except KeyError:
        return None


def cases(subject: Subject, progress: Callable[[int, int], None]) -> tuple[list[Case], list[Left], int]:
    """The accidents of a subject, the farthest first; what could not be computed; how many stores there are in all."""
    registered, free = stores(subject)
    asked = [*_registered(subject, registered), *_assumed(subject, free)]
    found, left = _computed(subject, asked, progress)
    return found, left, len(asked)


def registered_cases(subject: Subject, registered: Sequence[Scenario]) -> tuple[list[Case], list[Left]]:
    """The accidents that somebody has written down, the farthest first."""
    return _computed(subject, list(_registered(subject, registered)), lambda done, total: None)


def _computed(
    subject: Subject, asked: Sequence[Case], progress: Callable[[int, int], None]
) -> tuple[list[Case], list[Left]]:
    found, left = list[Case](), list[Left]()
    weathers, most = skies(subject), subject.rules.most.scenarios
    for done, one in enumerate(asked[:most], 1):
        try:
            studies = tuple(consequences.study(one.scenario, Wind(sky)) for _, sky in weathers)
        except (BadInput, OutOfRange) as error:
            left.append(Left(f"{one.firm.name} {one.name}", _said(error)))
            continue
        case = replace(one, studies=studies)
        if case.reaches:
            found.append(case)
        else:
            left.append(Left(f"{one.firm.name} {one.name}", "达不到任何伤害阈值，或没有适用的模型"))
        progress(done, min(len(asked), most))
    ranked = sorted(found, key=lambda one: -one.farthest)
    return [replace(one, number=place) for place, one in enumerate(ranked, 1)], left


def _said(error: Exception) -> str:
    if isinstance(error, BadInput):
        return error.refusal.filled(error.refusal.message)
    return str(error)


def _registered(subject: Subject, rows: Sequence[Scenario]) -> Iterator[Case]:
    for one in rows:
        node = subject.nodes[one.place_id]
        yield Case(
            0,
            one,
            subject.firm_of(node) or node,
            _named(subject, one.substance),
            assumed=False,
            note="",
            studies=(),
            horizon=subject.rules.horizon,
        )


def _assumed(subject: Subject, rows: Sequence[tuple[Holder, str, str]]) -> Iterator[Case]:
    """A store of which the file gives the amount: all of it at once, at the air's temperature."""
    usual = subject.rules.assumed
    for held, cas, why in rows:
        assert held.position is not None
        amount = held.design_maximum or held.quantity or 0.0
        scenario = Scenario(
            place_id=held.place_id,
            name=f"{held.substance}储存 {amount:g} t，整体破裂",
            longitude=held.position[0],
            latitude=held.position[1],
            substance=cas,
            mass=amount * KILO,
            temperature=subject.rules.air + ZERO_C,
            head=usual.head,
            bund=usual.bund,
            kind="rupture",
        )
        node = subject.nodes.get(held.place_id)
        firm = subject.nodes[held.firm.id] if held.firm else node
        if firm is not None:
            yield Case(
                0, scenario, firm, held.substance, assumed=True, note=why, studies=(), horizon=subject.rules.horizon
            )


def _named(subject: Subject, cas: str) -> str:
    try:
        return substances.find(cas, subject.on).name_zh
    except KeyError:
        return cas


# ---------------------------------------------------------------- what sets off what


def vessel(subject: Subject, case: Case) -> str:
    """The class of a store in the pack of domino thresholds, by the pressure in it."""
    rules = subject.rules.vessels
    pressure = case.scenario.pressure
    if pressure is None:
        store = consequences.spec_of(case.scenario).store()
        try:
            pressure = store.pressure_of(substances.find(case.scenario.substance, subject.on))
        except OutOfRange:
            return rules.pressurised
    return rules.pressurised if pressure > rules.pressurised_from * KILO else rules.atmospheric


def hits(subject: Subject, found: Sequence[Case]) -> list[Hit]:
    """Every pair in which fire or blast of one reaches the threshold of the other, the clearest first."""
    pack = domino_thresholds.load(subject.on)
    classes = {case.number: pack.equipment[vessel(subject, case)] for case in found}
    worst: dict[tuple[int, int], Hit] = {}
    for source in found:
        near = [(case, metres) for case in found if case is not source and (metres := away(source, case)) >= NEAREST]
        for one in _hits(source, near, classes, pack) if near else ():
            key = (one.source.number, one.target.number)
            if key not in worst or one.value / one.threshold > worst[key].value / worst[key].threshold:
                worst[key] = one
    return sorted(worst.values(), key=lambda one: -one.value / one.threshold)


Classes = Mapping[int, domino_thresholds.Equipment]


def _hits(source: Case, near: Sequence[tuple[Case, float]], classes: Classes, pack: DominoThresholds) -> Iterator[Hit]:
    distances = [metres for _, metres in near]
    for kind in (*BLASTS, *FIRES):
        lasting = _lasting(source, kind)
        for (target, metres), value in zip(near, source.worst(kind, distances), strict=False):
            load = Load(overpressure=value) if kind in BLASTS else Load(heat=value, lasting=lasting)
            found = escalation(load, classes[target.number], None, pack)
            if found is not None:
                unit = "kPa" if kind in BLASTS else "kW/m²"
                yield Hit(source, target, kind, metres, found.value, found.threshold, unit)


def _lasting(source: Case, kind: str) -> float | None:
    """How long a fire lasts [s]; None where the model does not say."""
    times = [
        float(effect.field.lasting(np.zeros(1), np.zeros(1))[0])
        for study in source.studies
        if (effect := study.accident.effect(kind)) is not None and effect.field is not None
    ]
    return max(times, default=0.0) or None


def away(one: Case, other: Case) -> float:
    x, y = one.frame.local([other.scenario.longitude], [other.scenario.latitude])
    return float(np.hypot(x[0], y[0]))


def chains(found: Sequence[Hit], longest: int) -> list[list[Case]]:
    """Ways from one accident over others, of two steps or more, none twice; the longest first."""
    after: dict[int, list[Case]] = {}
    for one in found:
        after.setdefault(one.source.number, []).append(one.target)
    rows: list[list[Case]] = []

    def walk(way: list[Case]) -> None:
        onward = [case for case in after.get(way[-1].number, []) if case not in way] if len(way) <= longest else []
        for case in onward:
            walk([*way, case])
        if not onward and len(way) > 2:
            rows.append(way)

    starts = {one.source.number: one.source for one in found}
    for case in starts.values():
        walk([case])
        if len(rows) > 2000:
            break
    return sorted(rows, key=lambda way: (-len(way), way[0].number))
