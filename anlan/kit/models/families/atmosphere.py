"""Models of the air near the ground: stability class, wind, Monin-Obukhov length, mixing height, plume widths, rise."""

import math
from collections.abc import Mapping
from typing import Literal

from anlan.kernels.consequence import atmosphere, sigma, stability_gb
from anlan.kernels.consequence.plume_rise import Stack, buoyant_rise, plume_rise, stability_parameter
from anlan.kernels.validity import OutOfRange
from anlan.kit.models.catalogue import model

Answer = Mapping[str, float | str]
NamedSet = Literal[
    sigma.SigmaSet, "Briggs open country, ALOHA tech doc table 13", "TNO Yellow Book plume", "TNO Yellow Book puff"
]
_NAMED: dict[str, sigma.SigmaSet] = {
    "Briggs open country, ALOHA tech doc table 13": "briggs-rural",
    "TNO Yellow Book plume": "tno-plume",
    "TNO Yellow Book puff": "tno-puff",
}
_SET: dict[str, sigma.SigmaSet] = {name: name for name in (*sigma.PLUME_SETS, *sigma.PUFF_SETS)} | _NAMED


@model("dispersion/sigma", names={"stability": "class", "sigma_set": "set"})
def dispersion_parameters(
    *, stability: sigma.Stability, x: float, sigma_set: NamedSet = "briggs-rural", averaging_time: float | None = None
) -> Answer:
    """Dispersion parameters of a plume or puff at a distance, by Pasquill class and the named set of formulas.

    Parameters
    ----------
    class : str
        Pasquill stability class, A (very unstable) to F (stable).
    x : float
        Distance down the wind, 0 < x <= 100 km [m].
    set : str
        Set of formulas; each is a fit of field data, see the kernel for its source.
    averaging_time : float
        Averaging time of sigma_y, 0 to 1 h; left out: that of the set [s].

    Returns
    -------
    sigma_y : float
        Crosswind dispersion parameter [m].
    sigma_z : float
        Vertical dispersion parameter [m].
    sigma_x : float
        Dispersion parameter along the wind; only of a puff set [m].
    fitted_from : float
        Nearest distance for which the set was fitted [m].
    fitted_to : float
        Farthest distance for which the set was fitted [m].
    source : str
        Where the set is published [text].
    """
    chosen = _chosen(sigma_set)
    origin = sigma.provenance(chosen)
    factor = _averaging(stability, chosen, averaging_time)
    widths = {
        "sigma_y": float(sigma.sigma_y(x, stability, chosen)) * factor,
        "sigma_z": float(sigma.sigma_z(x, stability, chosen)),
    }
    if chosen in sigma.PUFF_SETS:
        widths["sigma_x"] = float(sigma.sigma_x(x, stability, chosen))
    return {**widths, "fitted_from": origin.nearest, "fitted_to": origin.farthest, "source": origin.source}


def _chosen(name: str) -> sigma.SigmaSet:
    if name not in _SET:
        raise OutOfRange(f"sigma set {name!r} is not known; known are {', '.join(_SET)}")
    return _SET[name]


def _averaging(stability: sigma.Stability, chosen: sigma.SigmaSet, time: float | None) -> float:
    if time is None:
        return 1.0
    own = sigma.provenance(chosen).averaging
    if not own:
        raise OutOfRange(f"averaging_time: the puff set {chosen} is instantaneous; leave it out")
    return sigma.averaging_factor(time, own, sigma.shortest_averaging(stability, chosen))


@model("dispersion/wind-profile", names={"stability": "class"})
def wind_profile(
    *,
    u_ref: float,
    z: float,
    stability: sigma.Stability,
    z_ref: float = 10.0,
    method: atmosphere.Profile = "irwin-rural",
    z0: float = 0.1,
) -> Answer:
    """Wind at a height from the wind at another: power laws by class, or similarity profiles.

    Power laws: Irwin 1979 (rural, urban), EPA ISC3 (urban), Spicer & Havens 1989 (DEGADIS). Similarity: Yellow Book
    CPR 14E 2005, eq. 4.32 ("tno"), Businger et al. 1971 ("businger").

    Parameters
    ----------
    u_ref : float
        Measured wind, > 0 [m/s].
    z : float
        Height at which the wind is wanted, > 0 and <= 500 m [m].
    class : str
        Pasquill stability class, A to F.
    z_ref : float
        Height of the measurement, > 0 and <= 500 m [m].
    method : str
        Profile.
    z0 : float
        Roughness length, only used by the similarity profiles [m].

    Returns
    -------
    u : float
        Wind at z [m/s].
    """
    return {"u": float(atmosphere.wind_at(z, u_ref, z_ref, stability, method, z0))}


