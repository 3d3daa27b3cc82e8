"""Models of blast: TNT, multi-energy, Baker-Strehlow-Tang, bursting vessels and their fragments; flash fire."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from anlan.kernels.consequence import tnt, vapour_cloud, vessel_burst
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.models.catalogue import model

Answer = Mapping[str, object]
Degree = Literal["low", "medium", "high"]


@model("explosion/tnt", names={"efficiency": "yield"})
def tnt_equivalence(
    *,
    flammable_mass: float | None = None,
    heat_of_combustion: float | None = None,
    efficiency: float = 0.03,
    tnt_energy: float = tnt.TNT_ENERGY,
    mass: float | None = None,
    Hc: float | None = None,
    Hc_TNT: float | None = None,
    Z: float | None = None,
    distance: float | None = None,
    ambient_pressure: float = tnt.STANDARD_PRESSURE,
) -> Answer:
    """TNT equivalence of a fuel and the blast of a hemispherical surface burst (CCPS 1994; EPA 1999; Kingery-Bulmash).

    Give the fuel, or Z alone for the curve.

    Parameters
    ----------
    flammable_mass : float
        Of the fuel [kg].
    heat_of_combustion : float
        Lower heat of combustion [J/kg].
    yield : float
        Share of the energy that makes blast [-].
    tnt_energy : float
        Of a mass of TNT [J/kg].
    mass : float
        Of the fuel, EPA's name for flammable_mass [kg].
    Hc : float
        EPA's name for heat_of_combustion [kJ/kg].
    Hc_TNT : float
        EPA's name for tnt_energy [kJ/kg].
    Z : float
        Scaled distance, 0.2-198.5 [m/kg^1/3].
    distance : float
        From the charge, instead of Z [m].
    ambient_pressure : float
        Of the air [Pa].

    Returns
    -------
    tnt_mass : float
        Of the charge [kg].
    Z_at_1m : float
        Scaled distance 1 m from the charge [m/kg^1/3].
    distance_1psi : float
        EPA's 17 W^(1/3) [m].
    scaled_overpressure : float
        Side-on peak over ambient at Z or distance [-].
    overpressure : float
        Side-on peak at Z or distance [Pa].
    impulse : float
        Side-on, at distance [Pa s].
    """
    answer: dict[str, object] = {}
    charge = _charge(
        _either("flammable_mass", flammable_mass, "mass", mass),
        _either("heat_of_combustion", heat_of_combustion, "Hc", None if Hc is None else 1000 * Hc),
        efficiency,
        tnt_energy if Hc_TNT is None else 1000 * Hc_TNT,
    )
    if charge is not None:
        answer |= {"tnt_mass": charge, "Z_at_1m": charge ** (-1 / 3), "distance_1psi": tnt.distance_one_psi(charge)}
    if distance is not None:
        if charge is None or Z is not None:
            raise OutOfRange("distance needs the fuel and goes without Z")
        Z = float(tnt.scaled_distance(distance, charge))
        answer["impulse"] = tnt.surface_impulse(Z) * np.cbrt(charge)
    if Z is not None:
        within("ambient_pressure", ambient_pressure, "Pa", 5e4, 1.2e5)
        peak = tnt.surface_overpressure(Z)
        answer |= {"overpressure": peak, "scaled_overpressure": peak / ambient_pressure}
    if not answer:
        raise OutOfRange("give flammable_mass and heat_of_combustion, or Z")
    return answer


def _either(name: str, first: float | None, other: str, second: float | None) -> float | None:
    if first is not None and second is not None:
        raise OutOfRange(f"give {name} or {other}, not both")
    return first if first is not None else second


def _charge(mass: float | None, heat: float | None, efficiency: float, energy: float) -> float | None:
    if mass is None and heat is None:
        return None
    if mass is None or heat is None:
        raise OutOfRange("the mass of the fuel and its heat of combustion are needed together")
    return float(tnt.equivalent_mass(mass, heat, efficiency, energy))


@model("explosion/kinney-graham")
def kinney_graham(*, tnt_mass: float, distance: float, ambient_pressure: float = tnt.STANDARD_PRESSURE) -> Answer:
    """Blast of TNT in free air (Kinney & Graham 1985, eq. 6-10 to 6-12), Z 0.05-40 m/kg^(1/3).

    Parameters
    ----------
    tnt_mass : float
        Of the charge [kg].
    distance : float
        From the charge [m].
    ambient_pressure : float
        Of the air [Pa].

    Returns
    -------
    Z : float
        Scaled distance [m/kg^1/3].
    overpressure : float
        Side-on peak [kPa].
    duration : float
        Of the positive phase [s].
    impulse : float
        Of the positive phase [Pa s].
    """
    within("ambient_pressure", ambient_pressure, "Pa", 5e4, 1.2e5)
    scaled = tnt.scaled_distance(distance, tnt_mass)
    size = np.cbrt(tnt_mass)
    return {
        "Z": scaled,
        "overpressure": tnt.kinney_graham(scaled) * ambient_pressure / 1000,
        "duration": tnt.kinney_graham_duration(scaled) * size,
        "impulse": tnt.kinney_graham_impulse(scaled) * size,
    }


@model("explosion/tno-multienergy")
def multi_energy(
    *,
    classes: list[int],
    R_bar: float | None = None,
    distance: float | None = None,
    energy: float | None = None,
    volume: float | None = None,
    ambient_pressure: float = vapour_cloud.STANDARD_PRESSURE,
) -> Answer:
    """Blast of a vapour cloud by source strength (TNO multi-energy, Yellow Book fig. 5.8, fits of Johansson 2017).

    Parameters
    ----------
    classes : list
        Source strengths, 1 (weak) to 10 (detonation) [-].
    R_bar : float
        Distance scaled by energy, 0.1-100 [-].
    distance : float
        From the middle of the congested part, instead of R_bar [m].
    energy : float
        Of the congested part of the cloud; with distance [J].
    volume : float
        Of that part, at 3.5 MJ/m3, instead of the energy [m3].
    ambient_pressure : float
        Of the air [Pa].

    Returns
    -------
    R_bar : float
        Distance scaled by energy [-].
    dP_bar : list
        Side-on peak over ambient, one a class [-].
    t_bar : list
        Scaled positive phase, one a class [-].
    overpressure : list
        One a class; with an energy [Pa].
    duration : list
        One a class; with an energy [s].
    impulse : list
        One a class; with an energy [Pa s].
    """
    if not classes:
        raise OutOfRange("classes is empty: give source strengths of 1 ... 10")
    if volume is not None:
        energy = float(vapour_cloud.energy_of_volume(volume))
    place = _place(R_bar, distance, energy, ambient_pressure)
    found = [vapour_cloud.multi_energy(place, strength) for strength in classes]
    answer: dict[str, object] = {
        "R_bar": place,
        "dP_bar": [each.overpressure for each in found],
        "t_bar": [each.duration for each in found],
    }
    if energy is None:
        return answer
    blasts = [vapour_cloud.unscaled(each, energy, ambient_pressure) for each in found]
    return {
        **answer,
        "overpressure": [blast.overpressure for blast in blasts],
        "duration": [blast.duration for blast in blasts],
        "impulse": [blast.impulse for blast in blasts],
    }


def _place(scaled: float | None, distance: float | None, energy: float | None, pressure: float) -> float:
    if scaled is not None and distance is None:
        return scaled
    if scaled is not None or distance is None or energy is None:
        raise OutOfRange("give the scaled distance, or a distance with the energy")
    return float(vapour_cloud.scaled_distance(distance, energy, pressure))


@model("explosion/bst")
def bst(
    *,
    flammable_mass: float | None = None,
    heat_of_combustion: float | None = None,
    ground_reflection: float = 2.0,
    Mf: float | None = None,
    expansion: Literal["2D", "2.5D", "3D"] | None = None,
    reactivity: Degree | None = None,
    congestion: Degree | None = None,
    scaled_distance: float | None = None,
    distance: float | None = None,
    ambient_pressure: float = vapour_cloud.STANDARD_PRESSURE,
) -> Answer:
    """Blast of a vapour cloud by flame speed (Baker-Strehlow-Tang: Tang & Baker 1999; Mf of Pierorazio et al. 2005).

    Parameters
    ----------
    flammable_mass : float
        In the congested part [kg].
    heat_of_combustion : float
        Lower heat of combustion [J/kg].
    ground_reflection : float
        2 for a cloud on the ground, 1 in free air [-].
    Mf : float
        Flame Mach number, 0.02-5.2 [-].
    expansion : str
        Confinement, to look up Mf [-].
    reactivity : str
        Of the fuel, to look up Mf [-].
    congestion : str
        Of the surroundings, to look up Mf [-].
    scaled_distance : float
        R (p0/E)^(1/3), 0.1-9.5 [-].
    distance : float
        Instead of the scaled distance; with the fuel [m].
    ambient_pressure : float
        Of the air [Pa].

    Returns
    -------
    energy : float
        That makes the blast [J].
    scaled_distance_at_1m : float
        Scaled distance 1 m from the middle [-].
    Mf : float
        Used [-].
    scaled_overpressure : float
        Side-on peak over ambient [-].
    scaled_impulse : float
        i a0 / (E^(1/3) p0^(2/3)) [-].
    overpressure : float
        With an energy [Pa].
    impulse : float
        With an energy [Pa s].
    duration : float
        With an energy [s].
    """
    answer: dict[str, object] = {}
    energy: float | None = None
    if flammable_mass is not None and heat_of_combustion is not None:
        energy = float(vapour_cloud.energy_of_mass(flammable_mass, heat_of_combustion, ground_reflection))
        at_one = vapour_cloud.scaled_distance(1.0, energy, ambient_pressure)
        answer |= {"energy": energy, "scaled_distance_at_1m": at_one}
    mach = _mach(Mf, expansion, reactivity, congestion)
    if mach is None:
        if not answer:
            raise OutOfRange("give flammable_mass and heat_of_combustion, or Mf and scaled_distance, or all")
        return answer
    if energy is not None and scaled_distance is None and distance is None:
        return {**answer, "Mf": mach}
    scaled = vapour_cloud.baker_strehlow_tang(_place(scaled_distance, distance, energy, ambient_pressure), mach)
    answer |= {"Mf": mach, "scaled_overpressure": scaled.overpressure, "scaled_impulse": scaled.impulse}
    if energy is not None:
        answer |= vapour_cloud.unscaled(scaled, energy, ambient_pressure)._asdict()
    return answer


def _mach(given: float | None, expansion: str | None, reactivity: str | None, congestion: str | None) -> float | None:
    words = [word for word in (expansion, reactivity, congestion) if word is not None]
    if not words:
        return given
    if given is not None or len(words) != 3:
        raise OutOfRange("give Mf, or all of expansion, reactivity and congestion")
    return vapour_cloud.flame_mach(*words)


@model("explosion/vessel-burst")
def burst(
    *,
    pressure_abs: float,
    volume: float,
    distances: list[float],
    gamma: float = 1.4,
    speed_of_sound: float = 340.0,
    energy: float | None = None,
    method: Literal["isentropic", "brode"] = "isentropic",
    ground_reflection: float = 2.0,
    ambient_pressure: float = vapour_cloud.STANDARD_PRESSURE,
) -> Answer:
    """Blast of a bursting vessel of gas (Baker; Brode's or the isentropic energy; CCPS 1994 6.3.1).

    Parameters
    ----------
    pressure_abs : float
        In the vessel when it bursts [Pa].
    volume : float
        Of the gas [m3].
    distances : list
        From the vessel's centre, outside it [m].
    gamma : float
        Ratio of heat capacities of the gas [-].
    speed_of_sound : float
        In the gas [m/s].
    energy : float
        Of the expansion, where the contents flash; instead of the gas's own [J].
    method : str
        How the gas's energy is counted [-].
    ground_reflection : float
        2 near the ground, 1 in free air [-].
    ambient_pressure : float
        Of the air [Pa].

    Returns
    -------
    energy : float
        That makes the blast [J].
    start_overpressure : float
        Of the shock at the vessel's wall [Pa].
    scaled_distance : list
        One a distance [-].
    overpressure : list
        Side-on peak, one a distance [Pa].
    impulse : list
        Side-on, one a distance [Pa s].
    """
    count = vessel_burst.isentropic_energy if method == "isentropic" else vessel_burst.brode_energy
    own = float(count(pressure_abs, ambient_pressure, volume, gamma))
    used = own if energy is None else energy
    vessel = vessel_burst.Burst(used, pressure_abs, volume, gamma, speed_of_sound, ground_reflection, ambient_pressure)
    found = vessel_burst.blast(vessel, distances)
    return {
        "energy": used,
        "start_overpressure": vessel_burst.start_overpressure(vessel) * ambient_pressure,
        "scaled_distance": found.scaled,
        "overpressure": found.overpressure,
        "impulse": found.impulse,
    }


@model("explosion/fragments")
def fragments(
    *,
    energy: float,
    vessel_mass: float,
    fragment_mass: float,
    fragment_area: float,
    energy_share: float = 0.2,
    drag: float = 1.0,
    angle: float | None = None,
    height: float = 0.0,
    air_density: float = 1.225,
) -> Answer:
    """Velocity and range of a fragment (Baum; Moore; flight with drag after Baker et al. 1978).

    Parameters
    ----------
    energy : float
        Of the burst [J].
    vessel_mass : float
        Of the empty vessel [kg].
    fragment_mass : float
        Of the piece [kg].
    fragment_area : float
        That meets the air [m2].
    energy_share : float
        Of the energy that turns into motion [-].
    drag : float
        Drag coefficient [-].
    angle : float
        From the horizontal; not given: the one that flies farthest [deg].
    height : float
        Of the start [m].
    air_density : float
        Of the air [kg/m3].

    Returns
    -------
    velocity : float
        (2 k E / M)^(1/2) [m/s].
    velocity_moore : float
        1.092 (E/M)^(1/2), for comparison [m/s].
    angle : float
        Of the start above the horizontal [deg].
    range : float
        Horizontal distance flown [m].
    """
    velocity = vessel_burst.fragment_velocity(energy, vessel_mass, energy_share)
    piece = vessel_burst.Fragment(fragment_mass, fragment_area, drag, height)
    if angle is None:
        reach, angle = vessel_burst.farthest_range(piece, velocity, air_density)
    else:
        reach = vessel_burst.fragment_range(piece, velocity, angle, air_density)
    moore = vessel_burst.fragment_velocity_moore(energy, vessel_mass)
    return {"velocity": velocity, "velocity_moore": moore, "angle": angle, "range": reach}


@model("flashfire/extent")
def flash_fire(*, distances: list[float], concentrations: list[float], LFL: float, fraction: float = 1.0) -> Answer:
    """How far a flash fire reaches along a cloud's axis (Purple Book 4.A: the contour of the LFL or a share of it).

    Parameters
    ----------
    distances : list
        Increasing [m].
    concentrations : list
        There [vol/vol].
    LFL : float
        Lower flammable limit [vol/vol].
    fraction : float
        Share of the LFL that counts, 0.1-1 [-].

    Returns
    -------
    near : float
        Nearest distance that burns; 0 with far = 0 when nothing does [m].
    far : float
        Farthest distance that burns [m].
    """
    found = vapour_cloud.flash_fire(distances, concentrations, LFL, fraction)
    return {"near": found.near, "far": found.far}
