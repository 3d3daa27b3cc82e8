"""The park's quantitative risk assessment, as an evaluator of the county would have set it up: its sources out of the
enterprise files, the county's wind. The worker computes it in the background."""

from dataclasses import replace
from math import cos, radians

from anlan.apps.consequences.parks import actions, proposing, selectors
from anlan.apps.consequences.parks.specs import SourceSpec, StudySpec, checked_source
from anlan.apps.core import selectors as core
from anlan.kit.accident.ground import METRES
from anlan.kit.errors import BadInput
from anlan.kit.grants import SYSTEM
from anlan.kit.park.inputs import WeatherClass
from anlan.packs.families.county import County
from anlan.rules import paths

NAME = "望潮精细化工园定量风险评价（2026）"
#: What is assessed, by CAS number, and how much at most in one vessel [kg]: a few vessels of each enterprise.
ASSESSED = {
    "7782-50-5": 50e3,
    "68476-85-7": 350e3,
    "71-43-2": 400e3,
    "108-88-3": 400e3,
    "67-56-1": 1500e3,
    "86290-81-5": 3000e3,
    "7664-41-7": 40e3,
}
EACH = 2  # sources of one enterprise, besides its spheres
#: Spheres of liquefied petroleum gas stand in a row, each a source of its own: metres from middle to middle, and from
#: the other tanks of the site.
GAS, ROW, ASIDE = "68476-85-7", 26.0, 90.0
#: Where chlorine is filled: hours a year, diameter of the arm [m], how long until it is shut [s].
ARM_HOURS, ARM, ARM_SHUT = 2400.0, 0.025, 180.0
#: How far sources of one site are put apart [m].
APART = 45.0
CHLORINE = "7782-50-5"
SECTOR = 22.5


def add(county: County, park_id: int) -> None:
    """Add the study once; the park's enterprises have their files by now."""
    park = core.place(SYSTEM, park_id)
    if selectors.studies(SYSTEM, park).filter(name=NAME).exists():
        return
    study = actions.add_study(SYSTEM, park.pk, StudySpec(NAME, "in_service", _weather(county)))
    actions.add_sources(SYSTEM, study.pk, _sources(park.path))


def _sources(path: str) -> list[SourceSpec]:
    """The largest holdings of each enterprise in the park."""
    found, spheres, counted = list[SourceSpec](), list[SourceSpec](), dict[int, int]()
    for held in selectors.stores(SYSTEM, core.place(SYSTEM, paths.ancestor_ids(path)[-1])):
        spec = proposing.proposed(held) if held.cas in ASSESSED else None
        firm = held.firm.id if held.firm else 0
        if spec is None or (held.cas != GAS and counted.get(firm, 0) >= EACH):
            continue
        try:
            made = checked_source(_in_vessels(spec, held.cas))
        except BadInput:
            continue
        if held.cas == GAS:
            spheres += _row(made)
        else:
            found.append(made)
            counted[firm] = counted.get(firm, 0) + 1
    arms = [_arm(one) for one in found if one.substance == CHLORINE]
    return [*proposing.spread([*found, *arms], APART), *spheres]


def _row(store: SourceSpec) -> list[SourceSpec]:
    """The vessels of a store one beside the other, to the north of the site's other tanks."""
    count, north = round(store.amount), store.latitude + ASIDE / METRES
    across = METRES * cos(radians(store.latitude))
    return [
        replace(
            store, name=f"{store.name}球罐 {number + 1}", amount=1.0, latitude=round(north, 6),
            longitude=round(store.longitude + (number - (count - 1) / 2) * ROW / across, 6),
        )
        for number in range(count)
    ]  # fmt: skip


def _arm(store: SourceSpec) -> SourceSpec:
    """The arm by which a store is filled or emptied."""
    return replace(
        store, name=store.name.replace("液氯", "液氯充装臂"), equipment="loading-arm", holes=("rupture", "leak"),
        amount=ARM_HOURS, pipe=ARM, duration=ARM_SHUT, escalation="", volume=None,
    )  # fmt: skip


def _in_vessels(spec: SourceSpec, cas: str) -> SourceSpec:
    """The same amount in vessels of a usual size."""
    parts = max(round(spec.mass / ASSESSED[cas]), 1)
    volume = round(spec.volume / parts, 1) if spec.volume else None
    bund = round(spec.bund / parts) if spec.bund else None
    return replace(spec, mass=spec.mass / parts, amount=spec.amount * parts, volume=volume, bund=bund)


def _weather(county: County) -> tuple[WeatherClass, ...]:
    """The county's wind by stability and speed, each with its rose."""
    classes: dict[tuple[str, float], list[float]] = {}
    for row in county.wind:
        rose = classes.setdefault((row.stability, row.speed), [0.0] * 16)
        rose[round(row.from_degree / SECTOR) % 16] += row.share
    whole = sum(map(sum, classes.values()))
    return tuple(
        WeatherClass(f"{stability} {speed:g} m/s", stability, speed, sum(rose) / whole, _parts(rose))  # type: ignore[arg-type]  # a class by the pack
        for (stability, speed), rose in classes.items()
    )


def _parts(rose: list[float]) -> tuple[float, ...]:
    return tuple(share / sum(rose) for share in rose)