@model("dispersion/monin-obukhov", names={"stability": "class"})
def monin_obukhov(
    *,
    z0: float,
    stability: sigma.Stability,
    method: atmosphere.LengthFit = "pasquill",
    u: float | None = None,
    z: float = 10.0,
) -> Answer:
    """Monin-Obukhov length of a stability class over ground of a roughness.

    Fits: Pasquill 1974, Atmospheric Diffusion ("pasquill"); Yellow Book CPR 14E 2005, chapter 4 ("tno").

    Parameters
    ----------
    z0 : float
        Roughness length, > 0 and <= 3 m [m].
    class : str
        Pasquill stability class, A to F.
    method : str
        Fit.
    u : float
        Measured wind, for the friction velocity; may be left out [m/s].
    z : float
        Height of that measurement [m].

    Returns
    -------
    L : float
        Length, negative in unstable air; left out in neutral air, where it is infinite [m].
    inverse_L : float
        Its inverse; 0 in neutral air [1/m].
    friction_velocity : float
        Friction velocity; only with u [m/s].
    """
    length = atmosphere.monin_obukhov_length(z0, stability, method)
    found: dict[str, float | str] = {"inverse_L": 1 / length}
    if math.isfinite(length):
        found["L"] = length
    if u is not None:
        profile: atmosphere.Similarity = "tno" if method == "tno" else "businger"
        found["friction_velocity"] = atmosphere.friction_velocity(u, z, stability, z0, profile)
    return found


@model("dispersion/mixing-height", names={"stability": "class"})
def mixing_height(*, u10: float, stability: sigma.Stability, latitude: float = 40.0) -> Answer:
    """Height of the mechanically mixed layer, 0.3 u*/f with u* = 0.1 u10 (EPA SCREEN3, EPA-454/B-95-004).

    Parameters
    ----------
    u10 : float
        Wind at 10 m, > 0 [m/s].
    class : str
        Pasquill stability class, A to D; stable air (E, F) has no mixed layer.
    latitude : float
        Latitude, 5 to 90 degrees [deg].

    Returns
    -------
    mixing_height : float
        Height of the layer [m].
    """
    height = atmosphere.mixing_height(u10, stability, latitude)
    if height is None:
        raise OutOfRange(f"class {stability}: stable air has no mixed layer; compute without a mixing height")
    return {"mixing_height": height}


@model("dispersion/pasquill-class")
def pasquill_class(
    *,
    u10: float,
    insolation: atmosphere.Insolation | None = None,
    sun_elevation: float | None = None,
    cloud_eighths: float | None = None,
    solar_radiation: float | None = None,
    temperature_gradient: float = 0.0,
) -> Answer:
    """Pasquill stability class from wind and sky (Turner 1970) or from measured radiation (EPA-454/R-99-005).

    Say one of: insolation; sun_elevation and cloud_eighths; solar_radiation (with temperature_gradient by night).

    Parameters
    ----------
    u10 : float
        Wind at 10 m, 0 to 100 m/s [m/s].
    insolation : str
        Sky: strong, moderate or slight sun; overcast; night, cloudy (half or more) or clear.
    sun_elevation : float
        Elevation of the sun [deg].
    cloud_eighths : float
        Cover by clouds that dim the sun, 0 to 8 [-].
    solar_radiation : float
        Global radiation; 0 by night [W/m2].
    temperature_gradient : float
        Temperature at 10 m less that at 2 m; counts by night only [K].

    Returns
    -------
    class : str
        Class, A to F; of two neighbours the more stable [text].
    between : str
        Class as the table has it, such as A-B [text].
    """
    if solar_radiation is not None:
        found: str = atmosphere.radiation_class(u10, solar_radiation, temperature_gradient)
    else:
        found = atmosphere.pasquill_class(u10, insolation or _sky(sun_elevation, cloud_eighths))
    return {"class": found[-1], "between": found}


