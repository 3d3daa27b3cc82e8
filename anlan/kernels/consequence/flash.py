"""What a superheated liquid does when it leaves the hole: flash, drops, rain-out, and what stays in the air."""

import math
from dataclasses import dataclass

from anlan.kernels.consequence.outflow import GRAVITY
from anlan.kernels.late import brentq, erf
from anlan.kernels.validity import OutOfRange, within


def flash_fraction(
    superheat: float, heat_capacity: float, heat_of_vaporisation: float, *, exact: bool = False
) -> float:
    """Fraction [-] that flashes adiabatically from a superheated liquid.

    Parameters
    ----------
    superheat : temperature above the boiling point at ambient pressure [K]; 0 or less flashes nothing
    heat_capacity, heat_of_vaporisation : of the liquid, per kg or per kmol, both alike [J/kg/K], [J/kg]
    exact : 1 - exp(-cp dT / h), which takes away heat as vapour leaves, instead of cp dT / h

    Raises
    ------
    OutOfRange
        Impossible inputs, or the linear balance would evaporate more than there is (use ``exact``).

    References
    ----------
    CCPS (1996) eq. 4-14; CCPS (1999) eq. 2.34; Crowl & Louvar (3rd ed.) eq. 4-88, 4-91.
    """
    within("superheat", superheat, "K", -2000, 2000)
    within("heat capacity", heat_capacity, "J/K", 0, above=True)
    within("heat of vaporisation", heat_of_vaporisation, "J", 0, above=True)
    ratio = max(superheat, 0.0) * heat_capacity / heat_of_vaporisation
    if exact:
        return -math.expm1(-ratio)
    if ratio > 1:
        raise OutOfRange(f"cp dT / h = {ratio:g}: everything would flash; use the exponential form")
    return ratio


def aerodynamic_drop(surface_tension: float, gas_density: float, velocity: float, weber: float = 12.0) -> float:
    """Drop diameter [m] of aerodynamic break-up, sigma We / (rho u^2), critical Weber number 12 … 22.

    References
    ----------
    Woodward, Estimating the Flammable Mass of a Vapor Cloud (CCPS 1998) p. 49.
    """
    within("surface tension", surface_tension, "N/m", 0, 1, above=True)
    within("gas density", gas_density, "kg/m3", 0, 500, above=True)
    within("discharge velocity", velocity, "m/s", 0, 5000, above=True)
    within("Weber number", weber, "-", 1, 50)
    return surface_tension * weber / (gas_density * velocity**2)


def flashing_drop(superheat: float) -> float:
    """Drop diameter [m] of flashing break-up, 0.03 / (10 + 4 dT), superheat [K] >= 0.

    References
    ----------
    Woodward (CCPS 1998) eq. 4.30, p. 50.
    """
    within("superheat", superheat, "K", 0, 500)
    return 0.03 / (10 + 4 * superheat)


@dataclass(frozen=True)
class Settling:
    """Where drops fall: densities of liquid and gas [kg/m3], viscosity of the gas [Pa s]."""

    liquid_density: float
    gas_density: float
    viscosity: float


def sphere_drag(reynolds: float) -> float:
    """Drag coefficient [-] of a sphere, 0 < Re < 2e5 (White, Viscous Fluid Flow, eq. 3-225)."""
    within("Reynolds number of the drop", reynolds, "-", 0, 2e5, above=True)
    return 24 / reynolds + 6 / (1 + math.sqrt(reynolds)) + 0.4


def critical_drop(velocity: float, air: Settling, spread: float = 4.46, gravity: float = GRAVITY) -> float:
    """Smallest drop [m] that rains out: its fall speed is that at which the jet's edge spreads, u tan(beta).

    Parameters
    ----------
    velocity : of the jet [m/s]
    air : densities and viscosity
    spread : half-angle beta of the jet [deg], RELEASE's fit 4.46
    gravity : [m/s2]

    References
    ----------
    Johnson & Woodward, RELEASE (CCPS 1999) p. 63. White's drag law has 1 + sqrt(Re); some worked copies print a minus.
    """
    within("jet velocity", velocity, "m/s", 0, 5000, above=True)
    within("spread angle", spread, "deg", 0, 45, above=True)
    within("gas viscosity", air.viscosity, "Pa s", 0, 1e-2, above=True)
    within("gas density", air.gas_density, "kg/m3", 0, 500, above=True)
    within("liquid density", air.liquid_density, "kg/m3", air.gas_density, 25000, above=True)
    fall = velocity * math.tan(math.radians(spread))

    def excess(diameter: float) -> float:
        drag = sphere_drag(air.gas_density * fall * diameter / air.viscosity)
        buoyancy = (air.liquid_density - air.gas_density) * gravity * diameter
        return buoyancy - 0.75 * drag * air.gas_density * fall**2

    largest = 1e5 * air.viscosity / (air.gas_density * fall)
    if excess(largest) < 0:
        raise OutOfRange(f"spread velocity = {fall:g} m/s: no drop falls that fast; nothing rains out")
    return float(brentq(excess, 1e-12, largest, xtol=1e-15))


def aerosol_fraction(drop: float, critical: float, deviation: float = 1.8) -> float:
    """Mass fraction [-] of the unflashed liquid that stays airborne: drops below the critical diameter.

    Parameters
    ----------
    drop, critical : median drop by number and critical drop diameter [m] > 0
    deviation : geometric standard deviation of the log-normal distribution [-] > 1, RELEASE's fit 1.8

    References
    ----------
    Johnson & Woodward, RELEASE (CCPS 1999) p. 58-60, with its cut-offs for extreme sizes.
    """
    within("drop diameter", drop, "m", 0, 0.1, above=True)
    within("critical drop diameter", critical, "m", 0, 1, above=True)
    within("geometric standard deviation", deviation, "-", 1, 10, above=True)
    if drop / critical >= math.exp(deviation):
        return 0.0
    if critical / drop >= 15 * math.exp(deviation):
        return 1.0
    spread = math.log(deviation)
    return float(0.5 * (1 - erf((3 * spread**2 - math.log(critical / drop)) / (math.sqrt(2) * spread))))
