"""What follows from a leak of a liquid under pressure that is told in words: its rate, flash, drops and ground."""

import math

from anlan.kernels.consequence import flash as flashing
from anlan.kernels.consequence import outflow
from anlan.kernels.consequence.substance import Substance
from anlan.kernels.validity import within
from anlan.kit.models.families import _case_words as words
from anlan.kit.models.families import _reference as reference
from anlan.kit.models.families.substances import known

_NAMES = {"butane": "n-butane"}
_AIR, _VISCOSITY = 1.2, 1.8e-5
_USUAL = {"temperature": 298.15, "liquid_head": 0.0, "cd": 0.61}


def leak_in_words(said: str) -> dict[str, float]:
    """The inputs of source/airborne-quantity, by name: what the words and the table of substances tell."""
    leak = words.vessel_leak(said)
    example = reference.named("source/airborne-quantity", said)
    supplied = {} if example is None else {name: float(value) for name, value in example.inputs.items()}
    numbers = {**_USUAL, **supplied, **leak.numbers}
    substance = known(_NAMES.get(leak.substance.lower(), leak.substance))
    temperature, boiling = numbers["temperature"], substance.boiling_temperature
    within("temperature of the leak", temperature, "K", boiling)
    density, latent = float(substance.liquid_density(boiling)), float(substance.heat_of_vaporisation(boiling))
    rate, velocity = _flow(substance, numbers)
    found = {
        "mass_rate": rate,
        "flash_fraction": flashing.flash_fraction(
            temperature - boiling, float(substance.liquid_heat_capacity(boiling)), latent
        ),
        "aerosol_fraction": _afloat(substance, velocity, numbers),
        "liquid_density": density,
        "T_boil": boiling,
        "heat_of_vaporisation": latent,
        "T_ground": temperature,
    }
    return found | {name: numbers[name] for name in _GROUND if name in numbers}


_GROUND = ("ground_conductivity", "ground_diffusivity", "dike_area")


def _flow(substance: Substance, numbers: dict[str, float]) -> tuple[float, float]:
    """Mass rate [kg/s] and velocity without the discharge coefficient [m/s]."""
    density = float(substance.liquid_density(numbers["temperature"]))
    within("hole_diameter", numbers["hole_diameter"], "m", 0, 5, above=True)
    within("pressure_gauge", numbers["pressure_gauge"], "Pa", 0, 1e8)
    within("liquid_head", numbers["liquid_head"], "m", 0, 200)
    push = numbers["pressure_gauge"] / density + outflow.GRAVITY * numbers["liquid_head"]
    velocity = math.sqrt(2 * push)
    return numbers["cd"] * outflow.hole_area(numbers["hole_diameter"]) * density * velocity, velocity


def _afloat(substance: Substance, velocity: float, numbers: dict[str, float]) -> float:
    """Fraction of the unflashed liquid that stays airborne, from the drops of the words or of the jet."""
    boiling = substance.boiling_temperature
    drop, critical = numbers.get("drop_diameter"), numbers.get("critical_diameter")
    if drop is None:
        tension = float(substance.surface_tension(boiling))
        broken = flashing.aerodynamic_drop(tension, _AIR, velocity)
        drop = min(broken, flashing.flashing_drop(numbers["temperature"] - boiling))
    if critical is None:
        vapour = substance.gas_density(outflow.ATMOSPHERE, boiling)
        settling = flashing.Settling(float(substance.liquid_density(boiling)), vapour, _VISCOSITY)
        critical = flashing.critical_drop(velocity, settling)
    return flashing.aerosol_fraction(drop, critical)
