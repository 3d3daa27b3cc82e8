"""Models of tailings ponds: storm, flood, drains, routing, grade, beach, reach of a break."""

from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

import numpy as np

from anlan.kernels.tailings import dam_break, flood, routing, storm
from anlan.kernels.tailings.outlets import Tower
from anlan.kernels.tailings.routing import Pool
from anlan.kernels.tailings.storage import Storage
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.models.catalogue import model
from anlan.kit.models.packdate import day
from anlan.kit.tailings import inputs, study
from anlan.packs.families import tailings_ponds as pack
from anlan.rules import tailings as rules

Answer = Mapping[str, object]
STEP = 600.0


class Drain(TypedDict):
    """A drain of a pond; which values it needs is told by its kind.

    Parameters
    ----------
    kind : str
        weir, orifice, tower, pump or rated [-].
    open : float
        Share that is not blocked [-].
    crest : float
        Of a weir [m].
    sill : float
        Of an orifice, or of the lowest open ring of a tower [m].
    width : float
        Clear width [m].
    height : float
        Of an orifice [m].
    coefficient : float
        m of a weir and a tower, mu of an orifice [-].
    capacity : float
        Most that the channel behind a weir carries [m3/s].
    mouth : float
        Area of a tower's mouth [m2].
    mouth_coefficient : float
        phi of the mouth [-].
    culvert : float
        Area of the culvert behind a tower [m2].
    outlet : float
        Water level below the culvert [m].
    loss : float
        Sum of all losses of the culvert as multiples of its velocity head [-].
    above : float
        Level at which a pump comes on [m].
    flow : float
        Of a pump [m3/s].
    levels : list
        Of a rated curve [m].
    flows : list
        Of a rated curve [m3/s].
    """

    kind: Literal["weir", "orifice", "tower", "pump", "rated"]
    open: NotRequired[float]
    crest: NotRequired[float]
    sill: NotRequired[float]
    width: NotRequired[float]
    height: NotRequired[float]
    coefficient: NotRequired[float]
    capacity: NotRequired[float]
    mouth: NotRequired[float]
    mouth_coefficient: NotRequired[float]
    culvert: NotRequired[float]
    outlet: NotRequired[float]
    loss: NotRequired[float]
    above: NotRequired[float]
    flow: NotRequired[float]
    levels: NotRequired[list[float]]
    flows: NotRequired[list[float]]


@model("tailings/design-storm")
def design_storm(
    *, mean24: float, cv: float, return_period: float, cs_over_cv: float = 3.5, n1: float = 0.55, n2: float = 0.72
) -> Answer:
    """24 h rain of a return period by Pearson III, and its depth within shorter times (SL 44-2006).

    Parameters
    ----------
    mean24 : float
        Mean of the largest 24 h rain of each year [mm].
    cv : float
        Its coefficient of variation [-].
    return_period : float
        Years in which it is exceeded once [yr].
    cs_over_cv : float
        Skewness over variation; 3.5 in most of China [-].
    n1 : float
        Decay of the storm below 1 h [-].
    n2 : float
        Decay of the storm from 1 h to 24 h [-].

    Returns
    -------
    frequency_factor : float
        Quantile over the mean [-].
    h24 : float
        Rain of 24 h [mm].
    h6 : float
        Largest rain of 6 h in it [mm].
    h1 : float
        Largest rain of 1 h in it [mm].
    """
    within("mean24", mean24, "mm", 5, 800)
    factor = storm.frequency_factor(cv, cv * cs_over_cv, return_period)
    h1, h6, h24 = storm.depth_within(mean24 * factor, [1, 6, 24], n1, n2)
    return {"frequency_factor": factor, "h24": h24, "h6": h6, "h1": h1}


