"""The model of neutral gas between the ground and the top of the mixed layer."""

from collections.abc import Mapping

from anlan.kernels.consequence import atmosphere, plume, sigma
from anlan.kit.models.catalogue import model
from anlan.kit.models.families import _release_words as words
from anlan.kit.models.families.plume import (
    STANDARD_GAS,
    Opening,
    RiseMethod,
    coordinates,
    effective_height,
    fraction,
    heard,
    risen,
    wind_of,
)


@model("dispersion/gaussian-mixing-layer", names={"stability": "class", "sigma_set": "set"})
def gaussian_mixing_layer(
    *,
    Q: float | None = None,
    u10: float,
    stability: sigma.Stability,
    point: list[float],
    sigma_set: sigma.PlumeSet = "pasquill-gifford",
    mixing_height: float | None = None,
    latitude: float = 40.0,
    h: float | None = None,
    release: str | None = None,
    jet_diameter: float | None = None,
    jet_velocity: float | None = None,
    jet_temperature: float | None = None,
    T_amb: float | None = None,
    plume_rise: RiseMethod | None = None,
    downwash: bool | None = None,
    gas_density: float | None = None,
) -> Mapping[str, float]:
    """Gaussian plume between the ground and the top of the mixed layer, both of which reflect (EPA ISC3; SCREEN3).

    Parameters
    ----------
    Q : float
        Release rate, > 0; needed unless release names an example [kg/s].
    u10 : float
        Wind at 10 m; carried to release heights above 10 m by Irwin's rural power law [m/s].
    class : str
        Pasquill stability class; in E and F there is no mixed layer unless mixing_height is given.
    point : list[float]
        Place: distance down the wind, across it, height [m].
    set : str
        Set of formulas for the widths.
    mixing_height : float
        Height of the layer; left out: 0.3 u*/f with u* = 0.1 u10 [m].
    latitude : float
        Latitude, for the Coriolis parameter f [deg].
    h : float
        Height of release; left out: that of the words in release, or 0 [m].
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
        Temperature of the air; left out: 298.15 [K].
    plume_rise : str
        Whether the plume rises, and by whose formulas; at most to the top of the layer.
    downwash : bool
        Whether the wake of the opening draws the plume down.
    gas_density : float
        Density of the pure gas in the air's state, for the volume fraction; left out: 1.225 [kg/m3].

    Returns
    -------
    mixing_height : float
        Height of the layer; left out where there is none [m].
    conc : float
        Volume fraction at the point [vol/vol].
    mass_conc : float
        Concentration at the point [kg/m3].
    """
    said = words.release("dispersion/gaussian-mixing-layer", release)
    opening, h, Q = heard(said, Opening(jet_diameter, jet_velocity, jet_temperature), h, Q)
    air = said.numbers.get("T_amb", 298.15) if T_amb is None else T_amb
    density = said.numbers.get("gas_density", STANDARD_GAS) if gas_density is None else gas_density
    rises = (said.plume_rise if plume_rise is None else plume_rise) == "Briggs"
    drawn_down = said.downwash if downwash is None else downwash
    wind = wind_of(None, u10, h, stability)
    top = mixing_height if mixing_height is not None else atmosphere.mixing_height(u10, stability, latitude)
    height = effective_height(h, None, opening if drawn_down else None, wind)
    rise = risen(opening, air, wind, stability) if rises else None
    source = plume.Plume(Q, wind, stability, sigma_set, height, top, None, rise)
    x, y, z = coordinates(point)
    mass = float(plume.concentration(source, x, y, z))
    found: dict[str, float] = {"conc": fraction(mass, density), "mass_conc": mass}
    return found if top is None else found | {"mixing_height": top}
