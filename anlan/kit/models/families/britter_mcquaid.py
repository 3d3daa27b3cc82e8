"""The model of dense gas by Britter and McQuaid."""

import math
from collections.abc import Mapping

from anlan.kernels.consequence import atmosphere
from anlan.kernels.consequence import britter_mcquaid as dense
from anlan.kernels.consequence.outflow import GRAVITY
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.models.catalogue import model
from anlan.kit.models.families import _case_words as words

Answer = Mapping[str, float | bool | str]


@model("dispersion/britter-mcquaid", names={"stability": "class"})
def britter_mcquaid(
    *,
    T_amb: float,
    u10: float | None = None,
    u_release_3m: float | None = None,
    release_height: float = 3.0,
    stability: str = "F",
    spill_rate: float | None = None,
    mass_rate: float | None = None,
    V0: float | None = None,
    gas_density_boiling: float | None = None,
    rho0: float | None = None,
    g0: float | str | None = None,
    alpha: float | None = None,
    T_release: float | None = None,
    T_cloud: float | None = None,
    c0: float = 1.0,
    x: float | None = None,
    y: float = 0.0,
    t: float | None = None,
    duration: float | None = None,
    LFL: float | None = None,
    pressure: float = 101325.0,
) -> Answer:
    """Dense gas from a ground-level release over flat ground (Britter & McQuaid 1988, HSE CRR 17/1988; CCPS 1999).

    A volume V0 makes it instantaneous, a mass rate continuous. The excess weight comes from the density at the source
    (gas_density_boiling or rho0) or is given as g0; with g0 and alpha the volume rate follows from them.

    Parameters
    ----------
    T_amb : float
        Temperature of the air [K].
    u10 : float
        Wind at 10 m [m/s].
    u_release_3m : float
        In its place the wind at release_height, carried to 10 m by Irwin's rural power law [m/s].
    release_height : float
        Height of u_release_3m and of the release, for Ri [m].
    class : str
        Pasquill stability class, for that power law only; with its exponent: F p=0.55.
    spill_rate : float
        Mass rate of a continuous release, also as mass_rate [kg/s].
    mass_rate : float
        Mass rate of a continuous release [kg/s].
    V0 : float
        Volume of an instantaneous release at source conditions [m3].
    gas_density_boiling : float
        Density of the released gas at the source, also as rho0 [kg/m3].
    rho0 : float
        Density of the released cloud at the source [kg/m3].
    g0 : float
        Reduced gravity g (rho0 - rho_air) / rho_air, instead of a density; or the words "from cloud density": from the
        density at the source, or else the one that meets alpha and the mass rate together [m/s2].
    alpha : float
        Buoyancy parameter 0.2 log10(g0^2 Q u10^-5) of a continuous release, instead of the volume rate [-].
    T_release : float
        Temperature of the gas at the source, also as T_cloud; left out: that of the air [K].
    T_cloud : float
        Temperature of the cloud at the source [K].
    c0 : float
        Volume fraction of the substance in the cloud at the source, 0 < c0 <= 1 [vol/vol].
    x : float
        Distance down the wind [m].
    y : float
        Distance across the wind, of an instantaneous release [m].
    t : float
        Time since an instantaneous release; left out: when the cloud's edge arrives [s].
    duration : float
        Duration of the release, for the regime at x [s].
    LFL : float
        Lower flammable limit, for the distance to half of it [vol/vol].
    pressure : float
        Pressure of the air [Pa].

    Returns
    -------
    conc : float
        Volume fraction at x [vol/vol].
    x_half_LFL : float
        Distance at which it has fallen to LFL / 2 [m].
    x_LFL : float
        Distance at which it has fallen to LFL [m].
    Ri : float
        Release Richardson number g0 Q / (h u*), u* = 0.06 u10; dense above 50; of a continuous release [-].
    alpha : float
        Buoyancy parameter [-].
    dense : bool
        Whether the release is dense by the workbook's criterion [bool].
    regime : str
        With duration: whether the release is continuous, instantaneous or transitional at x; in the last case compute
        both and take the higher concentration [text].
    half_width : float
        Half-width of the plume at x, or radius of the cloud at t [m].
    depth : float
        Depth by continuity [m].
    arrival : float
        When the cloud's edge arrives at x, of an instantaneous release [s].
    """
    wind = _wind(u10, u_release_3m, release_height, stability)
    density = gas_density_boiling if gas_density_boiling is not None else rho0
    rate = spill_rate if spill_rate is not None else mass_rate
    air = atmosphere.air_density(T_amb, pressure)
    if isinstance(g0, str):
        g0 = _from_cloud_density(g0, density, (alpha, rate, wind), air)
    cloud = dense.DenseCloud(_gravity(g0, density, air), _first(T_release, T_cloud, T_amb), T_amb, c0)
    looks = _regime(duration, wind, x)
    if V0 is not None:
        return _puff(dense.DensePuff(cloud, V0, wind), x, y, t, LFL) | looks
    plume = dense.DensePlume(cloud, _volume_rate(rate, density, alpha, cloud, wind), wind)
    return {**_plume(plume, x, LFL), "Ri": dense.richardson(plume, release_height), **looks}


