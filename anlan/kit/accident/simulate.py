"""The whole accident: everything that a store may do when it breaks in a way, in a weather."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from anlan.kernels.consequence.substance import Substance
from anlan.kernels.validity import OutOfRange
from anlan.kit.accident import blast, cloud, fire, toxic
from anlan.kit.accident.inputs import Breach, Sky, Store
from anlan.kit.accident.source import Source, source
from anlan.kit.accident.zones import Effect
from anlan.packs.families import accident, substances


@dataclass(frozen=True)
class Accident:
    """``effects`` that are possible, each by itself; ``refused``: models that do not take these inputs, and why."""

    substance: Substance
    source: Source
    effects: tuple[Effect, ...]
    refused: tuple[tuple[str, str], ...]

    def effect(self, kind: str) -> Effect | None:
        return next((one for one in self.effects if one.kind == kind), None)


def simulate(store: Store, breach: Breach, sky: Sky, on: date) -> Accident:
    """What an accident would do.

    Raises
    ------
    KeyError
        No substance is called so.
    OutOfRange
        Nothing flows out, or the source cannot be computed; the text says which value and what it may be.
    """
    substance = substances.find(store.substance, on)
    pack = accident.load(on)
    found = source(substance, store, breach, sky)
    toxic_drifts = [cloud.drift(one, substance, sky) for one in found.clouds]
    burning = [cloud.drift(one, substance, sky, cloud.MOMENT_S) for one in found.clouds]
    sudden, gas = breach.kind == "rupture", found.phase == "gas"
    jobs: list[tuple[str, bool, Callable[[], Effect | None]]] = [
        ("toxic", bool(toxic_drifts), lambda: toxic.toxic(substance, toxic_drifts, sky, pack, on)),
        ("flash_fire", bool(burning), lambda: fire.flash_fire(substance, burning, sky, pack)),
        ("explosion", bool(burning), lambda: blast.vapour_cloud(substance, burning, sky, pack)),
        ("jet_fire", not sudden, lambda: fire.jet(substance, found.out, store, sky, pack)),
        ("pool_fire", True, lambda: fire.pool_fire(substance, found, sky, pack)),
        ("fireball", sudden and not gas, lambda: fire.fireball(substance, store, found.airborne, pack)),
        ("vessel_burst", sudden and gas, lambda: blast.gas_burst(substance, store, pack)),
    ]
    effects, refused = _run((kind, job) for kind, wanted, job in jobs if wanted)
    return Accident(substance, found, effects, refused)


def _run(
    jobs: Iterable[tuple[str, Callable[[], Effect | None]]],
) -> tuple[tuple[Effect, ...], tuple[tuple[str, str], ...]]:
    effects, refused = [], []
    for kind, job in jobs:
        try:
            effect = job()
        except OutOfRange as error:
            refused.append((kind, str(error)))
            continue
        if effect is not None:
            effects.append(effect)
    return tuple(effects), tuple(refused)
