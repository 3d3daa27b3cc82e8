"""Models of flashing and two-phase flow."""

from collections.abc import Mapping
from typing import Literal

from anlan.kernels.consequence import twophase
from anlan.kernels.consequence.outflow import ATMOSPHERE, hole_area
from anlan.kernels.consequence.saturation import Saturation, saturation
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.models.catalogue import model
from anlan.kit.models.families.substances import known

Method = Literal["homogeneous", "omega", "fauske"]


@model("source/two-phase")
def two_phase(
    *,
    substance: str,
    temperature: float,
    pressure_abs: float | None = None,
    vapour_fraction: float = 0.0,
    hole_diameter: float | None = None,
    passage_length: float = 0.0,
    cd: float = 1.0,
    ambient_pressure: float = ATMOSPHERE,
    method: Method = "homogeneous",
    on: str = "",
) -> Mapping[str, float | bool]:
    """Flashing liquid or two-phase mixture through an opening: homogeneous equilibrium, omega, or Fauske's ERM.

    Omega: Leung 1986, Leung & Grolmes 1988, API 520 annex C; ERM: Fauske & Epstein 1988, CCPS 1999 eq. 2.24-2.29.

    Parameters
    ----------
    substance : str
        CAS number or name.
    temperature : float
        Temperature upstream [K].
    pressure_abs : float
        Absolute pressure upstream; left out: saturation [Pa].
    vapour_fraction : float
        Mass fraction of vapour upstream, of a saturated mixture [-].
    hole_diameter : float
        Diameter of the opening; needed for the mass rate [m].
    passage_length : float
        Length of the opening, for fauske: 0 for a hole, from 0.1 m on in equilibrium [m].
    cd : float
        Discharge coefficient: of the whole flux, or with fauske of its liquid part [-].
    ambient_pressure : float
        Pressure outside [Pa].
    method : str
        homogeneous, omega or fauske (liquid only).
    on : str
        Day whose table of substances counts, ISO date; empty: today.

    Returns
    -------
    mass_flux : float
        Mass flux [kg/m2/s].
    mass_rate : float
        Mass rate; only with a hole diameter [kg/s].
    throat_pressure : float
        Pressure in the throat; not with fauske [Pa].
    throat_quality : float
        Mass fraction of vapour in the throat; homogeneous only [-].
    choked : bool
        Whether the flow is choked; not with fauske [bool].
    saturation_pressure : float
        Vapour pressure at the temperature [Pa].
    """
    within("cd", cd, "-", 0, 1, above=True)
    line = saturation(known(substance, on))
    saturated = line.at(temperature).pressure
    pressure = saturated if pressure_abs is None else pressure_abs
    answer: dict[str, float | bool] = {"saturation_pressure": saturated}
    if method == "fauske":
        if vapour_fraction != 0:
            raise OutOfRange("fauske takes a liquid (vapour_fraction 0); use homogeneous or omega for a mixture")
        flux = twophase.fauske(line, pressure, temperature, passage_length, ambient_pressure, cd)
    else:
        flow = _flow(method, line, pressure, temperature, vapour_fraction, ambient_pressure)
        flux = cd * flow.mass_flux
        answer |= {"throat_pressure": flow.pressure, "choked": flow.choked}
        if method == "homogeneous":
            answer["throat_quality"] = flow.quality
    answer["mass_flux"] = flux
    return answer if hole_diameter is None else answer | {"mass_rate": flux * hole_area(hole_diameter)}


def _flow(
    method: Method, line: Saturation, pressure: float, temperature: float, quality: float, ambient: float
) -> twophase.CriticalFlow:
    if method == "homogeneous":
        return twophase.homogeneous(line, pressure, temperature, quality, ambient)
    if quality == 0:
        return twophase.omega_subcooled(line, pressure, temperature, ambient)
    return twophase.omega_saturated(twophase.omega_parameter(line, temperature, quality), ambient)
