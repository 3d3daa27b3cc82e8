"""What programs are told of ponds. Levels and lengths [m], volumes [m3], rain [mm]."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema

from anlan.apps.tailings.choices import Method, Outcome, PondState, Way

CONDITION = Field(description="critical, unsafe, defective, normal; empty = nobody knows.", examples=["normal"])
JUDGED = Field(description="Level of the last judgement; null = it is judged no more.", examples=[2])


class PondRow(Schema):
    """A tailings pond with its last judgement."""

    id: int
    name: str = Field(examples=["东沟尾矿库"])
    place_id: int
    place: str = Field(description="What people call the place.", examples=["东沟选矿厂"])
    level: int | None = JUDGED
    condition: str = CONDITION
    judged: datetime | None = Field(description="When the judgement last changed.")
    grade: int = Field(description="1 (largest) to 5 (GB 50863-2013).", examples=[4])
    state: PondState = Field(description="What is done with it.")
    method: Method = Field(description="How the dam is raised.")
    height: float = Field(description="Of the dam [m].", examples=[42.0])
    volume: float = Field(description="Whole storage [m3].", examples=[3.2e6])
    crest: float = Field(description="Level of the crest [m].", examples=[210.0])
    people_below: int | None = Field(description="Declared within a kilometre below; null = not declared.")
    last_deposit: date | None = Field(description="When tailings were put in last; null = it is in use.")


class PondOut(PondRow):
    """A pond as it is written down; what is null is as its grade demands."""

    stored: float | None = Field(description="Tailings and water in it now [m3].")
    raised: bool = Field(description="Whether its grade is one higher because of what lies below.")
    top: float = Field(description="Level of the beach at the dam [m].")
    slope: float | None = Field(description="Of the beach [-]; null = there is none.")
    normal_level: float | None = Field(description="Operating level [m].")
    flood_limit_level: float | None = Field(description="Highest level before floods [m].")
    design_flood_level: float | None = Field(description="Level of the design flood [m].")
    period: float = Field(description="Return period that it must stand [yr].", examples=[100.0])
    limit: float = Field(description="Highest level at which freeboard and beach hold [m].", examples=[208.9])
    min_superelevation: float = Field(description="Least freeboard at the design flood [m].", examples=[0.5])
    min_beach: float | None = Field(description="Least beach at the design flood [m]; null = there is none.")
    control_depth: float | None = Field(description="Least depth of the phreatic line [m].")
    displacement_limit: float | None = Field(description="Of the dam [mm/d].")
    slide_limit: float | None = Field(description="Of the banks [mm/d].")
    stability: float | None = Field(description="Least factor of safety by Bishop, usual load [-].")
    stability_on: date | None = Field(description="When it was computed.")
    storage: list[list[float]] = Field(description="Rows of level [m] and volume [m3].")
    drains: list[dict[str, Any]] = Field(
        description="`name`, `kind` (tower, weir, orifice, pump, rated) and the values of that kind [m, m3/s, -]."
    )
    catchment: dict[str, Any] = Field(description="`area` [km2], `mean24` [mm], `cv`, `lag` [h] and others.")
    path: list[list[float]] = Field(description="The valley below from the toe: longitude, latitude [degree].")
    corridor: float = Field(description="Of the valley, to each side of the path [m].")
    commissioned: date | None = Field(description="Since when it is in use.")


class PartOut(Schema):
    """One thing that was looked at."""

    level: int | None = Field(description="What it says by itself; null = why the whole is one level higher.")
    text: str = Field(description="What was found, in words. Without the reading for who may not know it (tag.view).")
    clause: str = Field(description="Of which standard.", examples=["GB 39496-2020 5.4.1"])


class MeasuredOut(Schema):
    """Something that is measured at ponds: the worst of its fresh readings."""

    item: str = Field(description="Key of what is measured.", examples=["level"])
    name: str = Field(description="What people call it.", examples=["库水位"])
    unit: str
    value: float | None = Field(description="In that unit; null = nothing fresh, or not for the reader.")
    at: datetime | None = Field(description="When it was read; null = nothing fresh.")
    tag_id: int | None
    tags: int = Field(description="How many tags of the reader's measure it; 0 = none is connected.", examples=[1])
    warning: int | None = Field(description="0 none, 1 blue, 2 yellow, 3 orange, 4 red; null = nothing fresh.")
    limits: dict[int, float] = Field(description="Warning → value at which it begins.", examples=[{"4": 208.9}])


class FloodOut(Schema):
    """What is left of the dam after a storm."""

    period: float | None = Field(description="Return period [yr]; null = a given rain.", examples=[100.0])
    rain: float = Field(description="In 24 h [mm].", examples=[212.5])
    start: float = Field(description="Level at which it begins [m].", examples=[206.4])
    peak_level: float = Field(description="Highest water [m].", examples=[208.2])
    peak_hours: float = Field(description="When it is reached, from the beginning of the rain [h].", examples=[15.5])
    peak_outflow: float = Field(description="Largest flow out [m3/s].", examples=[11.3])
    left: float = Field(description="Freeboard at the highest water [m].", examples=[1.8])
    beach: float | None = Field(description="Dry beach at the highest water [m]; null = there is none.")
    over: bool = Field(description="Whether the water runs over the dam.")
    holds: bool = Field(description="Whether freeboard and beach are as demanded.")


class OutlookOut(Schema):
    """What a pond would stand from the level of now."""

    start: float = Field(description="Level that is looked from [m].", examples=[206.4])
    limit: float = Field(description="Highest level at which freeboard and beach hold [m].", examples=[208.9])
    stands: float = Field(description="Longest return period stood with all demands met [yr].", examples=[180.0])
    over: float = Field(description="Longest return period stood without overtopping [yr].", examples=[950.0])
    rain: float = Field(description="Largest 24 h rain stood with all demands met [mm].", examples=[240.0])
    floods: list[FloodOut] = Field(description="The design storm, then given rains.")


class StandingOut(Schema):
    """Is the pond safe tonight, and why."""

    safe: Literal["yes", "tight", "no", "unknown"] = Field(
        description="With its design flood now; `tight`: no overtopping, but freeboard or beach are short."
    )
    level: int | None = JUDGED
    condition: str = CONDITION
    name: str = Field(description="What the class is called.", examples=["正常库"])
    duty: str = Field(description="What has to be done with a pond of that class; empty = nothing is said.")
    lifted: bool = Field(description="Whether the level is one higher because people live right below.")
    parts: list[PartOut] = Field(description="From the worst; the first decides.")
    water: float | None = Field(description="Level of the water [m]; null = no reading, or not for the reader.")
    read: datetime | None = Field(description="When the water was read; null = no reading.")
    close: int | None = Field(
        description="People within the distance at which a pond counts as over their heads; null = not known."
    )
    outlook: OutlookOut | None = Field(description="null = storage curve, catchment or level are not known.")
    items: list[MeasuredOut]
    open: dict[str, float] = Field(description="Drain → share that counts after its last test [-].")


class CourseOut(FloodOut):
    """A storm routed through a pond, step by step."""

    stands: float = Field(description="Longest return period stood from that level with all demands met [yr].")
    rain_stood: float = Field(description="Largest 24 h rain stood from that level with all demands met [mm].")
    hours: list[float] = Field(description="Of the steps, from the beginning of the rain [h].")
    inflow: list[float] = Field(description="At each [m3/s].")
    outflow: list[float] = Field(description="At each [m3/s].")
    levels: list[float] = Field(description="At each [m].")
    volumes: list[float] = Field(description="Water at each [m3].")
    runoff: float = Field(description="What flows in, all of it [m3].", examples=[118000.0])
    step: float = Field(description="Of the rain [s].", examples=[600.0])
    rains: list[float] = Field(description="In each step of the 24 h [mm].")


class PondCurvesOut(Schema):
    """What a pond holds and what its drains carry, level by level up to the crest."""

    levels: list[float] = Field(description="Rising [m].")
    volumes: list[float] = Field(description="Water at each, above the lowest [m3].")
    flows: list[float] = Field(description="Of all drains together at each [m3/s].")
    crest: float = Field(description="Level of the crest [m].", examples=[210.0])
    limit: float = Field(description="Highest level at which freeboard and beach hold [m].", examples=[208.9])
    flood_limit_level: float | None = Field(description="Highest level before floods [m].")


class StretchOut(Schema):
    """Ground of the valley as far as some failures come."""

    kind: str = Field(description="tenth, half (of such failures come so far) or close (right below).")
    metres: float = Field(description="Along the valley from the dam [m].", examples=[850.0])
    geometry: dict[str, Any]


class MetOut(Schema):
    """A place in the valley below."""

    place_id: int
    name: str
    kind: str
    metres: float = Field(description="Along the valley from the dam [m].", examples=[850.0])
    chance: float = Field(description="Share of such failures that come so far [-].", examples=[0.42])
    earliest: float = Field(description="When the front would come at the earliest [s].", examples=[85.0])
    latest: float = Field(description="At the latest [s].", examples=[283.0])
    people: int | None = Field(description="Who live (a village) or work (an enterprise) there; null = not known.")


class BelowOut(Schema):
    """Who lives and works below, should the dam break. By regressions of past failures, for warning, not for design."""

    why: str = Field(description="Why the regressions refuse this pond; empty = they do not.")
    median: float | None = Field(description="How far half of such failures run [m]; null = refused.")
    warned: float = Field(description="As far as is to be warned [m]; 0 = the valley is not drawn.")
    residents: int | None = Field(description="Who live in the valley so far; null = nobody counted.")
    close: int | None = Field(description="Who live within a kilometre below, by the pack; null = nobody counted.")
    met: list[MetOut] = Field(description="Places in scope, the nearest first.")
    geometry: dict[str, Any] | None = Field(description="The valley as far as is to be warned; null = not drawn.")
    stretches: list[StretchOut] = Field(description="The farthest first; empty = the valley is not drawn.")


class TestOut(Schema):
    """A test of a drain."""

    __test__ = False  # for pytest: not a test of ours

    id: int
    pond_id: int
    pond: str = Field(description="What people call the pond.", examples=["东沟尾矿库"])
    drain: str = Field(description="Which drain.", examples=["1 号排水井"])
    on: date = Field(description="The day of the test.")
    way: Way = Field(description="How it was tested.")
    flow: float | None = Field(description="Measured [m3/s]; null = not measured.")
    outcome: Outcome = Field(description="What was found.")
    note: str = Field(description="In people's own words.")
    next_due: date = Field(description="When the next is due.")
    late: bool = Field(description="Whether that has passed.")
    by: str = Field(description="Who wrote it down; empty = nobody.", examples=["李巡"])


class InspectionOut(Schema):
    """What somebody saw at a pond."""

    id: int
    at: datetime
    by: str = Field(description="Who looked.", examples=["李巡"])
    seen: list[str] = Field(description="Keys of what was wrong; empty = nothing.", examples=[["seepage"]])
    note: str = Field(description="In people's own words.")


class JudgingOut(Schema):
    """How a pond was judged from a moment on."""

    id: int
    at: datetime
    level: int
    condition: str = CONDITION
    lifted: bool = Field(description="Whether the level is one higher because people live right below.")
    parts: list[PartOut] = Field(description="From the worst; the first decided.")


class DoneOut(Schema):
    """A step of closing that is done."""

    step: str = Field(description="Which step, in words.", examples=["闭库设计"])
    on: date = Field(description="When it was done.")


class ClosingOut(Schema):
    """How far the closing of a pond is."""

    pond_id: int
    pond: str = Field(description="What people call the pond.", examples=["西沟尾矿库"])
    place_id: int
    state: PondState = Field(description="What is done with it.")
    idle: float | None = Field(description="Since tailings were put in last [yr]; null = in use.", examples=[3.4])
    must: bool = Field(description="Whether it must be closed.")
    since: date | None = Field(description="From when on it must be closed; null = never.")
    until: date | None = Field(description="When it has to be closed; null = no term.")
    late: bool = Field(description="Whether that has passed.")
    next: str = Field(description="Key of the step to do now; empty = all are done.", examples=["design"])
    done: list[DoneOut]
