"""A release from storage, put together: which flow it is, what flashes, what floats, what reaches the ground.

The parts are those of the other modules; this one only chooses between them by the state of the stored substance.
"""

from dataclasses import dataclass
from typing import Literal

from anlan.kernels.consequence import flash, outflow
from anlan.kernels.consequence.outflow import ATMOSPHERE, Gas
from anlan.kernels.consequence.saturation import Saturation, saturation
from anlan.kernels.consequence.substance import Substance
from anlan.kernels.consequence.twophase import fauske
from anlan.kernels.validity import within

Phase = Literal["gas", "liquid", "flashing-liquid"]


@dataclass(frozen=True)
class Storage:
    """A substance at rest: ``temperature`` [K], absolute ``pressure`` [Pa], ``head`` of liquid above the hole [m]."""

    temperature: float
    pressure: float
    head: float = 0.0


@dataclass(frozen=True)
class Opening:
    """``area`` [m2], ``discharge`` coefficient [-], ``length`` of the passage [m] (0: a hole)."""

    area: float
    discharge: float
    length: float = 0.0


@dataclass(frozen=True)
class Release:
    """What comes out and what becomes of it.

    Attributes
    ----------
    phase : before the hole
    mass_rate : [kg/s]; ``velocity`` at the hole [m/s]
    flashed : mass fraction that is vapour after expansion [-]
    aerosol : mass fraction of the rest that stays afloat [-]
    temperature : after expansion [K]
    density : of what is airborne, before air mixes in [kg/m3]
    """

    phase: Phase
    mass_rate: float
    velocity: float
    flashed: float
    aerosol: float
    temperature: float
    density: float

    @property
    def airborne_rate(self) -> float:
        """Vapour and drops that stay in the air [kg/s]."""
        return self.mass_rate * (self.flashed + (1 - self.flashed) * self.aerosol)

    @property
    def pool_rate(self) -> float:
        """Liquid that reaches the ground [kg/s]."""
        return self.mass_rate - self.airborne_rate


def phase_of(substance: Substance, storage: Storage, ambient: float = ATMOSPHERE) -> Phase:
    """Gas above the critical temperature or below the vapour pressure; else a liquid, which flashes above its boiling
    point at ambient pressure."""
    within("storage temperature", storage.temperature, "K", 10, 2000)
    within("storage pressure", storage.pressure, "Pa", 0, 1e9, above=True)
    if storage.temperature >= substance.critical_temperature:
        return "gas"
    saturated = float(substance.vapour_pressure(storage.temperature))
    if storage.pressure < 0.999 * saturated:
        return "gas"
    return "flashing-liquid" if saturated > ambient else "liquid"


def release(
    substance: Substance,
    storage: Storage,
    opening: Opening,
    ambient: float = ATMOSPHERE,
    aerosol: float | None = None,
) -> Release:
    """The release of a stored substance through an opening.

    Parameters
    ----------
    substance : with the fits that its phase needs
    storage, opening : from where and through what
    ambient : pressure outside [Pa]
    aerosol : fraction of the unflashed liquid that stays afloat [-]; None: by RELEASE from the drop sizes

    Raises
    ------
    OutOfRange
        A property is needed outside its fit, or nothing flows out.

    References
    ----------
    See outflow (hole), twophase.fauske (flashing flow) and flash (drops and rain-out).
    """
    within("opening area", opening.area, "m2", 0, 100, above=True)
    phase = phase_of(substance, storage, ambient)
    if phase == "gas":
        return _gas(substance, storage, opening, ambient)
    jet = _liquid_jet(substance, storage, opening, ambient, phase)
    floating = _floating(substance, jet, ambient) if aerosol is None else aerosol
    within("aerosol fraction", floating, "-", 0, 1)
    density = _cloud_density(substance, jet, floating, ambient)
    rate = opening.area * jet.flux
    return Release(phase, rate, jet.flux / jet.density, jet.flashed, floating, jet.temperature, density)


def _gas(substance: Substance, storage: Storage, opening: Opening, ambient: float) -> Release:
    density = substance.gas_density(storage.pressure, storage.temperature)
    gas = Gas(storage.pressure, storage.temperature, density, substance.heat_capacity_ratio(storage.temperature))
    hole = outflow.gas_hole(gas, ambient, opening.discharge)
    jet = outflow.expand(hole, gas, ambient)
    return Release("gas", opening.area * hole.mass_flux, hole.velocity, 1.0, 0.0, jet.temperature, jet.density)


