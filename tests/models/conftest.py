"""A model made for the tests: every kind of input and output, and a range outside which it refuses."""

from collections.abc import Iterator, Mapping
from typing import Literal, NotRequired, Required, TypedDict

import pytest

from anlan.kernels.validity import within
from anlan.kit.models.catalogue import MODELS, Model, models
from anlan.kit.models.describe import describe


class Tank(TypedDict, total=False):
    """A tank.

    Parameters
    ----------
    name : str
        What it is called [-]
    mass : float
        What it holds [kg]
    """

    name: NotRequired[str]
    mass: Required[float]


def toy(
    *,
    diameter: float,
    temperature: float = 293.15,
    path: list[float] | float | None = None,
    count: int = 1,
    ratio: float | None = None,
    tilt: float | None = None,
    pressure_abs: float | None = None,
    pressure_gauge: float | None = None,
    stability: Literal["A", "D", "F"] = "D",
    label: str = "",
    wet: bool = False,
    parts: Mapping[str, float] | None = None,
    tanks: list[Tank] | None = None,
) -> dict[str, object]:
    """Give back what came in, as it came in.

    Valid for small things.

    Parameters
    ----------
    diameter : float
        Diameter [m]
    temperature : float
        Temperature [K]
    path : float or list
        Lengths [m]
    count : int
        How many [-]
    a=L/R : float
        A ratio [-]
    tilt : float
        An angle [deg]
    pressure_abs : float
        Absolute pressure [Pa]
    pressure_gauge : float
        Pressure above that of the air [Pa]
    stability : str
        Class [-]
    label : str
        Any text [-]
    wet : bool
        Whether it is wet [-]
    parts : mapping
        Lengths by name [m]
    tanks : list
        Tanks [-]

    Returns
    -------
    diameter : float
        Diameter [m]
    inverse : float
        One over a count that may be 0 [-]
    everything : object
        All of it [-]
    F(N>=1) : float
        One for each number [1/yr]
    """
    within("diameter", diameter, "m", 0, 10, above=True)
    if label == "infinite":
        return {"diameter": float("inf")}
    if label == "numbered":
        return {"F(N>=1)": 1.0, "F(N>=250)": 0.5}
    if label == "undocumented":
        return {"G(N>=1)": 1.0}
    everything = dict(sorted(locals().items()))
    return {"diameter": diameter, "inverse": 1 / count, "everything": everything}


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for register in (models(), MODELS):
        monkeypatch.setitem(register, "toy", Model("toy", toy, {"ratio": "a=L/R"}))
    describe.cache_clear()
    yield
    describe.cache_clear()
