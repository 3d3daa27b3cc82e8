"""One-step combustion of a gas with air along the mixture fraction: temperature, density, radiating gases."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import real_gas
from anlan.kernels.consequence._gerg2008 import GASES, IDEAL
from anlan.kernels.validity import within

Floats = npt.NDArray[np.float64]

NITROGEN_TO_OXYGEN = 3.76  # in air, by volume
_HOTTEST = 3400.0  # end of the search for the temperature [K]


@dataclass(frozen=True)
class Fuel:
    """Atoms of a molecule, lower heat of combustion [J/kg], enthalpy at 298.15 K in its equation of state [J/kg]."""

    carbon: int
    hydrogen: int
    oxygen: int
    heat_of_combustion: float
    reference: float

    @property
    def oxygen_demand(self) -> float:
        """Oxygen molecules for one molecule of fuel [-]."""
        return self.carbon + self.hydrogen / 4 - self.oxygen / 2


#: Heats of combustion as HyRAM+ 6.1 has them; the reference enthalpies are those of the Helmholtz equations it uses.
FUELS = {
    "hydrogen": Fuel(0, 2, 0, 1.20e8, 3.9318e6),
    "methane": Fuel(1, 4, 0, 5.00e7, 0.90995e6),
    "ethane": Fuel(2, 6, 0, 4.75e7, 0.66778e6),
    "propane": Fuel(3, 8, 0, 4.64e7, 0.63033e6),
    "n-butane": Fuel(4, 10, 0, 4.57e7, 0.62753e6),
    "carbon monoxide": Fuel(1, 0, 1, 1.01e7, 0.44240e6),
}
#: The same references for the other gases; water counts from the liquid [J/kg].
_REFERENCE = {"oxygen": 0.27101e6, "nitrogen": 0.30927e6, "carbon dioxide": 0.50584e6, "water": 2.5472e6}

#: Planck-mean absorption coefficients, sums of a exp(-((T-b)/c)^2) in 1/(m bar). Chmielewski & Gieras, J. Power
#: Technologies 95 (2015) 97-104.
_ABSORPTION = {
    "water": ((63.87, 149.5, 174.3), (2.629, 493.6, 111.1), (222.9, -2110.0, 1592.0), (0.991, 1700.0, 619.2)),
    "carbon dioxide": ((34.57, 45.32, 838.4), (1.22, 930.2, 184.9), (-22.32, 323.9, 217.9), (17.14, 92.98, 1657.0)),
}


@dataclass(frozen=True)
class Flamelet:
    """Burned gas along the mixture fraction (mass share that came from the fuel).

    ``fraction``, ``temperature`` [K], ``density`` [kg/m3]: tables; ``stoichiometric``: mixture fraction; ``hottest``
    [K] and ``absorption`` [1/m] there; ``heat_of_combustion`` [J/kg].
    """

    fraction: Floats
    temperature: Floats
    density: Floats
    stoichiometric: float
    hottest: float
    absorption: float
    heat_of_combustion: float


def absorption_coefficient(temperature: float, water: float, dioxide: float, pressure: float = 101325.0) -> float:
    """Planck-mean absorption coefficient of burned gas [1/m].

    Parameters
    ----------
    temperature : float
        300-3000 [K].
    water, dioxide : float
        Mole fractions, 0-1 [-].
    pressure : float
        5e4 ... 1.2e5 [Pa].

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.
    """
    within("temperature", temperature, "K", 300, 3000)
    within("mole fractions", [water, dioxide], "-", 0, 1)
    within("pressure", pressure, "Pa", 5e4, 1.2e5)
    shares = {"water": water, "carbon dioxide": dioxide}
    sums = {
        name: sum(a * np.exp(-(((temperature - b) / c) ** 2)) for a, b, c in terms)
        for name, terms in _ABSORPTION.items()
    }
    return float(sum(shares[name] * sums[name] for name in shares) * pressure / 1e5)


def flamelet(name: str, temperature: float = 288.15, pressure: float = 101325.0, points: int = 300) -> Flamelet:
    """Adiabatic one-step flame of a fuel with air, both at ``temperature``.

    Parameters
    ----------
    name : str
        One of :data:`FUELS`.
    temperature, pressure : float
        Of the air, 233-333 [K]; 5e4 ... 1.2e5 [Pa].
    points : int
        Of the table, 50-5000 [-].

    Returns
    -------
    Flamelet

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.
    ValueError
        An unknown fuel.

    Notes
    -----
    Ekoto, Ruggles, Creitz & Li, Int. J. Hydrogen Energy 39 (2014) 20570-20577; HyRAM+ 6.1 Technical Reference Manual
    (SAND2025), flame chemistry. As there, enthalpies keep the reference states of each gas's own equation (water's is
    the liquid) and the reactants' are scaled by the molar masses. That puts the hottest flame of hydrogen at 2208 K,
    where gas-phase references would give 2500 K without dissociation; the correlation of the radiant fraction is used
    with these temperatures.
    """
    within("temperature", temperature, "K", 233, 333)
    within("pressure", pressure, "Pa", 5e4, 1.2e5)
    within("points", points, "-", 50, 5000)
    if name not in FUELS:
        raise ValueError(f"unknown fuel {name!r}; known are {', '.join(FUELS)}")
    fuel = FUELS[name]
    masses = {gas: IDEAL[gas][0] for gas in IDEAL} | {"fuel": GASES[name].molar_mass}
    air = fuel.oxygen_demand * (masses["oxygen"] + NITROGEN_TO_OXYGEN * masses["nitrogen"])
    best = masses["fuel"] / (masses["fuel"] + air)
    lean = np.linspace(0, best, points // 2)
    fraction = np.concatenate([lean, best + (1 - best) * np.linspace(0, 1, points)[1:] ** 1.5])
    before, after = _reactants(fuel, masses, fraction, best), _products(fuel, masses, fraction, best)
    burned = np.minimum(fraction, best * (1 - fraction) / (1 - best))
    heat = _scaled_enthalpy(name, before, masses, temperature) * _molar(before, masses) / _molar(after, masses)
    hot = _solve(name, after, masses, heat + burned * fuel.heat_of_combustion, temperature)
    density = pressure * _molar(after, masses) / (real_gas.GAS_CONSTANT * hot)
    row = len(lean) - 1
    moles = {gas: float(share[row] / masses[gas] * _molar(after, masses)[row]) for gas, share in after.items()}
    radiating = absorption_coefficient(float(hot[row]), moles["water"], moles["carbon dioxide"], pressure)
    return Flamelet(fraction, hot, density, float(best), float(hot[row]), radiating, fuel.heat_of_combustion)


Shares = dict[str, Floats]


def _reactants(fuel: Fuel, masses: dict[str, float], fraction: Floats, best: float) -> Shares:
    air = 1 - fraction
    oxygen = masses["oxygen"] / (masses["oxygen"] + NITROGEN_TO_OXYGEN * masses["nitrogen"])
    nothing = np.zeros_like(fraction)
    return {
        "fuel": fraction,
        "oxygen": air * oxygen,
        "nitrogen": air * (1 - oxygen),
        "water": nothing,
        "carbon dioxide": nothing,
    }


def _products(fuel: Fuel, masses: dict[str, float], fraction: Floats, best: float) -> Shares:
    """Mass shares after the scarcer of fuel and oxygen is used up."""
    before = _reactants(fuel, masses, fraction, best)
    moles = np.minimum(fraction, best * (1 - fraction) / (1 - best)) / masses["fuel"]
    return {
        "fuel": np.maximum(fraction - moles * masses["fuel"], 0),
        "oxygen": np.maximum(before["oxygen"] - moles * fuel.oxygen_demand * masses["oxygen"], 0),
        "nitrogen": before["nitrogen"],
        "water": moles * fuel.hydrogen / 2 * masses["water"],
        "carbon dioxide": moles * fuel.carbon * masses["carbon dioxide"],
    }


def _molar(shares: Shares, masses: dict[str, float]) -> Floats:
    """Mean molar mass [kg/mol]."""
    return np.asarray(1 / sum(share / masses[gas] for gas, share in shares.items()))


def _scaled_enthalpy(name: str, shares: Shares, masses: dict[str, float], temperature: npt.ArrayLike) -> Floats:
    """Enthalpy of a mixture of ideal gases [J/kg]."""
    total = np.zeros_like(shares["fuel"])
    for gas, share in shares.items():
        ideal = GASES[name].ideal if gas == "fuel" else IDEAL[gas][1]
        base = FUELS[name].reference if gas == "fuel" else _REFERENCE[gas]
        own = base + real_gas.heat(ideal, temperature) * real_gas.GAS_CONSTANT / masses[gas]
        total = total + share * own
    return np.asarray(total)


def _solve(name: str, shares: Shares, masses: dict[str, float], goal: Floats, start: float) -> Floats:
    """Temperatures of the mixtures with these enthalpies, by halving; enthalpy rises with temperature."""
    low, high = np.full_like(goal, start - 60.0), np.full_like(goal, _HOTTEST)
    for _ in range(40):
        middle = (low + high) / 2
        short = _scaled_enthalpy(name, shares, masses, middle) < goal
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray((low + high) / 2)
