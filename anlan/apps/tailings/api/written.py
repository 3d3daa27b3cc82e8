"""What programs write of a pond: the form's fields, in SI units."""

from typing import Annotated, Any, Literal

from ninja import Field

from anlan.apps.tailings.choices import Method, PondState
from anlan.apps.tailings.specs import MOST_ROWS, PondSpec
from anlan.kit.api import Day, Id, Number, Strict, Words

Level = Annotated[float, Field(ge=-500, le=9000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-80, le=80, allow_inf_nan=False)]
Row = Annotated[list[Number], Field(min_length=2, max_length=3)]

USUAL = "null = the usual value."


class DrainIn(Strict):
    """What every drain has."""

    name: Words = Field(min_length=1, max_length=80, description="Of its own.", examples=["1 号排水井"])
    open: Share | None = Field(None, description="Share of it that is not blocked [-]; null = all.")

    def written(self) -> dict[str, Any]:
        """As it is kept."""
        told = {name: value for name, value in self.dict().items() if value is not None}
        return told | {"name": self.name.strip()}


class TowerIn(DrainIn):
    """A decant tower with its culvert or tunnel."""

    kind: Literal["tower"]
    sill: Level = Field(description="Of the lowest open ring [m].", examples=[206.3])
    width: Number = Field(gt=0, le=1000, description="Clear width of the openings [m].", examples=[6.0])
    coefficient: Number | None = Field(None, ge=0.2, le=0.55, description=f"Over the sill [-]; {USUAL}")
    mouth: Number = Field(gt=0, le=1000, description="Section of the tower [m2].", examples=[4.9])
    mouth_coefficient: Number | None = Field(None, ge=0.2, le=1, description=f"Of the tower's mouth [-]; {USUAL}")
    culvert: Number = Field(gt=0, le=1000, description="Section of the culvert [m2].", examples=[3.1])
    outlet: Number = Field(ge=-600, le=9000, description="Water below the outlet [m].", examples=[170.0])
    loss: Number | None = Field(None, ge=0, le=1000, description=f"Sum of zeta + lambda L / D [-]; {USUAL}")


class WeirIn(DrainIn):
    """A spillway or side channel."""

    kind: Literal["weir"]
    crest: Level = Field(description="[m]", examples=[207.0])
    width: Number = Field(gt=0, le=2000, description="[m]", examples=[3.0])
    coefficient: Number | None = Field(None, ge=0.2, le=0.55, description=f"[-]; {USUAL}")
    capacity: Number | None = Field(None, gt=0, le=1e5, description="Of the channel behind [m3/s]; null = no bound.")


class OrificeIn(DrainIn):
    """A rectangular opening."""

    kind: Literal["orifice"]
    sill: Level = Field(description="[m]", examples=[204.0])
    width: Number = Field(gt=0, le=100, description="[m]", examples=[1.0])
    height: Number = Field(gt=0, le=100, description="[m]", examples=[1.0])
    coefficient: Number | None = Field(None, ge=0.4, le=1, description=f"[-]; {USUAL}")


class PumpIn(DrainIn):
    """A pump that runs while the water stands high."""

    kind: Literal["pump"]
    above: Level = Field(description="Level from which it runs [m].", examples=[206.0])
    flow: Number = Field(ge=0, le=1000, description="[m3/s]", examples=[0.5])


class RatedIn(DrainIn):
    """A measured or designed curve."""

    kind: Literal["rated"]
    levels: list[Level] = Field(min_length=2, max_length=MOST_ROWS, description="Rising [m].")
    flows: list[Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]] = Field(
        min_length=2, max_length=MOST_ROWS, description="At each, never falling [m3/s]."
    )


AnyDrain = Annotated[TowerIn | WeirIn | OrificeIn | PumpIn | RatedIn, Field(discriminator="kind")]


