"""What a scenario begins with: a holding or a vessel of an enterprise's file, or any point of the map.

Nothing here is written: a begun scenario is computed as it stands (what if?), and saved by ``actions`` if somebody
wants to keep it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.sites import middle
from anlan.apps.consequences.specs import ScenarioSpec, checked
from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors as enterprises
from anlan.apps.enterprises.models import Equipment
from anlan.apps.enterprises.selectors.files import below
from anlan.kernels.consequence.substance import Substance
from anlan.kernels.validity import OutOfRange
from anlan.kit import clock
from anlan.kit.accident.inputs import BreachKind
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.packs.families import substances, what_if
from anlan.packs.families.what_if import Breach, WhatIf
from anlan.rules import distance, paths
from anlan.rules.refusal import Refusal

ZERO_C, MEGA, KILO, MILLI, MINUTE = 273.15, 1e6, 1000.0, 1e-3, 60.0
#: How full a vessel is of which the file says the volume only [-].
FILLED = 0.85
#: A vessel of which nothing is known but what it holds [kg].
UNSAID = 1000.0
MOST = 40
INSIDE = (PlaceKind.AREA, PlaceKind.UNIT, PlaceKind.RISK_POINT)


@dataclass(frozen=True)
class Pick:
    """Something to begin with: ``key`` finds it again; ``title`` what it is, ``where`` it stands; ``by``: the name of
    the substance that it is computed as, '' where it is its own; ``mass`` [kg], None where the file does not say."""

    key: str
    title: str
    where: str
    place_id: int
    cas: str
    by: str
    state: str
    mass: float | None
    position: tuple[float, float] | None


def picks(viewer: Viewer, place: Place) -> list[Pick]:
    """Holdings and vessels at a place and below whose substance the models know, the largest first; of something within
    an enterprise, those of the enterprise, whose file they stand in."""
    place = plant_of(viewer, place)
    pack = what_if.load(clock.today())
    known = substances.load(clock.today())
    found = [*_holdings(viewer, place, pack, known), *_vessels(viewer, place, pack, known)]
    return sorted(found, key=lambda one: -(one.mass or 0.0))[:MOST]


def plant_of(viewer: Viewer, place: Place) -> Place:
    """The enterprise in which a place lies, as far as the viewer may see it; else the place itself."""
    if place.kind not in INSIDE:
        return place
    above = core.ancestors(viewer, place)
    return next((one for one in reversed(above) if one.kind == PlaceKind.ENTERPRISE), place)


def _holdings(viewer: Viewer, place: Place, pack: WhatIf, known: Mapping[str, Substance]) -> Iterator[Pick]:
    states = _states(viewer, place)
    for one in enterprises.holders(viewer):
        cas = pack.stands_for(one.cas)
        if cas not in known or not paths.covers(place.path, one.path):
            continue
        by = known[cas].name_zh if cas != one.cas else ""
        tonnes = one.design_maximum or one.quantity
        where = one.firm.name if one.firm else one.place_name
        mass = tonnes * KILO if tonnes else None
        key = f"holding-{one.chemical_id}"
        yield Pick(
            key, one.substance, where, one.place_id, cas, by, states.get(one.chemical_id, ""), mass, one.position
        )


def _states(viewer: Viewer, place: Place) -> dict[int, str]:
    from anlan.apps.enterprises.models import Chemical

    found = below(viewer, Chemical, place).filter(ended=None)
    return dict(found.values_list("pk", "state"))


def _vessels(viewer: Viewer, place: Place, pack: WhatIf, known: Mapping[str, Substance]) -> Iterator[Pick]:
    """Vessels whose medium is a substance that the models know."""
    names = {one.name_zh: one for one in known.values()} | {
        one.name: known[one.by] for one in pack.surrogates if one.by in known
    }
    rows = below(viewer, Equipment, place).filter(ended=None).exclude(medium="").exclude(category__in=pack.ignored)
    for row in rows.select_related("place")[: 5 * MOST]:
        substance = names.get(row.medium.removeprefix("液").strip()) or names.get(row.medium.strip())
        if substance is None:
            continue
        by = substance.name_zh if substance.name_zh not in row.medium else ""
        spot = middle(row.place) if row.place.west is not None else None
        yield Pick(
            f"vessel-{row.pk}", f"{row.name}（{row.medium}）", row.place.name, row.place_id, substance.cas, by, "液体",
            _filled(row.values, substance), spot,
        )  # fmt: skip


def _filled(values: Mapping[str, object], substance: Substance) -> float | None:
    """What a vessel of the volume in its file holds [kg]."""
    try:
        volume = float(str(values.get("volume", "")))
        density = float(substance.liquid_density(min(293.15, substance.boiling_temperature)))
    except (ValueError, OutOfRange):
        return None
    return FILLED * volume * density if 0 < volume < 1e6 else None


def begun(pick: Pick, breach: str = "") -> ScenarioSpec:
    """A scenario that begins with a pick: how it is usually kept and usually fails; everything may be changed."""
    pack = what_if.load(clock.today())
    substance = substances.load(clock.today())[pick.cas]
    kept = pack.state(pick.cas, pick.state)
    way = breach_of(pack, breach)
    temperature = kept.celsius + ZERO_C
    liquid = kept.megapascal is None and substance.boiling_temperature > temperature
    longitude, latitude = pick.position or (0.0, 0.0)
    return ScenarioSpec(
        name=f"{pick.where} {pick.title}，{way.name}"[:120],
        longitude=round(longitude, 6), latitude=round(latitude, 6), substance=pick.cas, mass=pick.mass or UNSAID,
        kind=_kind(way), temperature=temperature,
        pressure=kept.megapascal * MEGA if kept.megapascal is not None else None,
        head=pack.head if liquid else 0.0, diameter=(way.millimetres or 0.0) * MILLI, duration=pack.minutes * MINUTE,
    )  # fmt: skip


def begun_at(place: Place, pick: Pick, breach: str = "") -> ScenarioSpec | None:
    """The same, where the pick stands, or, where its file does not say or the place lies within a plant, in the middle
    of the place that was asked about; None where that is drawn nowhere."""
    if pick.position and place.kind not in INSIDE:
        return begun(pick, breach)
    spot = middle(place) if place.west is not None else pick.position
    return begun(replace(pick, position=spot), breach) if spot is not None else None


def _kind(way: Breach) -> BreachKind:
    return way.kind


def breach_of(pack: WhatIf, key: str) -> Breach:
    """A usual way to fail by its key, else the most usual one."""
    ways = {one.key: one for one in pack.breaches}
    return ways.get(key, ways[pack.usual])


def place_at(viewer: Viewer, longitude: float, latitude: float) -> Place:
    """The innermost place that the viewer may see consequences at and in which a point lies. Raises BadInput."""
    inside = core.places(viewer).filter(
        viewer.scope("scenario.view"),
        west__lte=longitude,
        east__gte=longitude,
        south__lte=latitude,
        north__gte=latitude,
    )
    for place in sorted(inside, key=lambda one: -len(one.path)):
        if place.geometry and place.kind not in ("risk_point", "zone") and _in(place, (longitude, latitude)):
            return place
    raise BadInput(
        Refusal("scenario.beyond", "这个点不在您的权限范围内。", "请在自己管辖的场所里选点，或请管理员授权。")
    )


def _in(place: Place, spot: tuple[float, float]) -> bool:
    return bool(place.geometry) and distance.inside(place.geometry or {}, spot)


def draft(place: Place, spec: ScenarioSpec) -> Scenario:
    """A scenario that is not kept. Raises BadInput where it cannot be computed at all."""
    cas = checked(replace(spec, name=spec.name or "—"))
    columns = vars(spec) | {"substance": cas}
    return Scenario(place=place, **columns)