@dataclass(frozen=True)
class _Jet:
    """A liquid jet: ``flux`` [kg/m2/s], ``density`` before the hole [kg/m3], ``speed`` without coefficient [m/s],
    ``flashed`` [-], ``superheat`` [K], ``temperature`` after flashing [K]."""

    flux: float
    density: float
    speed: float
    flashed: float
    superheat: float
    temperature: float


def _liquid_jet(substance: Substance, storage: Storage, opening: Opening, ambient: float, phase: Phase) -> _Jet:
    density = float(substance.liquid_density(storage.temperature))
    pressure = storage.pressure + density * outflow.GRAVITY * storage.head
    if phase == "liquid":
        flow = outflow.liquid_hole(storage.pressure - ambient, density, opening.discharge, storage.head)
        return _Jet(flow.mass_flux, density, flow.velocity / opening.discharge, 0.0, 0.0, storage.temperature)
    line = saturation(substance)
    flux = fauske(line, pressure, storage.temperature, opening.length, ambient, opening.discharge)
    boiling = line.boiling(ambient)
    coefficient = opening.discharge if opening.length == 0 else 1.0
    speed = flux / density / coefficient
    return _Jet(
        flux, density, speed, flashed(line, storage.temperature, ambient), storage.temperature - boiling, boiling
    )


def flashed(line: Saturation, temperature: float, ambient: float = ATMOSPHERE) -> float:
    """Mass fraction of a saturated liquid [K] that is vapour after it expanded to ambient [Pa] at equal enthalpy."""
    boiling = line.at(line.boiling(ambient))
    if temperature <= boiling.temperature:
        return 0.0
    return min((line.at(temperature).h_l - boiling.h_l) / (boiling.h_v - boiling.h_l), 1.0)


def _floating(substance: Substance, jet: _Jet, ambient: float) -> float:
    """Aerosol fraction by RELEASE: drops break up in air, and fall through vapour when the jet flashes."""
    air = outflow.gas_density(ambient, jet.temperature, 0.02896)
    tension = float(substance.surface_tension(jet.temperature))
    if jet.speed <= 0:
        return 0.0
    drop = flash.aerodynamic_drop(tension, air, jet.speed)
    drop = min(drop, flash.flashing_drop(jet.superheat))
    around = substance.gas_density(ambient, jet.temperature) if jet.flashed > 0 else air
    settling = flash.Settling(float(substance.liquid_density(jet.temperature)), around, 1.8e-5)
    return flash.aerosol_fraction(min(drop, 0.1), flash.critical_drop(jet.speed, settling))


def _cloud_density(substance: Substance, jet: _Jet, floating: float, ambient: float) -> float:
    """Density of vapour and drops at ambient pressure [kg/m3]; of the liquid itself where nothing flashed."""
    liquid = float(substance.liquid_density(jet.temperature))
    if jet.flashed == 0:
        return liquid
    afloat = (1 - jet.flashed) * floating
    quality = jet.flashed / (jet.flashed + afloat)
    return 1 / (quality / substance.gas_density(ambient, jet.temperature) + (1 - quality) / liquid)


@dataclass(frozen=True)
class Burst:
    """Sudden loss of a whole content: masses [kg] of ``vapour``, ``aerosol`` and ``pool``; ``flashed`` [-]."""

    vapour: float
    aerosol: float
    pool: float
    flashed: float


def burst(substance: Substance, mass: float, temperature: float, ambient: float = ATMOSPHERE) -> Burst:
    """Catastrophic rupture of a vessel of liquid: flash, and the rule for what the expansion carries with it.

    The airborne fraction of a flash x is 2x below 0.1, (0.8 x - 0.028)/0.26 up to 0.36, all above.

    Parameters
    ----------
    substance : liquid at ``temperature`` [K]
    mass : [kg] > 0
    ambient : pressure outside [Pa]

    References
    ----------
    Purple Book (CPR 18E, 1999) section 4.3, rain-out of instantaneous releases (quoted from memory).
    """
    within("mass", mass, "kg", 0, 1e9, above=True)
    boils = float(substance.vapour_pressure(temperature)) > ambient
    part = flashed(saturation(substance), temperature, ambient) if boils else 0.0
    airborne = airborne_share(part)
    return Burst(mass * part, mass * (airborne - part), mass * (1 - airborne), part)


def airborne_share(part: float) -> float:
    """Airborne fraction [-] of an instantaneous release of which a fraction flashes."""
    within("flash fraction", part, "-", 0, 1)
    if part < 0.1:
        return 2 * part
    return min((0.8 * part - 0.028) / 0.26, 1.0)