def _regime(duration: float | None, wind: float, x: float | None) -> dict[str, float | bool | str]:
    return {} if duration is None or x is None else {"regime": dense.regime(duration, wind, x)}


def _first(*values: float | None) -> float:
    return next(value for value in values if value is not None)


def _wind(u10: float | None, u_release: float | None, height: float, stability: str) -> float:
    letter, exponent = words.class_and_exponent(stability)
    if u10 is not None:
        return u10
    if u_release is None:
        raise OutOfRange("give the wind: u10, or u_release_3m with release_height and class")
    if exponent is not None:
        within("exponent p of the class", exponent, "-", 0, 1)
        within("u_release_3m", u_release, "m/s", 0, 100, above=True)
        within("release_height", height, "m", 0, 500, above=True)
        return float(u_release * (10.0 / height) ** exponent)
    return float(atmosphere.wind_at(10.0, u_release, height, letter, "irwin-rural"))


def _from_cloud_density(
    said: str, density: float | None, meets: tuple[float | None, float | None, float], air: float
) -> float | None:
    """g0 in words: None where a density tells it; else the root of alpha's definition with Q = rate / density.

    ``meets``: alpha, mass rate and wind at 10 m. alpha = 0.2 log10(g0^2 Q u10^-5), Q = rate / (air (1 + g0 / g)).
    """
    if not said.strip().lower().startswith("from cloud density"):
        raise OutOfRange(f"g0 = {said!r} is not understood; give it in m/s2, or write 'from cloud density'")
    if density is not None:
        return None
    alpha, rate, wind = meets
    if alpha is None or rate is None:
        raise OutOfRange(
            "g0 from cloud density: give the density (rho0 or gas_density_boiling), or alpha and a mass rate"
        )
    within("mass_rate", rate, "kg/s", 0, above=True)
    within("alpha", alpha, "-", -5, 5)
    flux = math.pow(10, 5 * alpha) * wind**5 * air / rate
    return (flux / GRAVITY + math.sqrt((flux / GRAVITY) ** 2 + 4 * flux)) / 2


def _gravity(g0: float | None, density: float | None, air: float) -> float:
    if g0 is not None:
        return g0
    if density is None:
        raise OutOfRange("give the density at the source (gas_density_boiling or rho0) or g0")
    return dense.reduced_gravity(density, air)


def _volume_rate(
    rate: float | None, density: float | None, alpha: float | None, cloud: dense.DenseCloud, wind: float
) -> float:
    if alpha is not None:
        return dense.volume_rate_of(alpha, cloud.reduced_gravity, wind)
    if rate is None or density is None:
        raise OutOfRange("give V0 (instantaneous), or a mass rate with a density, or alpha with g0 (continuous)")
    return rate / density


def _plume(plume: dense.DensePlume, x: float | None, limit: float | None) -> dict[str, float | bool | str]:
    found: dict[str, float | bool | str] = {"alpha": plume.alpha, "dense": plume.dense}
    if x is not None:
        found["conc"] = float(plume.concentration(x))
        found |= {"half_width": float(plume.half_width(x)), "depth": float(plume.depth(x))}
    if limit is not None:
        found |= {"x_LFL": float(plume.distance(limit)), "x_half_LFL": float(plume.distance(limit / 2))}
    return found


def _puff(
    puff: dense.DensePuff, x: float | None, y: float, t: float | None, limit: float | None
) -> dict[str, float | bool | str]:
    found: dict[str, float | bool | str] = {"alpha": puff.alpha, "dense": puff.dense}
    if x is not None:
        arrival, _ = puff.passage(x)
        found["conc"] = float(puff.greatest(x) if t is None else puff.concentration(x, t, y))
        when = arrival if t is None else t
        found |= {"arrival": arrival, "half_width": float(puff.radius(when)), "depth": float(puff.depth(when))}
    if limit is not None:
        found |= {"x_LFL": float(puff.distance(limit)), "x_half_LFL": float(puff.distance(limit / 2))}
    return found
