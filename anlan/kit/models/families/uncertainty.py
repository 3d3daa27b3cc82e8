"""Uncertainty by Monte-Carlo: of the individual risk of a toxic plume at a point, and of a potential loss."""

from collections.abc import Mapping

import numpy as np

from anlan.kernels.consequence import sigma
from anlan.kernels.consequence.footprint import PlumeWeather, ToxicProbit, plume_tables
from anlan.kernels.qra.individual import at_points
from anlan.kernels.qra.layout import Releases, Rose, Shape, park
from anlan.kernels.qra.uncertainty import Question, Spread, monte_carlo
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.models.catalogue import model

#: Steps of the plume's table [m], and the a to which it goes: far enough for larger rates.
STEP, LOWEST = 5.0, -12.0
_Z95 = 1.6448536269514722


@model("qra/uncertainty-plume", names={"stability": "class"})
def uncertainty_plume(
    *,
    freq: float,
    Q: float,
    u: float,
    stability: sigma.Stability,
    a: float,
    b: float,
    n: float,
    x: float,
    y: float = 0.0,
    h: float = 0.0,
    duration: float = 1800.0,
    P_wind: float = 1.0,
    error_freq: float = 3.0,
    error_Q: float = 1.5,
    deviation_probit: float = 0.5,
    draws: int = 1000,
    seed: int = 1,
) -> Mapping[str, object]:
    """Individual risk of one toxic plume at a point, and its percentiles when frequency, rate and probit are uncertain.

    Gaussian plume (Briggs open country); frequency and rate lognormal about the stated value as median, probit shifted
    by a normal error: the Monte-Carlo of parks (anlan park) for one release, weather and direction.

    Parameters
    ----------
    freq : float
        Frequency of the release, median [1/yr].
    Q : float
        Release rate, median [kg/s].
    u : float
        Wind at release height [m/s].
    class : str
        Pasquill class, A to F.
    a : float
        Of the probit a + b ln(C^n t), C in mg/m3, t in min [-].
    b : float
        Of the probit [-].
    n : float
        Of the probit [-].
    x : float
        Of the point, down the wind [m].
    y : float
        Of the point, across the wind [m].
    h : float
        Height of the release [m].
    duration : float
        Of the exposure [s].
    P_wind : float
        Probability of this weather and direction [-].
    error_freq : float
        Error factor of the frequency: 95th percentile over median, 1 is certain [-].
    error_Q : float
        Error factor of the rate [-].
    deviation_probit : float
        Standard deviation of the probit [-].
    draws : int
        Number of draws, 10-100000 [-].
    seed : int
        The same seed gives the same draws [-].

    Returns
    -------
    risk : float
        With the stated values [1/yr].
    percentiles : list[float]
        5th, 50th and 95th percentile of the risk [1/yr].
    """
    within("draws", draws, "", 10, 100_000)
    within("P_wind", P_wind, "-", 0, 1)
    made = plume_tables(
        np.arange(1, 20_001) * STEP, PlumeWeather(stability, u, release_height=h), ToxicProbit(a, b, n), duration
    ).at_rate(Q)
    alive = np.flatnonzero(made.a > LOWEST)
    last = min(max(int(alive[-1]) + 2 if len(alive) else 2, 2), len(made.a))
    shape = Shape(made.a[:last].copy(), made.b[:last].copy(), STEP, float(made.x[0]))
    zero = np.zeros(1, np.int64)
    rose = Rose(np.array([[P_wind, 0.0, 0.0, 0.0]]))
    whole = park([(0.0, 0.0)], rose, [shape], Releases(zero, zero, zero, np.array([freq])))
    question = Question([(x, y)], np.zeros((0, 3)), zero, np.array([made.slope]))
    found = monte_carlo(whole, question, Spread(error_freq, error_Q, deviation_probit, 0.0), draws, seed)
    risk = float(at_points(whole, [(x, y)])[0, 0])
    return {"risk": risk, "percentiles": found.risk[:, 0]}


@model("qra/uncertainty-pll")
def uncertainty_pll(
    *,
    freq: list[float],
    fatalities: list[float],
    error_freq: float = 3.0,
    error_fatalities: float = 1.0,
    shared: float = 0.5,
    draws: int = 10_000,
    seed: int = 1,
) -> Mapping[str, object]:
    """Percentiles of a potential loss of life whose frequencies and deaths are uncertain, by Monte-Carlo.

    Lognormal about the stated values as medians. What is shared errs for all events together, the rest for each alone.

    Parameters
    ----------
    freq : list[float]
        Frequency of each event, median [1/yr].
    fatalities : list[float]
        Deaths in each event, median [-].
    error_freq : float
        Error factor of the frequencies: 95th percentile over median, 1 is certain [-].
    error_fatalities : float
        Error factor of the deaths [-].
    shared : float
        Part of the variance of the logarithm that all events have in common, 0-1 [-].
    draws : int
        Number of draws, 10-1000000 [-].
    seed : int
        The same seed gives the same draws [-].

    Returns
    -------
    PLL : float
        With the stated values [1/yr].
    percentiles : list[float]
        5th, 50th and 95th percentile [1/yr].
    mean : float
        Of the draws; above PLL, because errors upwards are larger than downwards [1/yr].
    """
    if not freq or len(freq) != len(fatalities):
        raise OutOfRange(f"{len(freq)} frequencies and {len(fatalities)} deaths: give one of each for an event")
    within("frequency", freq, "1/yr", 0, 1e4)
    within("fatalities", fatalities, "persons", 0, 1e9)
    within("draws", draws, "", 10, 1_000_000)
    within("shared", shared, "-", 0, 1)
    for name, factor in (("error_freq", error_freq), ("error_fatalities", error_fatalities)):
        within(name, factor, "-", 1, 1000)
    rng = np.random.default_rng(seed)
    loss = np.array(freq) * np.array(fatalities)
    deviation = np.hypot(np.log(error_freq), np.log(error_fatalities)) / _Z95
    own = rng.normal(0, 1, (draws, len(freq))) * np.sqrt(1 - shared)
    samples = np.exp(deviation * (own + rng.normal(0, 1, (draws, 1)) * np.sqrt(shared))) @ loss
    return {
        "PLL": float(loss.sum()),
        "percentiles": np.percentile(samples, (5, 50, 95)),
        "mean": float(samples.mean()),
    }
