"""Models of neutral gas in the wind: continuous plume, threshold distance."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from anlan.kernels.consequence import atmosphere, plume, sigma
from anlan.kernels.consequence.plume_rise import Rise, Stack, downwash, plume_rise
from anlan.kernels.validity import OutOfRange
from anlan.kit.models.catalogue import model
from anlan.kit.models.families import _release_words as words

Answer = Mapping[str, float | bool | list[float]]
Found = dict[str, float | bool | list[float]]
RiseMethod = Literal["none", "Briggs"]
STANDARD_GAS = 1.225
"""Density of air of the ICAO standard atmosphere at sea level [kg/m3]: that of a gas of which nothing else is said."""


@dataclass(frozen=True)
class Opening:
    """A vertical release as given, each part may be missing: diameter [m], velocity [m/s], temperature [K]."""

    diameter: float | None
    velocity: float | None
    temperature: float | None

    def stack(self) -> Stack | None:
        """The stack, if all is given."""
        if self.diameter is None or self.velocity is None or self.temperature is None:
            return None
        return Stack(self.diameter, self.velocity, self.temperature)


@model("dispersion/gaussian-plume", names={"stability": "class", "sigma_set": "set"})
def gaussian_plume(
    *,
    Q: float | None = None,
    u: float | None = None,
    u10: float | None = None,
    stability: words.Terrained | None = None,
    sigma_set: sigma.PlumeSet | None = None,
    sigma_y: float | None = None,
    sigma_z: float | None = None,
    h: float | None = None,
    H: float | None = None,
    x: float | None = None,
    y: float | list[float] = 0.0,
    z: float = 0.0,
    point: list[float] | None = None,
    release: str | None = None,
    jet_diameter: float | None = None,
    jet_velocity: float | None = None,
    jet_temperature: float | None = None,
    T_amb: float = 298.15,
    plume_rise: RiseMethod | None = None,
    downwash: bool | None = None,
    averaging_time: float | None = None,
    gas: str | None = None,
    molar_mass: float | None = None,
    P_amb: float = 101325.0,
    levels: list[float] | None = None,
) -> Answer:
    """Steady Gaussian plume of neutral gas over flat ground (CCPS 1999, section 2.3; Yellow Book CPR 14E, chapter 4).

    The widths come from class and set, or are given as sigma_y and sigma_z. What is computed follows from what is
    given: a place (point, or x, y, z), levels with molar_mass, a stack with plume_rise or downwash.

    Parameters
    ----------
    Q : float
        Release rate, > 0; needed unless release names an example [kg/s].
    u : float
        Wind that carries the plume, > 0 [m/s].
    u10 : float
        In its place the wind at 10 m, carried to release heights above 10 m by Irwin's rural power law [m/s].
    class : str
        Pasquill stability class, A to F; also with its set, as in D rural (Briggs).
    set : str
        Set of formulas for the widths; left out: that of the class's text, or pasquill-gifford.
    sigma_y : float
        Crosswind dispersion parameter, instead of class and x [m].
    sigma_z : float
        Vertical dispersion parameter, instead of class and x [m].
    h : float
        Height of release; left out: that of the words in release, or 0 [m].
    H : float
        Effective height, instead of h with rise and downwash [m].
    x : float
        Distance down the wind, > 0 [m].
    y : float | list[float]
        Distance across the wind, one or several [m].
    z : float
        Height of the receptor [m].
    point : list[float]
        Instead of x, y, z: the three of them [m].
    release : str
        The opening and its height in words, for what is left out: vertical jet d=1 m v=1 m/s h=10 m T=298 K; or the
        name of a worked example: as disp-gauss-elevated.
    jet_diameter : float
        Diameter of a vertical opening, for rise and downwash [m].
    jet_velocity : float
        Exit velocity [m/s].
    jet_temperature : float
        Exit temperature [K].
    T_amb : float
        Temperature of the air [K].
    plume_rise : str
        Whether the plume rises, and by whose formulas (needs the opening).
    downwash : bool
        Whether the wake of the opening draws the plume down (needs the opening).
    averaging_time : float
        Averaging time, 0 to 1 h; left out: that of the set [s].
    gas : str
        Formula, name or CAS number of the gas, for levels; its temperature may follow, as in NH3, 25 C.
    molar_mass : float
        Molar mass of the gas, instead of its name [kg/mol].
    P_amb : float
        Pressure of the air, for levels [Pa].
    levels : list[float]
        Volume fractions whose distance is wanted [vol/vol].

    Returns
    -------
    conc : float | list[float]
        Concentration at the place; a list if y is one [kg/m3].
    downwash_effective_height : float
        Height of release after downwash, where an opening is given [m].
    sigma_y : float
        Crosswind dispersion parameter at x, without the part of plume rise [m].
    sigma_z : float
        Vertical dispersion parameter at x, without the part of plume rise [m].
    in_fitted_range : bool
        Whether x lies where the set was fitted; nearer and farther it is an extrapolation [bool].
    C_y0 : float
        Concentration on the axis at x, z [kg/m3].
    C_y50 : float
        Concentration 50 m beside the axis at x, z [kg/m3].
    C_max_ground : float
        Greatest concentration on the ground, of a release above it [kg/m3].
    x_max_ground : float
        Where that is [m].
    level_distance : list[float]
        Farthest distance at which each level is reached on the axis, 0 where it never is [m].
    Briggs_Gaussian_distance : list[float]
        The same with the widths of Briggs for open country, whatever the set [m].
    ALOHA_distance : list[float]
        Briggs_Gaussian_distance, under the name by which it is compared with runs of ALOHA [m].
    """
    letter, chosen = words.class_and_set(stability, sigma_set)
    said = words.release("dispersion/gaussian-plume", release)
    opening, h, Q = heard(said, Opening(jet_diameter, jet_velocity, jet_temperature), h, Q)
    rises = (said.plume_rise if plume_rise is None else plume_rise) == "Briggs"
    drawn_down = said.downwash if downwash is None else downwash
    wind = wind_of(u, u10, h, letter)
    if sigma_y is not None and sigma_z is not None:
        return {"conc": _given_widths(Q, wind, H if H is not None else h, (sigma_y, sigma_z), (y, z))}
    air = _air(gas, molar_mass, T_amb, P_amb)
    found = plume.Plume(
        Q,
        wind,
        needed(letter),
        chosen,
        effective_height(h, H, opening if drawn_down else None, wind),
        None,
        averaging_time,
        risen(opening, T_amb, wind, needed(letter)) if rises else None,
    )
    around = _downwashed(h, opening, wind) | _around(found, _place(point, x, y, z))
    return around | _levels(found, levels, air, z)


@model("dispersion/threshold-distance", names={"stability": "class", "sigma_set": "set"})
def threshold_distance(
    *,
    Q: float,
    stability: sigma.Stability,
    threshold: float,
    u: float | None = None,
    u10: float | None = None,
    sigma_set: sigma.PlumeSet = "pasquill-gifford",
    h: float = 0.0,
    z: float = 0.0,
    mixing_height: float | None = None,
    averaging_time: float | None = None,
) -> Answer:
    """How far and how wide a Gaussian plume is at or above a concentration.

    Parameters
    ----------
    Q : float
        Release rate, > 0 [kg/s].
    class : str
        Pasquill stability class, A to F.
    threshold : float
        Concentration, > 0 [kg/m3].
    u : float
        Wind that carries the plume [m/s].
    u10 : float
        In its place the wind at 10 m [m/s].
    set : str
        Set of formulas for the widths.
    h : float
        Effective height of release [m].
    z : float
        Height of the receptors [m].
    mixing_height : float
        Height of an inversion; left out: none [m].
    averaging_time : float
        Averaging time; left out: that of the set [s].

    Returns
    -------
    nearest : float
        Distance from which on the axis is above; 1 m where the source is; all 0 where it never is [m].
    farthest : float
        Distance to which the axis is above [m].
    half_width : float
        Greatest half-width [m].
    widest_at : float
        Distance of the greatest half-width [m].
    area : float
        Area at or above the concentration [m2].
    in_fitted_range : bool
        Whether farthest lies where the set was fitted; nearer and farther it is an extrapolation [bool].
    """
    wind = wind_of(u, u10, h, stability)
    release = plume.Plume(Q, wind, stability, sigma_set, h, mixing_height, averaging_time)
    region = plume.contour(release, threshold, z)
    names = ("nearest", "farthest", "half_width", "widest_at", "area")
    found: Found = {name: 0.0 if region is None else float(getattr(region, name)) for name in names}
    origin = sigma.provenance(sigma_set)
    return found | {"in_fitted_range": region is None or origin.nearest <= region.farthest <= origin.farthest}


def wind_of(u: float | None, u10: float | None, height: float, stability: sigma.Stability | None) -> float:
    """The wind at the release; at 10 m and below that at 10 m."""
    if u is not None:
        return u
    if u10 is None:
        raise OutOfRange("give the wind: u, or u10 at 10 m")
    if height <= 10:
        return u10
    return float(atmosphere.wind_at(height, u10, 10.0, needed(stability), "irwin-rural"))


def needed(stability: sigma.Stability | None) -> sigma.Stability:
    """The class, which must be there."""
    if stability is None:
        raise OutOfRange("give the stability class (A to F), or sigma_y and sigma_z with u")
    return stability


def effective_height(h: float, H: float | None, opening: Opening | None, wind: float) -> float:
    """Height of release: the given effective one, or the physical one drawn down by the opening's wake."""
    if H is not None:
        return H
    if opening is None:
        return h
    return downwash(h, _stack(opening), wind)


