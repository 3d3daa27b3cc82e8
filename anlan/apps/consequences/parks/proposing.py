"""A source to begin with, out of a holding of the enterprise file: what vessel it would be in, and how it may leak."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, cos, radians, sin, sqrt

from anlan.apps.consequences.parks.specs import SourceSpec, checked_source
from anlan.apps.enterprises.selectors import Holder
from anlan.kernels.consequence.substance import GAS_CONSTANT, Substance
from anlan.kernels.validity import OutOfRange
from anlan.kit import clock
from anlan.kit.accident.ground import METRES
from anlan.kit.errors import BadInput
from anlan.kit.park import installation
from anlan.packs.families import park_study
from anlan.rules.refusal import Refusal

AMBIENT = 293.15
#: A gas above this critical temperature lies liquid in its vessel [K]; how full vessels are; wall of a bund [m].
LIQUEFIED, FULL, WALL = 303.15, 0.85, 1.2
KILO, MEGA = 1000.0, 1e6
#: Turned by this angle no two of a spiral fall together [radian].
GOLDEN = 2.39996


@dataclass(frozen=True)
class Store:
    """What is, or would be, kept somewhere: CAS number or name of the ``substance``, ``tonnes`` in all."""

    name: str
    substance: str
    tonnes: float
    position: tuple[float, float]
    place_id: int | None = None


def proposed(held: Holder) -> SourceSpec | None:
    """A source of what is held; None where the models do not know the substance or nobody wrote how much there is."""
    tonnes = held.design_maximum or held.quantity
    if not tonnes or held.position is None:
        return None
    code = held.cas or held.substance
    return source_of(Store(f"{held.place_name} {held.substance}", code, tonnes, held.position, held.place_id))


def computable(held: Sequence[Holder]) -> tuple[list[SourceSpec], list[tuple[Holder, Refusal]]]:
    """Sources of holdings, and those holdings of which none can be computed, with the reason."""
    good, bad = list[SourceSpec](), list[tuple[Holder, Refusal]]()
    for each in held:
        spec = proposed(each)
        try:
            good += [checked_source(spec)] if spec else []
        except BadInput as failure:
            bad.append((each, failure.refusal))
    return good, bad


def source_of(store: Store) -> SourceSpec | None:
    """A source of a store, in as many vessels as the pack thinks; None where the models do not know the substance."""
    on, mass = clock.today(), store.tonnes * KILO
    try:
        substance, _ = installation.substance_of(store.substance, on)
        state = state_of(substance)
        rule = park_study.load(on).proposal(state)
        pressure = rule.megapascal * MEGA if rule.megapascal and state == "gas" else None
        volume = mass / density(substance, pressure) / FULL
    except (KeyError, OutOfRange):
        return None
    vessels = max(ceil(volume / rule.most_m3), 1)
    each = round(volume / vessels, 1)
    return SourceSpec(
        name=store.name[:120], longitude=round(store.position[0], 6), latitude=round(store.position[1], 6),
        substance=store.substance, mass=round(mass / vessels, 1), equipment=rule.equipment, holes=rule.holes,
        place_id=store.place_id, pressure=pressure, amount=float(vessels),
        bund=round(max(each / WALL, 10.0)) if state == "liquid" else None, escalation=rule.escalation,
        volume=max(each, 0.1),
    )  # fmt: skip


def state_of(substance: Substance) -> str:
    """How it is stored at ambient temperature."""
    if substance.boiling_temperature > AMBIENT:
        return "liquid"
    return "pressurised" if substance.critical_temperature > LIQUEFIED else "gas"


def density(substance: Substance, pressure: float | None) -> float:
    """Of what lies in the vessel [kg/m3]."""
    if pressure is not None:
        return pressure * substance.molar_mass / (GAS_CONSTANT * AMBIENT)
    return float(substance.liquid_density(AMBIENT))


def spread(specs: Sequence[SourceSpec], metres: float = 35.0) -> list[SourceSpec]:
    """Sources that would lie on one another, side by side."""
    seen, made = dict[tuple[float, float], int](), list[SourceSpec]()
    for one in specs:
        place = (round(one.longitude, 5), round(one.latitude, 5))
        number = seen[place] = seen.get(place, -1) + 1
        away = metres * sqrt(number) / METRES
        turn = GOLDEN * number
        east, north = away * cos(turn) / cos(radians(one.latitude)), away * sin(turn)
        longitude, latitude = round(one.longitude + east, 6), round(one.latitude + north, 6)
        made.append(replace(one, longitude=longitude, latitude=latitude))
    return made
