"""What a question about an accident is made of: a scenario, kept or only tried, a weather, a kind of effect."""

from dataclasses import dataclass, fields
from math import isfinite
from typing import Annotated, Any, Literal

from ninja import Field

from anlan.apps.consequences import beginning, stations
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.selectors import Wind
from anlan.apps.consequences.specs import ScenarioSpec
from anlan.apps.consequences.stations import Observed, Station
from anlan.apps.core import selectors as core
from anlan.kit.accident.inputs import Sky
from anlan.kit.api import Id, Number, Strict, Words
from anlan.kit.grants import Viewer

Degree = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
North = Annotated[float, Field(ge=-80, le=80, allow_inf_nan=False)]
EffectKind = Literal["toxic", "flash_fire", "explosion", "jet_fire", "pool_fire", "fireball", "vessel_burst"]


class ScenarioIn(Strict):
    """What is stored and how it may get out, in SI units."""

    name: Words = Field(min_length=1, max_length=120, description="What people call it.")
    longitude: Degree = Field(description="Of the source [degree, CGCS2000].", examples=[121.5])
    latitude: North = Field(description="Of the source [degree, CGCS2000].", examples=[41.1])
    substance: Words = Field(max_length=60, description="Name or CAS number.", examples=["7664-41-7"])
    mass: Number = Field(ge=1e-3, le=1e9, description="Stored [kg].", examples=[6000.0])
    kind: Literal["hole", "pipe", "rupture"] = Field(description="How it fails.", examples=["hole"])
    temperature: Number = Field(293.15, ge=20, le=1000, description="[K]")
    pressure: Number | None = Field(None, ge=5e4, le=1e8, description="Absolute [Pa]; null = its own vapour.")
    head: Number = Field(0.0, ge=0, le=100, description="Of liquid above the hole [m].")
    height: Number = Field(1.0, ge=0, le=200, description="Of the hole above the ground [m].")
    bund: Number | None = Field(None, gt=0, le=1e6, description="Area that holds a spill back [m2]; null = none.")
    diameter: Number = Field(0.0, ge=0, le=3, description="Of the hole or pipe [m].", examples=[0.025])
    length: Number = Field(0.0, ge=0, le=1e5, description="Of pipe up to the break [m].")
    duration: Number = Field(1800.0, ge=1, le=86_400, description="Until it is shut [s].")

    def spec(self) -> ScenarioSpec:
        return ScenarioSpec(**{one.name: getattr(self, one.name) for one in fields(ScenarioSpec)})


class WeatherIn(Strict):
    """The weather: as given, as a station measures it now, or the worst of all classes and directions."""

    sky: Literal["given", "live", "worst"] = Field("given", description="given, live (a weather station's), or worst.")
    station_id: Id | None = Field(None, description="Place of the station; null = the nearest with readings of now.")
    wind: Number = Field(2.0, ge=0.5, le=40, description="At 10 m [m/s].")
    wind_from: Number = Field(270.0, ge=0, le=360, description="Where it comes from [degree from north].")
    stability: Literal["A", "B", "C", "D", "E", "F"] = Field("D", description="Pasquill's class.")
    temperature: Number = Field(293.15, ge=233, le=333, description="Of the air [K].")
    humidity: Number = Field(0.6, ge=0, le=1, description="Relative [-].")
    ground: Literal["rural", "urban"] = Field("rural", description="What the wind blows over.")


class TriedIn(ScenarioIn):
    """A scenario that is not kept, in a weather."""

    place_id: Id | None = Field(
        None, description="Where it belongs; null = the innermost place in scope in which its source lies."
    )
    weather: WeatherIn | None = Field(None, description="In which weather; null = the usual one.")

    @property
    def sky(self) -> WeatherIn:
        return self.weather or WeatherIn.model_validate({})

    def scenario(self, viewer: Viewer) -> Scenario:
        """Not kept. Raises NotInScope, or BadInput where the source lies in no place of the viewer's."""
        if self.place_id is not None:
            return beginning.draft(core.place(viewer, self.place_id, "scenario.view"), self.spec())
        return beginning.draft(beginning.place_at(viewer, self.longitude, self.latitude), self.spec())


@dataclass(frozen=True)
class Asked:
    """The weather that was asked for; ``observed`` at one of ``stations`` if it is that of now."""

    wind: Wind
    worst: bool = False
    observed: Observed | None = None
    stations: tuple[Station, ...] = ()


def asked(viewer: Viewer, one: Scenario, said: WeatherIn) -> Asked:
    """The weather of a question about a scenario. Raises BadInput where it is not measured now."""
    if said.sky == "live":
        found = stations.stations(viewer, one.longitude, one.latitude)
        seen = stations.observed(found, said.station_id, said.ground)
        return Asked(seen.wind, observed=seen, stations=tuple(found))
    given = Sky(said.wind, said.stability, said.temperature, said.humidity, said.ground)
    return Asked(Wind(given, said.wind_from % 360), worst=said.sky == "worst")


def finite(value: float | None) -> float | None:
    """The value; None for what is no number, which JSON cannot tell."""
    return value if value is not None and isfinite(value) else None


def finites(values: Any) -> list[float | None]:
    return [finite(value) for value in values.tolist()]
