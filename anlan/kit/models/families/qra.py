"""Models of quantitative risk: ignition, event tree, risk at a point, metrics, F-N, cost and benefit."""

import math
from collections.abc import Mapping

from anlan.kernels.qra import cost_benefit, events, societal
from anlan.kernels.qra.criteria import Line
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.models.catalogue import model
from anlan.kit.models.packdate import day
from anlan.packs.families import societal_criteria

Answer = Mapping[str, float | list[float]]


@model("qra/event-tree")
def event_tree(*, branch_probs: list[float]) -> Answer:
    """End states of an event tree whose questions are asked one after the other.

    Parameters
    ----------
    branch_probs : list[float]
        Probability of "yes" at each question, given "no" at all before it, 0 to 1 [-].

    Returns
    -------
    end_states : list[float]
        Probability of each end: "yes" at the first, second, … question, and last "no" at all; they sum to 1 [-].
    """
    if not branch_probs:
        raise OutOfRange("branch_probs is empty: give the probability of each question")
    return {"end_states": events.chain(branch_probs)}


@model("qra/ignition")
def ignition(*, n: float, w: float, t: float, present: float = 1.0) -> Answer:
    """Delayed ignition by like sources, P = present (1 - exp(-n w t)) (Purple Book, CPR 18E, App. 4.A).

    Parameters
    ----------
    n : float
        Number of sources in the cloud, >= 0 [-].
    w : float
        Effectiveness: how often one source ignites a flammable cloud about it, >= 0 [1/s].
    t : float
        How long the cloud is there, >= 0 [s].
    present : float
        Share of the time in which the sources work, 0 to 1 [-].

    Returns
    -------
    P : float
        Probability of ignition [-].
    """
    within("present", present, "-", 0, 1)
    return {"P": present * events.ignition(n, w, t)}


@model("qra/individual-risk-gridpoint", names={"P_M_P_phi": "P_M*P_phi"})
def individual_risk_gridpoint(
    *, loc_frequency: float, P_M_P_phi: float, n_wind_sectors: float, R: float, PI: float, P_cl: float
) -> Answer:
    """Contribution of one release, weather and sector to individual risk at a point (Purple Book, CPR 18E, App. 6.B).

    Parameters
    ----------
    loc_frequency : float
        Frequency of the loss of containment, >= 0 [1/yr].
    P_M*P_phi : float
        Probability of the weather class together with the wind sector, 0 to 1 [-].
    n_wind_sectors : float
        Number of wind sectors, >= 1 [-].
    R : float
        Distance from the release to the point, > 0 [m].
    PI : float
        Lethality integrated across the cloud at that distance, >= 0 [m].
    P_cl : float
        Lethality on the cloud's centre line at that distance, above 0 to 1 [-].

    Returns
    -------
    ECW : float
        Effective cloud width PI / P_cl [m].
    P_ci : float
        Probability that the cloud covers the point, given the sector; at most 1 [-].
    P_d : float
        Probability of death, given the release, the weather and the sector [-].
    dIR : float
        Contribution to the individual risk [1/yr].
    """
    point = events.grid_point(loc_frequency, P_M_P_phi, n_wind_sectors, R, PI, P_cl)
    return {"ECW": point.effective_width, "P_ci": point.covered, "P_d": point.death, "dIR": point.risk}


@model("qra/metrics")
def metrics(
    *,
    freq: list[float] | None = None,
    fatalities: list[float] | None = None,
    PLL: float | None = None,
    occupants: float | None = None,
    FAR: float | None = None,
    hours: float | None = None,
) -> Answer:
    """Potential loss of life, fatal accident rate and average individual risk, as far as the inputs allow.

    Give ``freq`` and ``fatalities``, or ``PLL``; with ``occupants`` FAR follows, or give ``FAR``; with ``hours`` AIR.

    Parameters
    ----------
    freq : list[float]
        Frequency of each event, >= 0 [1/yr].
    fatalities : list[float]
        Expected deaths in each event, >= 0 [-].
    PLL : float
        Potential loss of life, where no events are given, >= 0 [1/yr].
    occupants : float
        People who share the loss, present all year, > 0 [-].
    FAR : float
        Fatal accident rate, where no loss is given, >= 0 [per 1e8 h].
    hours : float
        Hours in the year that one person is exposed, 0 to 8784 [h/yr].

    Returns
    -------
    PLL : float
        Expected deaths in a year [1/yr].
    contributions : list[float]
        Share of each event in the PLL [-].
    FAR : float
        Deaths for exposure [per 1e8 h].
    AIR : float
        Average individual risk [1/yr].
    """
    answer: dict[str, float | list[float]] = {}
    if (freq is None) != (fatalities is None):
        raise ValueError("freq and fatalities belong together: give both or neither")
    if freq == [] or fatalities == []:
        raise OutOfRange("freq and fatalities are empty: give at least one event")
    if freq is not None and fatalities is not None:
        if PLL is not None:
            raise ValueError("PLL follows from freq and fatalities: leave PLL away, or them")
        PLL, shares = societal.potential_loss(fatalities, freq)
        answer |= {"PLL": PLL, "contributions": shares.tolist()}
    if PLL is not None and occupants is not None:
        if FAR is not None:
            raise ValueError("FAR follows from PLL and occupants: leave FAR away, or them")
        FAR = societal.fatal_accident_rate(PLL, occupants)
        answer["FAR"] = FAR
    if FAR is not None and hours is not None:
        answer["AIR"] = societal.average_individual_risk(FAR, hours)
    if not answer:
        raise ValueError("give freq and fatalities, or PLL and occupants, or FAR and hours")
    return answer