class CatchmentIn(Strict):
    """What rains on a pond and how it gathers; what is null is as the rules' storm has it."""

    area: Number = Field(ge=0.001, le=1000, description="With the pond itself [km2].", examples=[1.2])
    mean24: Number = Field(ge=5, le=800, description="Mean of a year's largest 24 h rain [mm].", examples=[85.0])
    cv: Number = Field(ge=0.01, le=3, description="Coefficient of variation [-].", examples=[0.5])
    lag: Number = Field(ge=0.02, le=24, description="Nash's K [h].", examples=[0.4])
    cs_over_cv: Number | None = Field(None, ge=0.5, le=10, description="[-]")
    n1: Number | None = Field(None, ge=0, le=0.99, description="Decay of the storm within an hour [-].")
    n2: Number | None = Field(None, ge=0, le=0.99, description="Decay beyond it [-].")
    peak: Share | None = Field(None, description="Share of the 24 h before the worst [-].")
    initial: Number | None = Field(None, ge=0, le=500, description="Initial loss [mm].")
    rate: Number | None = Field(None, ge=0, le=200, description="Loss afterwards [mm/h].")
    reservoirs: Number | None = Field(None, ge=0.5, le=10, description="Nash's n [-].")
    shares: list[Share] = Field(
        [], max_length=24, description="Shares of the 24 hours, together 1 [-]; empty = by n1, n2 and peak."
    )

    def written(self) -> dict[str, Any]:
        """As it is kept."""
        return {name: value for name, value in self.dict().items() if value is not None and value != []}


class PondIn(Strict):
    """What the design file says of a pond; what is null is as its grade demands, or not known."""

    name: Words = Field(min_length=1, max_length=80, description="What people call it.", examples=["东沟尾矿库"])
    method: Method = Field(description="How the dam is raised.")
    state: PondState = Field(PondState.IN_USE, description="What is done with it.")
    height: Number = Field(ge=0.1, le=500, description="Of the dam [m].", examples=[42.0])
    volume: Number = Field(ge=10, le=1e10, description="Whole storage [m3].", examples=[3.2e6])
    stored: Number | None = Field(None, ge=10, le=1e10, description="Tailings and water in it now [m3].")
    crest: Level = Field(description="Level of the crest [m].", examples=[210.0])
    top: Level = Field(description="Level of the beach at the dam [m].", examples=[210.0])
    slope: Number | None = Field(None, ge=0.0005, le=0.2, description="Of the beach [-]; null = there is none.")
    raised: bool = Field(False, description="Whether its grade is one higher because of what lies below.")
    normal_level: Level | None = Field(None, description="Operating level [m].")
    flood_limit_level: Level | None = Field(None, description="Highest level before floods [m].")
    design_flood_level: Level | None = Field(None, description="Level of the design flood [m].")
    design_period: Number | None = Field(None, ge=1.5, le=1e5, description="Return period of the design flood [yr].")
    min_beach: Number | None = Field(None, ge=0.1, le=5000, description="Least beach at the design flood [m].")
    min_superelevation: Number | None = Field(None, ge=0.01, le=50, description="Least freeboard then [m].")
    control_depth: Number | None = Field(None, ge=0.01, le=100, description="Least depth of the phreatic line [m].")
    displacement_limit: Number | None = Field(None, ge=0.01, le=1000, description="Of the dam, red [mm/d].")
    slide_limit: Number | None = Field(None, ge=0.01, le=1000, description="Of the banks, red [mm/d].")
    stability: Number | None = Field(None, ge=0.1, le=10, description="Least factor of safety by Bishop [-].")
    stability_on: Day | None = Field(None, description="When it was computed.")
    storage: list[Row] = Field(
        [], max_length=MOST_ROWS, description="Rows of level [m] and volume [m3] (or level, area [m2], volume), rising."
    )
    drains: list[AnyDrain] = Field([], max_length=MOST_ROWS, description="What drains it.")
    catchment: CatchmentIn | None = Field(None, description="null = not written: no flood can be routed.")
    path: list[tuple[Longitude, Latitude]] = Field(
        [], max_length=MOST_ROWS, description="The valley below from the toe: longitude, latitude [degree]."
    )
    corridor: Number = Field(150.0, ge=10, le=2000, description="Of the valley, to each side of the path [m].")
    people_below: int | None = Field(None, ge=0, le=10_000_000, description="Declared within a kilometre below.")
    commissioned: Day | None = Field(None, description="Since when it is in use.")
    last_deposit: Day | None = Field(None, description="When tailings were put in last; null = it is in use.")

    def spec(self) -> PondSpec:
        """What is written, as the action takes it."""
        told: dict[str, Any] = {name: getattr(self, name) for name in PondSpec.__dataclass_fields__}
        told |= {"method": self.method.value, "state": self.state.value}
        told |= {"drains": [one.written() for one in self.drains], "path": [list(spot) for spot in self.path]}
        return PondSpec(**told | {"catchment": self.catchment.written() if self.catchment else {}})


class NewPond(PondIn):
    """A pond to be registered at a place."""

    place_id: Id