@model("tailings/flood")
def design_flood(
    *, h24: float, area: float, lag: float, initial: float = 20.0, rate: float = 3.0, reservoirs: float = 2.0,
    n1: float = 0.55, n2: float = 0.72, peak: float = 0.6, length: float = 259_200.0,
) -> Answer:  # fmt: skip
    """Flood of a 24 h rain: storm formula, initial and steady loss, unit hydrograph of Nash.

    Parameters
    ----------
    h24 : float
        Rain of 24 h [mm].
    area : float
        Catchment with the pond [km2].
    lag : float
        K of Nash's unit hydrograph [s].
    initial : float
        Initial loss [mm].
    rate : float
        Steady loss [mm/h].
    reservoirs : float
        n of Nash's unit hydrograph [-].
    n1 : float
        Decay of the storm below 1 h [-].
    n2 : float
        Decay of the storm above 1 h [-].
    peak : float
        Share of the 24 h before the worst of it [-].
    length : float
        How long the flood is followed [s].

    Returns
    -------
    peak_flow : float
        Largest flow [m3/s].
    peak_time : float
        When it comes [s].
    runoff : float
        Depth that runs off [mm].
    volume : float
        Volume that has come by the end [m3].
    """
    runs = flood.excess(storm.hyetograph(h24, n1, n2, STEP, peak), STEP, initial, rate)
    flow = flood.nash(runs, STEP, area, reservoirs, lag, length)
    return {
        "peak_flow": flow.max(),
        "peak_time": float(flow.argmax()) * STEP,
        "runoff": runs.sum(),
        "volume": flow.sum() * STEP,
    }


@model("tailings/rational-peak")
def rational_peak(
    *, h24: float, area: float, length: float, slope: float, m: float, rate: float,
    n1: float = 0.55, n2: float = 0.72,
) -> Answer:  # fmt: skip
    """Peak of a flood of a small catchment by the rational formula of IWHR (Chen & Zhang 1985).

    Parameters
    ----------
    h24 : float
        Rain of 24 h [mm].
    area : float
        Catchment [km2].
    length : float
        Main gully from the divide to the dam [km].
    slope : float
        Mean slope of the gully [-].
    m : float
        Parameter of gathering, of the regional handbook [-].
    rate : float
        Mean loss while it runs off, mu [mm/h].
    n1 : float
        Decay of the storm below 1 h [-].
    n2 : float
        Decay of the storm above 1 h [-].

    Returns
    -------
    peak_flow : float
        Largest flow [m3/s].
    gathering_time : float
        tau of the catchment [s].
    runoff_share : float
        psi of the peak [-].
    runoff : float
        Depth that runs off [mm].
    """
    found = flood.rational(flood.Basin(area, length, slope, m), h24, n1, n2, rate)
    return {
        "peak_flow": found.flow,
        "gathering_time": found.gathering,
        "runoff_share": found.share,
        "runoff": found.runoff,
    }


@model("tailings/discharge")
def discharge(*, drain: Drain, level: float) -> Answer:
    """What one drain of a pond carries at a level (weir, orifice, decant tower with culvert, pump, rated curve).

    Parameters
    ----------
    drain : Drain
        The drain [-].
    level : float
        Water level [m].

    Returns
    -------
    flow : float
        What it carries [m3/s].
    free : float
        Of a tower: over the sill [m3/s].
    half_pressure : float
        Of a tower: through the mouth [m3/s].
    full_pressure : float
        Of a tower: through the culvert [m3/s].
    """
    one = inputs.outlet(drain)
    answer: dict[str, object] = {"flow": float(one.discharge(level))}
    if isinstance(one, Tower):
        free, half, full = one.stages(level)
        answer |= {"free": float(free), "half_pressure": float(half), "full_pressure": float(full)}
    return answer


@model("tailings/routing")
def route(
    *, levels: list[float], volumes: list[float], drains: list[Drain], inflow: list[float], step: float, start: float,
    crest: float,
) -> Answer:  # fmt: skip
    """Level-pool routing of a flood through a pond (storage indication), water balance exact.

    Parameters
    ----------
    levels : list
        Of the storage curve, rising [m].
    volumes : list
        Water above the lowest level, rising [m3].
    drains : list
        What drains the pond [-].
    inflow : list
        At the ends of the steps, the first at the start [m3/s].
    step : float
        Between two values of the inflow [s].
    start : float
        Level at the start [m].
    crest : float
        Of the dam; the course ends when the water reaches it [m].

    Returns
    -------
    peak_level : float
        Highest level [m].
    peak_time : float
        When it is reached [s].
    peak_outflow : float
        Largest flow out [m3/s].
    end_level : float
        Level at the end [m].
    end_outflow : float
        Flow out at the end [m3/s].
    overtopped : bool
        Whether the water reached the crest [bool].
    imbalance : float
        Water that was lost or made, as a share of what came in [-].
    outflow : list
        At the times of the inflow [m3/s].
    """
    pool = Pool(Storage(np.array(levels), np.array(volumes)), tuple(inputs.outlet(one) for one in drains), crest)
    course = pool.route(inflow, step, start)
    return {
        "peak_level": course.peak_level,
        "peak_time": course.peak_time,
        "peak_outflow": course.peak_outflow,
        "end_level": course.levels[-1],
        "end_outflow": course.outflow[-1],
        "overtopped": course.over is not None,
        "imbalance": course.imbalance,
        "outflow": course.outflow,
    }