@model("qra/fn-curve")
def fn_curve(*, scenarios: list[list[float]], N: list[float] | None = None) -> Answer:
    """Frequency of N or more deaths, F(N) = sum of the frequencies with at least N (Purple Book, CPR 18E, eq. 6.6).

    Parameters
    ----------
    scenarios : list[list[float]]
        One pair for each event: frequency per year, expected deaths; both >= 0 [-].
    N : list[float]
        Numbers of deaths asked for, >= 0; without it the numbers that occur, above 0 [-].

    Returns
    -------
    F(N>=1) : float
        Frequency of at least 1 death, and likewise for every number asked for; 1 stands for that number [1/yr].
    PLL : float
        Potential loss of life, the sum of frequency times deaths [1/yr].
    """
    if not scenarios:
        raise OutOfRange("scenarios is empty: no events are no proof that there is no risk; give at least one")
    if any(len(pair) != 2 for pair in scenarios):
        raise OutOfRange("scenarios: each entry is a pair, frequency and deaths")
    often, deaths = [pair[0] for pair in scenarios], [pair[1] for pair in scenarios]
    loss, _ = societal.potential_loss(deaths, often)
    asked = N if N is not None else sorted({number for number in deaths if number > 0})
    found = societal.frequency_of(asked, deaths, often).tolist() if asked else []
    return {f"F(N>={number:g})": value for number, value in zip(asked, found, strict=True)} | {"PLL": loss}


@model("qra/fn-criterion")
def fn_criterion(
    *,
    N: float,
    criterion: str = "HSE R2P2",
    anchor_N: float | None = None,
    anchor_F: float | None = None,
    slope: float = -1.0,
    on: str = "",
) -> Answer:
    """A societal criterion at N deaths: a named line, or one through a point, F = anchor_F (N / anchor_N)^slope.

    Without an anchor the line comes from the pack chemicals/societal_criteria. HSE R2P2 is the point of HSE, "Reducing
    risks, protecting people" (2001), paragraph 136 (50 deaths or more in one event, 1 in 5000 years) with slope -1.

    Parameters
    ----------
    N : float
        Number of deaths, > 0 [-].
    criterion : str
        Name of the line, where no anchor is given [-].
    anchor_N : float
        Number of deaths of the point that the line goes through, > 0; together with anchor_F [-].
    anchor_F : float
        Frequency of that point, > 0 [1/yr].
    slope : float
        Slope through the anchor on logarithmic axes, -4 to 0: -1 neutral, -2 averse to large accidents [-].
    on : str
        Day on which the pack must hold, ISO date; empty = today [-].

    Returns
    -------
    F_limit : float
        Largest frequency of N or more deaths [1/yr].
    """
    limit = float(_line(criterion, anchor_N, anchor_F, slope, on).at(N))
    if limit == math.inf:
        raise OutOfRange(f"N = {N:g}: the line {criterion} does not reach there")
    return {"F_limit": limit}


def _line(criterion: str, number: float | None, frequency: float | None, slope: float, on: str) -> Line:
    if (number is None) != (frequency is None):
        raise ValueError("anchor_N and anchor_F belong together: give both or neither")
    if number is not None and frequency is not None:
        return Line(number, frequency, slope, least=1e-9)
    lines = societal_criteria.load(day(on))
    found = lines.named(criterion)
    if found is None:
        raise ValueError(
            f"criterion = {criterion}: is not known; there are {', '.join(one.name for one in lines.lines)}"
        )
    return found.as_line()


@model("qra/cba")
def cba(*, fatality_benefit_etc: list[float], DF: float = 10.0) -> Answer:
    """The most that a safety measure may cost before it is grossly disproportionate (HSE, CBA checklist).

    Parameters
    ----------
    fatality_benefit_etc : list[float]
        Benefits over the measure's life, one for each kind of harm, >= 0; plain numbers may be of another currency
        [GBP].
    DF : float
        Disproportion factor, 1 to 100; the HSE's example takes 10 [-].

    Returns
    -------
    total : float
        Sum of the benefits [GBP].
    max_justified_cost : float
        Sum times the disproportion factor [GBP].
    """
    found = cost_benefit.justified_cost(fatality_benefit_etc, DF)
    return {"total": found.total, "max_justified_cost": found.most}
