"""What is asked: a store of a substance, how it breaks, the weather, and what the models assume beyond that."""

from dataclasses import dataclass
from typing import Literal

from anlan.kernels.consequence.outflow import ATMOSPHERE, hole_area
from anlan.kernels.consequence.substance import Substance
from anlan.kernels.validity import OutOfRange, within

Stability = Literal["A", "B", "C", "D", "E", "F"]
BreachKind = Literal["hole", "pipe", "rupture"]
Surroundings = Literal["rural", "urban"]


@dataclass(frozen=True)
class Store:
    """A substance at rest.

    ``mass`` [kg], ``temperature`` [K], absolute ``pressure`` [Pa] (None: a liquid under its own vapour, or under air
    where that is more), ``head`` of liquid above the hole [m], ``height`` of the hole above the ground [m], ``bund``
    area that holds a spill back [m2] (None: none), ``burst_pressure`` at which the vessel gives way [Pa] (None: as
    stored).
    """

    substance: str
    mass: float
    temperature: float = 293.15
    pressure: float | None = None
    head: float = 0.0
    height: float = 1.0
    bund: float | None = None
    burst_pressure: float | None = None

    def __post_init__(self) -> None:
        within("mass", self.mass, "kg", 0, 1e9, above=True)
        within("temperature", self.temperature, "K", 20, 1000)
        if self.pressure is not None:
            within("pressure", self.pressure, "Pa", 0.5 * ATMOSPHERE, 1e8)
        within("head", self.head, "m", 0, 100)
        within("height", self.height, "m", 0, 200)
        if self.bund is not None:
            within("bund", self.bund, "m2", 0, 1e6, above=True)
        if self.burst_pressure is not None:
            within("burst_pressure", self.burst_pressure, "Pa", self.pressure or ATMOSPHERE, 1e8)

    def pressure_of(self, substance: Substance) -> float:
        """As given, else that of the liquid's vapour, at least the air's [Pa]. Refused above the critical point."""
        if self.pressure is not None:
            return self.pressure
        if self.temperature >= substance.critical_temperature:
            raise OutOfRange(
                f"temperature = {self.temperature:g} K: {substance.name_en} is a gas there; give its pressure"
            )
        return max(float(substance.vapour_pressure(self.temperature)), ATMOSPHERE)


@dataclass(frozen=True)
class Breach:
    """How it gets out: a ``hole`` or a broken ``pipe`` of ``diameter`` [m] that is open for ``duration`` [s], or all at
    once (``rupture``). ``length`` of the pipe up to the break [m]; ``discharge``: coefficient [-]."""

    kind: BreachKind
    diameter: float = 0.0
    duration: float = 1800.0
    length: float = 0.0
    discharge: float = 0.62

    def __post_init__(self) -> None:
        if self.kind not in ("hole", "pipe", "rupture"):
            raise OutOfRange(f"breach {self.kind!r} is not known; known are hole, pipe, rupture")
        within("duration", self.duration, "s", 1, 86_400)
        if self.kind != "rupture":
            within("diameter", self.diameter, "m", 1e-4, 3)
            within("length", self.length, "m", 0, 1e5)
            within("discharge", self.discharge, "-", 0, 1, above=True)

    @property
    def area(self) -> float:
        """Of the opening [m2]."""
        return hole_area(self.diameter)


@dataclass(frozen=True)
class Sky:
    """The weather: ``wind`` at 10 m [m/s], class, air ``temperature`` [K], relative ``humidity`` [-]."""

    wind: float
    stability: Stability = "D"
    temperature: float = 293.15
    humidity: float = 0.6
    surroundings: Surroundings = "rural"

    def __post_init__(self) -> None:
        within("wind", self.wind, "m/s", 0.5, 40)
        within("temperature", self.temperature, "K", 233, 333)
        within("humidity", self.humidity, "-", 0, 1)
        if self.stability not in tuple("ABCDEF"):
            raise OutOfRange(f"stability {self.stability!r} is not known; give a class A to F")
        if self.surroundings not in ("rural", "urban"):
            raise OutOfRange(f"surroundings {self.surroundings!r} is not known; known are rural, urban")