def risen(opening: Opening, air: float, wind: float, stability: sigma.Stability) -> Rise:
    """Rise of the opening's plume."""
    return plume_rise(_stack(opening), air, wind, stability)


def coordinates(point: list[float]) -> tuple[float, float, float]:
    """The three numbers of a point."""
    if len(point) != 3:
        raise OutOfRange(f"point has {len(point)} numbers; it takes three: x, y, z")
    return point[0], point[1], point[2]


def fraction(concentration: float, gas_density: float) -> float:
    """Volume fraction of a mass concentration, at most 1."""
    if not gas_density > 0:
        raise OutOfRange(f"gas_density = {gas_density:g} kg/m3: must be above 0")
    return min(concentration / gas_density, 1.0)


def _stack(opening: Opening) -> Stack:
    stack = opening.stack()
    if stack is None:
        raise OutOfRange("plume_rise and downwash need jet_diameter, jet_velocity and jet_temperature")
    return stack


def _given_widths(
    rate: float, wind: float, height: float, widths: tuple[float, float], place: tuple[float | list[float], float]
) -> float | list[float]:
    y, z = place
    return _plain(plume.with_widths(rate, wind, widths, height, y, z), y)


def _plain(values: plume.Array, y: float | list[float]) -> float | list[float]:
    """A number, or a list where y was one."""
    return [float(value) for value in values] if isinstance(y, list) else float(values)