@model("tailings/grade")
def grade(
    *, volume: float, height: float, method: Literal["upstream", "downstream"] = "upstream", on: str = ""
) -> Answer:
    """Grade of a tailings pond and what the grade demands (GB 50863-2013 3.3.1, 4.2; GB 39496-2020 4.5, 5.4.1).

    Parameters
    ----------
    volume : float
        Whole storage [m3].
    height : float
        Of the dam [m].
    method : str
        How the dam is raised; centreline counts as downstream [-].
    on : str
        Day on which the pack must hold, ISO date; empty = today [-].

    Returns
    -------
    grade : int
        1 (largest) to 5 [-].
    flood_least : float
        Shortest return period of the design flood [yr].
    flood_most : float
        Longest return period of the design flood [yr].
    superelevation : float
        Least height of the beach's top above the design flood; upstream dams [m].
    beach : float
        Least dry beach at the design flood [m].
    stability_normal : float
        Least factor of safety, Bishop, usual load [-].
    """
    within("volume", volume, "m3", 0, 1e10, above=True)
    within("height", height, "m", 0, 500, above=True)
    found = pack.load(day(on)).grade(volume / 1e4, height)
    return {
        "grade": found.grade,
        "flood_least": found.flood_least,
        "flood_most": found.flood_most,
        "superelevation": found.superelevation,
        "beach": found.beach(method),
        "stability_normal": found.stability_normal,
    }


@model("tailings/beach")
def beach(*, top: float, level: float, slope: float) -> Answer:
    """Dry beach and height above the water, from the level and the slope of the beach.

    Parameters
    ----------
    top : float
        Of the beach at the dam [m].
    level : float
        Water level [m].
    slope : float
        Mean slope of the beach [-].

    Returns
    -------
    beach : float
        Length of dry beach [m].
    height : float
        From the water to the top of the beach [m].
    """
    return {"beach": routing.beach_length(top, level, slope), "height": routing.freeboard(top, level)}


@model("tailings/warning")
def warning(*, blue: int = 0, yellow: int = 0, orange: int = 0, red: int = 0, on: str = "") -> Answer:
    """Warning of a pond from those of its points or items: enough of one colour count as the next (GB 39496 5.5.4).

    Parameters
    ----------
    blue : int
        How many are blue [-].
    yellow : int
        How many are yellow [-].
    orange : int
        How many are orange [-].
    red : int
        How many are red [-].
    on : str
        Day on which the pack must hold, ISO date; empty = today [-].

    Returns
    -------
    warning : str
        none, blue, yellow, orange or red [-].
    """
    counts = {1: blue, 2: yellow, 3: orange, 4: red}
    for rank, count in counts.items():
        within(pack.COLOURS[rank], count, "-", 0, 1000)
    each = [rank for rank, count in counts.items() for _ in range(count)]
    return {"warning": pack.COLOURS.get(rules.gathered(each, pack.load(day(on)).counts()), "none")}


@model("tailings/dam-break")
def break_reach(
    *, volume: float, height: float, distance: list[float], released: float | None = None, on: str = ""
) -> Answer:
    """How far tailings may run when a dam breaks, with the scatter of past failures (Concha Larrauri & Lall 2018).

    Parameters
    ----------
    volume : float
        Tailings and water behind the dam [m3].
    height : float
        Of the dam [m].
    distance : list
        Along the valley from the dam [m].
    released : float
        What flows out, if it is known; else by regression [m3].
    on : str
        Day on which the pack must hold, ISO date; empty = today [-].

    Returns
    -------
    released : float
        What flows out [m3].
    median : float
        Half of such failures ran farther [m].
    one_in_ten : float
        One in ten ran farther [m].
    chance : list
        Share of such failures that ran farther than each distance [-].
    arrival : list
        Earliest arrival at each distance, at the pack's fast front [s].
    """
    if not distance:
        raise OutOfRange("distance is empty: give one distance or more")
    law = pack.load(day(on)).dam_break
    found = study.reach(law, volume, height, released)
    return {
        "released": found.released,
        "median": found.median,
        "one_in_ten": found.exceeded_by(0.1),
        "chance": found.chance(distance),
        "arrival": dam_break.arrival(distance, law.speed_fast),
    }
