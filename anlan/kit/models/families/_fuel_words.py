"""What SLAB's inputs are when the release is told in words, and what it needs to know of the substance."""

import math
from collections.abc import Mapping

from anlan.kernels.consequence import slab
from anlan.kernels.consequence.slab_fluid import fluid_of
from anlan.kernels.consequence.slab_types import PRESSURE
from anlan.kernels.consequence.substance import GAS_CONSTANT
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.models.families import _reference as reference
from anlan.kit.models.families._case_words import FuelRelease
from anlan.kit.models.families.substances import known

_WORDS = {"ts": "temperature", "qs": "rate", "tsd": "duration"}


def told(words: str | None, fuel: FuelRelease | None) -> dict[str, float]:
    """SLAB's inputs that the words tell; the molar mass from the vapour's density by the law of ideal gases."""
    numbers = {} if fuel is None else fuel.numbers
    found = {own: numbers[name] for own, name in _WORDS.items() if name in numbers}
    if "diameter" in numbers:
        within("d", numbers["diameter"], "m", 0, 1e4, above=True)
        found["as"] = math.pi / 4 * numbers["diameter"] ** 2
    if "density" in numbers:
        within("rho", numbers["density"], "kg/m3", 0, 100, above=True)
        found["wms"] = numbers["density"] * GAS_CONSTANT * wanted("T", numbers.get("temperature")) / PRESSURE
    example = reference.named("dispersion/slab", words or "")
    roughness = None if example is None else example.inputs.get("z0")
    return found if not isinstance(roughness, float) else {**found, "z0": roughness}


def wanted(name: str, value: float | None) -> float:
    if value is None:
        raise OutOfRange(
            f"{name} missing: give it, or say it in fuel, as in 'LNG 97.888 kg/s 174 s, T 111.15 K, d 1 m'"
        )
    return value


def fluid(given: Mapping[str, float | None], saturation: tuple[float, float], fuel: str | None, on: str) -> slab.Fluid:
    """The fluid from its numbers; what is left out comes from the table of substances."""
    values = tuple(given.values())
    missing = [name for name, value in given.items() if value is None]
    b, c = (None, 0.0) if saturation[0] < 0 else saturation
    if missing and fuel is None:
        raise OutOfRange(f"{', '.join(missing)} missing: give them, or the substance as fuel (CAS number or name)")
    if fuel is not None and missing:
        table = fluid_of(known(fuel, on))
        kept = vars(table).values()
        values = tuple(own if value is None else value for own, value in zip(kept, values, strict=False))
        b, c = (table.saturation_b, table.saturation_c) if b is None else (b, c)
    numbers = [value for value in values if value is not None]
    mass, vapour, boiling, latent, liquid, density = numbers
    return slab.Fluid(mass, vapour, boiling, latent, liquid, density, b, c)