def _sky(elevation: float | None, cloud: float | None) -> atmosphere.Insolation:
    if elevation is None or cloud is None:
        raise OutOfRange("say one of: insolation; sun_elevation and cloud_eighths; solar_radiation")
    return atmosphere.insolation_of(elevation, cloud)


@model("dispersion/pasquill-class-gb")
def pasquill_class_gb(
    *,
    u10: float,
    total_cloud: float,
    low_cloud: float,
    sun_elevation: float | None = None,
    day: int | None = None,
    hour: float | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> Answer:
    """Stability class after GB/T 3840-91 and HJ/T 2.2-93, appendix B: from sun, clouds and wind.

    Give sun_elevation, or the day, Beijing time and place from which it follows.

    Parameters
    ----------
    u10 : float
        Wind at 10 m, 0 to 100 m/s [m/s].
    total_cloud : float
        Tenths of the sky covered by clouds, 0 to 10 [-].
    low_cloud : float
        Tenths of the sky covered by low clouds, 0 to total_cloud [-].
    sun_elevation : float
        Elevation of the sun, negative by night [deg].
    day : int
        Day of the year, 0 (1 January) to 365 [-].
    hour : float
        Beijing time, 0 to 24 [h].
    latitude : float
        Latitude, north positive [deg].
    longitude : float
        Longitude, east positive [deg].

    Returns
    -------
    class : str
        Class, A to F; of two neighbours the more stable [text].
    between : str
        Class as the table has it, such as A-B [text].
    radiation_level : float
        Level of radiation, -2 to 3 [-].
    sun_elevation : float
        Elevation of the sun [deg].
    """
    if sun_elevation is None:
        if day is None or hour is None or latitude is None or longitude is None:
            raise OutOfRange("give sun_elevation, or all of day, hour, latitude and longitude")
        sun_elevation = stability_gb.sun_elevation(day, hour, latitude, longitude)
    level = stability_gb.radiation_level(sun_elevation, total_cloud, low_cloud)
    found = stability_gb.stability(u10, level)
    return {"class": found[-1], "between": found, "radiation_level": float(level), "sun_elevation": sun_elevation}


@model("dispersion/plume-rise", names={"stability": "class"})
def rise(
    *,
    u: float,
    x: float,
    Fb: float | None = None,
    stability: sigma.Stability = "D",
    T_amb: float = 288.15,
    diameter: float | None = None,
    velocity: float | None = None,
    T_release: float | None = None,
) -> Answer:
    """Rise of a stack plume after Briggs, as in EPA ISC3 (EPA-454/B-95-003b, section 1.1.4).

    Give the buoyancy flux Fb, or the stack (diameter, velocity, T_release): then buoyancy or momentum is chosen as
    there.

    Parameters
    ----------
    u : float
        Wind at the stack's top, > 0 [m/s].
    x : float
        Distance down the wind, >= 0 [m].
    Fb : float
        Buoyancy flux, >= 0 [m^4/s^3].
    class : str
        Pasquill stability class, A to F.
    T_amb : float
        Temperature of the air [K].
    diameter : float
        Inner diameter of the stack [m].
    velocity : float
        Exit velocity [m/s].
    T_release : float
        Exit temperature [K].

    Returns
    -------
    rise : float
        Rise at x [m].
    rise_at_50m : float
        Rise at 50 m from the stack [m].
    x_final : float
        Distance at which the rise is complete [m].
    final_rise : float
        Final rise [m].
    driven_by : str
        buoyancy or momentum [text].
    """
    if Fb is not None:
        found = buoyant_rise(Fb, u, stability_parameter(stability, T_amb))
    elif diameter is None or velocity is None or T_release is None:
        raise OutOfRange("give Fb, or all of diameter, velocity and T_release")
    else:
        found = plume_rise(Stack(diameter, velocity, T_release), T_amb, u, stability)
    return {
        "rise": float(found.at(x)),
        "rise_at_50m": float(found.at(50.0)),
        "x_final": found.distance,
        "final_rise": found.final,
        "driven_by": "buoyancy" if found.buoyant else "momentum",
    }
