"""The dense-gas model keeps mass and enthalpy, slumps, takes in air, turns passive, and refuses what it cannot know."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import plume, sigma, slab_ambient, slab_thermo
from anlan.kernels.consequence.footprint import ToxicProbit
from anlan.kernels.consequence.probit import ndtr
from anlan.kernels.consequence.slab import Dispersion, Fluid, Release, Stations, Weather, disperse
from anlan.kernels.consequence.slab_concentration import Profiles, fatality, profiles
from anlan.kernels.consequence.slab_types import Material
from anlan.kernels.validity import OutOfRange
from anlan.kit.models.errors import ModelError
from anlan.kit.models.running import run

CHLORINE = Fluid(0.070906, 498.1, 239.1, 287_840, 926.3, 1574, 1978.34, -27.01)
AMMONIA = Fluid(0.017031, 2045.9, 239.57, 1_170_000, 4611.8, 603, 2976.01)
METHANE = Fluid(0.016043, 2238, 111.7, 509_900, 3348.5, 424.1)
AIR_LIKE = Fluid(0.02895, 1006, 78.0, 200_000, 2000, 870)
CALM = Weather(2.0, "F", temperature=288, relative_humidity=70)
BREEZE = Weather(5.0, "D", temperature=288, relative_humidity=70)
JET = Release("horizontal-jet", 0.1, 239.1, rate=10, duration=3000, height=1, liquid=0.8)
POOL = Release("pool", 300, 239.1, rate=10, duration=3000)
PUFF = Release("instantaneous", 100, 239.1, mass=2000)
STACK = Release("vertical-jet", 0.02, 239.1, rate=3, duration=3000, height=5, liquid=0.8)
LETHAL = ToxicProbit(-6.35, 0.5, 2.75)
RELEASES = [JET, POOL, PUFF, STACK]
NAMES = ["jet", "pool", "puff", "stack"]


def past_source(found: Dispersion) -> slice:
    """Rows beyond the source."""
    return slice({"pool": 11, "vertical-jet": 12}.get(found.release.kind, 1), 61)


def beyond(found: Profiles, distance: float) -> np.ndarray:
    return found.run.stations.x > distance


@pytest.mark.parametrize("release", [JET, POOL, STACK], ids=["jet", "pool", "stack"])
@pytest.mark.parametrize("weather", [CALM, BREEZE], ids=["calm", "breeze"])
def test_the_plume_carries_at_every_station_what_the_source_gives(release: Release, weather: Weather) -> None:
    found = disperse(CHLORINE, replace(release, duration=100_000), weather, 3000)
    s, rows = found.stations, past_source(found)
    carried = 2 * s.density * s.half_width * s.height * s.speed * s.fraction
    assert found.turn == 61
    assert carried[rows] == pytest.approx(release.rate, rel=0.005)


@pytest.mark.parametrize("release", [PUFF, replace(JET, duration=30), replace(POOL, duration=60)], ids=NAMES[2::-1])
def test_the_puff_keeps_its_mass(release: Release) -> None:
    found = disperse(CHLORINE, release, BREEZE, 3000)
    s = found.stations
    mass = 4 * s.density * s.half_width * s.half_length * s.height * s.fraction
    late = slice(found.turn + 1, 61)
    held = s.height[late] < 0.99 * found.air.mixing_height
    assert mass[late][held] == pytest.approx(release.mass + release.rate * release.duration, rel=1e-6)


@pytest.mark.parametrize("release", RELEASES, ids=NAMES)
def test_the_concentration_falls_with_distance(release: Release) -> None:
    found = profiles(disperse(CHLORINE, release, BREEZE, 5000), 60)
    far = beyond(found, 30)
    assert far.sum() > 10
    assert np.all(np.diff(found.run.stations.volume_fraction[far]) < 0)
    assert np.all(np.diff(found.peak()[far]) < 0)


@settings(max_examples=20, deadline=None)
@given(st.floats(20, 2000), st.floats(-300, 300), st.floats(0, 30), st.floats(10, 300))
def test_both_sides_of_the_axis_are_alike(x: float, y: float, z: float, t: float) -> None:
    found = profiles(disperse(CHLORINE, replace(JET, duration=200), BREEZE, 3000), 60)
    assert found.at(x, y, z, t) == found.at(x, -y, z, t)
    assert found.peak_at(x, y, z) == found.peak_at(x, -y, z)
    assert 0 <= found.at(x, y, z, t) <= 1


def test_a_colder_or_heavier_cloud_is_wider_and_lower() -> None:
    warm = Release("pool", 300, 280, rate=20, duration=3000)
    light = disperse(replace(METHANE, molar_mass=0.029), warm, CALM).stations
    heavy = disperse(replace(METHANE, molar_mass=0.060), warm, CALM).stations
    cold = disperse(replace(METHANE, molar_mass=0.029), replace(warm, temperature=120), CALM).stations
    for dense in (heavy, cold):
        assert np.interp(200, dense.x, dense.half_width) > 1.2 * np.interp(200, light.x, light.half_width)
        assert np.interp(200, dense.x, dense.height) < 0.9 * np.interp(200, light.x, light.height)


@pytest.mark.parametrize(("stability", "factor"), [("B", 1.2), ("C", 1.2), ("D", 1.6), ("E", 2.6)])
def test_a_neutral_gas_ends_as_a_gaussian_plume(stability: sigma.Stability, factor: float) -> None:
    source = Release("horizontal-jet", 1.0, 288, rate=0.5, duration=100_000, height=2)
    found = profiles(disperse(AIR_LIKE, source, Weather(5.0, stability, temperature=288, roughness=0.03)), 600)
    gauss = plume.Plume(0.5, 5.0, stability, averaging_time=600)
    for x in (500.0, 1000.0, 2000.0):
        ratio = float(found.peak_at(x)) * found.pure_density() / float(plume.concentration(gauss, x))
        assert 1 / factor < ratio < factor


def test_dense_gas_turns_passive() -> None:
    s = disperse(CHLORINE, JET, BREEZE, 20_000).stations
    assert s.density[-1] == pytest.approx(1.22, rel=0.02)
    assert s.temperature[-1] == pytest.approx(288, abs=0.1)
    assert s.speed[-1] == pytest.approx(s.wind[-1], rel=0.001)
    assert s.spread[5:30].max() > 20 * s.spread[-1]


def test_a_source_that_stops_leaves_the_cloud_upwind_of_its_puff_alone() -> None:
    short, long = disperse(CHLORINE, replace(JET, duration=60), BREEZE), disperse(CHLORINE, JET, BREEZE)
    early = slice(0, short.turn)
    assert 10 < short.turn < 61
    for name in ("half_width", "height", "volume_fraction", "temperature"):
        assert getattr(short.stations, name)[early] == pytest.approx(getattr(long.stations, name)[early])
    assert short.stations.volume_fraction[-1] < long.stations.volume_fraction[-1]


def test_a_pool_that_dries_up_under_its_cloud_is_a_puff_from_the_beginning() -> None:
    found = disperse(CHLORINE, replace(POOL, duration=2), CALM)
    assert found.turn == 0
    assert found.stations.volume_fraction[-1] > 0


def test_a_light_gas_rises_and_is_harmless_on_the_ground_nearby() -> None:
    source = Release("vertical-jet", 0.01, 300, rate=1, duration=3000, height=10)
    found = profiles(disperse(METHANE, source, BREEZE, 2000), 60)
    assert found.run.stations.centre[1] > 15
    assert float(found.peak_at(30.0)) < 1e-6
    assert np.all(found.highest() <= found.run.stations.centre)


def test_droplets_keep_a_cloud_cold_and_dense() -> None:
    wet, dry = (
        disperse(AMMONIA, replace(JET, temperature=239.57, liquid=share), BREEZE).stations for share in (0.8, 0)
    )
    assert np.interp(20, wet.x, wet.temperature) < np.interp(20, dry.x, dry.temperature) - 10
    assert np.interp(20, wet.x, wet.density) > np.interp(20, dry.x, dry.density)
    assert np.all(wet.vapour <= wet.fraction + 1e-12)
    assert np.any(wet.vapour < 0.9 * wet.fraction)
    assert np.all(wet.water_vapour <= wet.water + 1e-12)


@pytest.mark.parametrize("release", RELEASES, ids=NAMES)
def test_the_same_input_gives_the_same_output(release: Release) -> None:
    first, again = (disperse(CHLORINE, release, CALM) for _ in range(2))
    for one, other in zip(first.stations, again.stations, strict=True):
        assert np.array_equal(one, other, equal_nan=True)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(RELEASES), st.sampled_from("ABCDEF"), st.floats(1, 12), st.floats(0.1, 3), st.floats(0.001, 0.5))
def test_every_weather_gives_numbers(release: Release, stability: str, wind: float, more: float, rough: float) -> None:
    source = replace(release, rate=release.rate * more, mass=release.mass * more)
    found = disperse(CHLORINE, source, Weather(wind, stability, roughness=rough))
    s: Stations = found.stations
    rows = past_source(found)
    for name in ("half_width", "height", "speed", "density", "temperature"):
        assert np.all(getattr(s, name)[rows] > 0), name
    assert np.all((s.volume_fraction >= 0) & (s.volume_fraction <= 1))
    assert np.all(s.core <= s.half_width * (1 + 1e-9))
    assert np.all(s.height <= found.air.mixing_height * (1 + 1e-9))


@settings(max_examples=30, deadline=None)
@given(st.floats(0.001, 0.999), st.floats(0, 1), st.floats(0, 100), st.floats(250, 315))
def test_the_temperature_keeps_the_enthalpy(fraction: float, liquid: float, humid: float, warm: float) -> None:
    air = slab_ambient.ambient((3.0, 10.0), warm, humid, 0.1, 0.0)
    material = Material(
        0.070906, 498.1, 926.3, 287_840 + 239.1 * (926.3 - 498.1), 1574.0, 9.3278, 1978.34, -27.01, 239.1, False
    )
    excess = fraction * slab_thermo.released(air, material, liquid).excess
    mixture = slab_thermo.mixed(air, material, fraction, excess)
    kept = (1 - fraction) * air.heat_capacity * warm + fraction * 498.1 * 239.1 + excess
    wet, water = mixture.water_vapour, mixture.water
    held = mixture.heat_capacity * mixture.temperature - material.latent_at_zero * (fraction - mixture.vapour)
    held -= slab_thermo.WATER_LATENT_AT_ZERO * (water - wet)
    assert held == pytest.approx(kept, abs=1)
    assert 150 < mixture.temperature <= warm + 20


def test_stability_and_obukhov_length_are_each_other_s_inverse() -> None:
    for rough in (0.001, 0.03, 1.0):
        for steps in (-3.0, -1.5, -0.3, 0.0, 0.7, 1.0, 2.0):
            inverse = slab_ambient.inverse_length(steps, rough)
            assert slab_ambient.class_steps(inverse, rough) == pytest.approx(steps, abs=1e-9)


@pytest.mark.parametrize("inverse", [-0.1, -0.01, 0.0, 0.02, 0.1])
def test_the_wind_is_the_measured_one_where_it_was_measured(inverse: float) -> None:
    air = slab_ambient.ambient((4.5, 7.0), 290.0, 40.0, 0.05, inverse)
    assert slab_ambient.wind_at(air, 7.0) == pytest.approx(4.5)
    match = air.matching_height
    assert slab_ambient.wind_at(air, match * (1 - 1e-9)) == pytest.approx(slab_ambient.wind_at(air, match), rel=1e-6)
    assert slab_ambient.wind_at(air, 0.0) == 0


def test_longer_averaging_widens_the_plume_and_lowers_its_peak() -> None:
    short, long = (profiles(disperse(CHLORINE, POOL, BREEZE), each) for each in (10, 900))
    rows = beyond(short, 100)
    assert np.all(long.half_width[rows] > short.half_width[rows])
    assert np.all(long.peak()[rows] < short.peak()[rows])


def test_beyond_what_was_followed_nothing_is_said() -> None:
    lasting, short = (
        profiles(disperse(CHLORINE, replace(JET, duration=each), BREEZE, 1000), 60) for each in (9000, 60)
    )
    last = float(short.run.stations.x[-1])
    for ask in (short.peak_at, lambda x: short.at(x, 0.0, 0.0, 100.0)):
        with pytest.raises(OutOfRange, match="x ="):
            ask(last + 1)
    with pytest.raises(OutOfRange, match="t ="):
        short.at(300.0, 0.0, 0.0, 1e5)
    with pytest.raises(OutOfRange, match="farther"):
        lasting.reach(1e-7)
    steady = lasting.at(300.0, 0.0, 0.0, np.array([3000.0, 8999.0]))
    assert steady == pytest.approx(float(lasting.peak_at(300.0)), rel=0.02)


def test_a_puff_comes_and_goes() -> None:
    found = profiles(disperse(CHLORINE, PUFF, BREEZE), 10)
    s = found.run.stations
    at = float(np.interp(300, s.x, s.time))
    passing = found.at(300.0, 0.0, 0.0, np.array([0.1 * at, at, 0.99 * s.box_time.max()]))
    assert passing[1] > 1000 * passing[0]
    assert passing[1] > 1000 * passing[2]
    assert np.all(np.diff(found.arrival()) >= 0)


@pytest.mark.parametrize("release", RELEASES, ids=NAMES)
def test_the_strip_of_a_level_has_the_level_on_its_edge(release: Release) -> None:
    found = profiles(disperse(CHLORINE, release, CALM), 600)
    level = 1e-3
    half = found.half_width_of(level)
    edge = np.minimum(found.along * found.across(half) * found.upward(0.0), 1.0)
    strip = half > 0
    assert strip.any()
    assert edge[strip] == pytest.approx(level, rel=1e-5)
    assert found.peak()[~strip].max(initial=0) < level * 1.0001
    assert float(found.peak_at(found.reach(level))) == pytest.approx(level, rel=0.03)
    assert found.half_width_of(1e-4).max() > half.max()


@pytest.mark.parametrize("release", RELEASES, ids=NAMES)
def test_the_footprint_kills_as_many_across_the_wind_as_the_cloud_does(release: Release) -> None:
    found = profiles(disperse(CHLORINE, release, CALM), 600)
    foot = found.toxic_footprint(LETHAL)
    assert np.all(np.diff(foot.x) > 0) and np.all(foot.b > 0)
    i = int(np.searchsorted(foot.x, 300))
    y = np.linspace(0, 3000, 6001)
    killed = float(np.sum(ndtr(foot.a[i] - foot.b[i] * y**2)) * 0.5)
    row = int(np.flatnonzero(np.isclose(found.run.stations.x - found.run.origin, foot.x[i]))[0])
    load = found._load(2.75, 1800, np.array([row]))[0]
    dose = (found.scale[row] * 2 * found.across(y[:, None])[:, row] * found.pure_density() * 1e6) ** 2.75 * load
    if found.run.stations.centre[row] == 0:
        probability = ndtr(-6.35 + 0.5 * np.log(np.maximum(dose, 1e-300)) - 5)
        assert killed == pytest.approx(float(np.sum(probability)) * 0.5, rel=0.02)
    assert math.isnan(foot.slope)
    near, far = fatality(foot, [50.0, 3000.0])
    assert near > far


def test_a_longer_exposure_or_a_larger_release_reaches_farther() -> None:
    short, long = (profiles(disperse(CHLORINE, JET, CALM), 600).toxic_footprint(LETHAL, each) for each in (300, 1800))
    more = profiles(disperse(CHLORINE, replace(JET, rate=40, area=0.4), CALM), 600).toxic_footprint(LETHAL, 300)
    assert long.reach(-2.33) > short.reach(-2.33)
    assert more.reach(-2.33) > short.reach(-2.33)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": math.nan}, {"rate": 0.0}, {"rate": -1.0}, {"area": 0.0}, {"liquid": 1.2}, {"duration": math.inf},
        {"height": -1.0}, {"temperature": 1e4}, {"mass": 5.0}, {"kind": "puddle"},
    ],
    ids=str,
)  # fmt: skip
def test_an_impossible_release_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(OutOfRange, match=r"rate|area|liquid|duration|height|temperature|mass|kind"):
        replace(JET, **wrong)


@pytest.mark.parametrize(
    "wrong",
    [{"wind": math.nan}, {"wind": 0.0}, {"stability": "G"}, {"stability": math.nan}, {"stability": 4.0},
     {"roughness": 0.0}, {"relative_humidity": 101.0}, {"temperature": 15.0}, {"wind_height": 0.05}],
    ids=str,
)  # fmt: skip
def test_an_impossible_weather_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(OutOfRange):
        replace(BREEZE, **wrong)


def test_an_instantaneous_release_needs_a_mass() -> None:
    with pytest.raises(OutOfRange, match="needs a mass"):
        replace(PUFF, mass=0.0)


def test_impossible_properties_are_refused() -> None:
    for wrong in ({"molar_mass": 70.9}, {"boiling_temperature": math.nan}, {"saturation_c": -300.0}):
        with pytest.raises(OutOfRange):
            replace(CHLORINE, **wrong)


def test_a_source_above_the_mixing_height_and_a_strange_averaging_time_are_refused() -> None:
    with pytest.raises(OutOfRange, match="mixing height"):
        disperse(CHLORINE, replace(STACK, height=400), CALM)
    with pytest.raises(OutOfRange, match="averaging"):
        profiles(disperse(CHLORINE, JET, CALM), math.nan)


def test_the_model_takes_a_substance_by_its_number_and_told_properties_win() -> None:
    asked = {"release": "horizontal-jet", "rate": 5.0, "duration": 600.0, "diameter": 0.3, "u": 3.0, "class": "D",
             "height": 1.0, "x": [100.0, 500.0], "level": 1e-4}  # fmt: skip
    found = run("dispersion/dense-gas", {**asked, "substance": "7782-50-5"}).outputs
    near, far = found["conc"].value  # type: ignore[misc]  # a list of two
    assert 1 > near > far > 0
    told = run("dispersion/dense-gas", {**asked, "substance": "7782-50-5", "molar_mass": 0.2}).outputs
    assert told["conc"].value != found["conc"].value


@pytest.mark.parametrize(
    "wrong",
    [{"stab": 7}, {"stab": 4, "class": "D"}, {"qs": "NaN"}, {"ua": None}, {"u": 3.0}, {"station": 61}, {"dhe": None}],
    ids=str,
)
def test_the_model_refuses_what_it_cannot_take(wrong: dict[str, object]) -> None:
    inputs: dict[str, object] = {
        "idspl": 2, "wms": 0.0709, "cps": 498.1, "tbp": 239.1, "dhe": 287840.0, "cpsl": 926.3, "rhosl": 1574.0,
        "ts": 239.1, "qs": 3.0, "as": 0.1, "tsd": 300.0, "hs": 1.0, "ua": 3.0, "ta": 288.0, "stab": 4,
    }  # fmt: skip
    assert run("dispersion/slab", {**inputs, "x": 100.0}).outputs["conc_centreline_z0"].value
    changed = {name: value for name, value in {**inputs, **wrong}.items() if value is not None}
    with pytest.raises(ModelError):
        run("dispersion/slab", changed)


@pytest.mark.parametrize("rate", [1, 10, 50])
def test_a_run_followed_farther_is_the_same_whether_its_pool_is_known_or_not(rate: float) -> None:
    pool = Release("pool", 300, 239.1, rate=rate, duration=1800)
    near = disperse(CHLORINE, pool, CALM, 3000)
    anew, further = disperse(CHLORINE, pool, CALM, 9000), disperse(CHLORINE, pool, CALM, 9000, known=near)
    assert further.edge == anew.edge
    for mine, theirs in zip(further.stations, anew.stations, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_the_end_of_a_footprint_is_told_without_the_footprint() -> None:
    for release in (JET, Release("instantaneous", 100, 239.1, mass=2000)):
        found = profiles(disperse(CHLORINE, release, CALM), 600)
        assert found.toxic_end(LETHAL) == found.toxic_footprint(LETHAL).a[-1]