def _downwashed(h: float, opening: Opening, wind: float) -> Found:
    stack = opening.stack()
    return {} if stack is None else {"downwash_effective_height": downwash(h, stack, wind)}


def _place(
    point: list[float] | None, x: float | None, y: float | list[float], z: float
) -> tuple[float, float | list[float], float] | None:
    if point is not None:
        return coordinates(point)
    return None if x is None else (x, y, z)


def _around(release: plume.Plume, place: tuple[float, float | list[float], float] | None) -> Found:
    """Concentrations and widths at a place, and the greatest on the ground."""
    found: Found = {}
    top = plume.ground_maximum(release)
    if top is not None:
        found |= {"x_max_ground": top[0], "C_max_ground": top[1]}
    if place is None:
        return found
    x, y, z = place
    beside = plume.concentration(release, x, np.array([0.0, 50.0]), z)
    across, up = plume.widths(release, x, rise=False)
    found |= {"conc": _plain(plume.concentration(release, x, y, z), y)}
    found |= {"sigma_y": float(across), "sigma_z": float(up)}
    origin = sigma.provenance(release.sigma_set)
    found |= {"C_y0": float(beside[0]), "C_y50": float(beside[1])}
    return found | {"in_fitted_range": origin.nearest <= x <= origin.farthest}


def heard(said: words.Said, numbers: Opening, height: float | None, rate: float | None) -> tuple[Opening, float, float]:
    """The opening, its height and the rate: what is given as a number wins over what the words say."""
    told = said.numbers
    opening = Opening(
        told.get("jet_diameter") if numbers.diameter is None else numbers.diameter,
        told.get("jet_velocity") if numbers.velocity is None else numbers.velocity,
        told.get("jet_temperature") if numbers.temperature is None else numbers.temperature,
    )
    rate = told.get("Q") if rate is None else rate
    if rate is None:
        raise OutOfRange("Q missing: give the release rate [kg/s]")
    return opening, told.get("h", 0.0) if height is None else height, rate


def _air(gas: str | None, molar_mass: float | None, temperature: float, pressure: float) -> float | None:
    """Density of the pure gas in the air's state, if it is known what it is [kg/m3]."""
    if gas is not None:
        molar_mass, said = words.gas(gas)
        temperature = temperature if said is None else said
    return None if molar_mass is None else atmosphere.gas_density(molar_mass, temperature, pressure)


def _levels(release: plume.Plume, levels: list[float] | None, density: float | None, z: float) -> Found:
    if levels is None:
        return {}
    if density is None:
        raise OutOfRange("levels are volume fractions: say the gas, or its molar_mass")
    briggs = _farthest(replace(release, sigma_set="briggs-rural"), levels, density, z)
    return {
        "level_distance": _farthest(release, levels, density, z),
        "Briggs_Gaussian_distance": briggs,
        "ALOHA_distance": list(briggs),
    }


def _farthest(release: plume.Plume, levels: list[float], density: float, z: float) -> list[float]:
    reaches = [plume.threshold_distance(release, level * density, z) for level in levels]
    return [0.0 if reach is None else reach[1] for reach in reaches]
