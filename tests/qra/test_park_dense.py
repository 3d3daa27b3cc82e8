"""Dense clouds in a park: which model is taken, what it makes of the risk, how fast, and that the output says so."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from anlan.kernels.consequence import sigma
from anlan.kernels.consequence.footprint_cache import FootprintCache
from anlan.kernels.consequence.puff import Weather as PuffWeather
from anlan.kernels.qra.layout import Shape
from anlan.kernels.validity import OutOfRange
from anlan.kit.park import assembly, inputs, report, vapour
from anlan.kit.park.inputs import (
    BadRun,
    FlashFire,
    FlashPuff,
    Outcome,
    Probit,
    Scenario,
    Source,
    Toxic,
    ToxicPuff,
    WeatherClass,
)
from anlan.kit.park.options import Cloud, Uncertainty
from anlan.kit.park.vapour import Air
from tests.qra.runs import DAY, ROSE, computed, reading

CHLORINE = Probit(-6.35, 0.5, 2.75)
JET = Cloud("氯", 0.1, liquid=0.8, jet=True)
F2, D5 = WeatherClass("F2", "F", 2.0, 0.5, ROSE), WeatherClass("D5", "D", 5.0, 0.5, ROSE)


def air(weather: WeatherClass = F2, *, slopes: bool = False) -> Air:
    return Air(weather, DAY, FootprintCache(), slopes)


def toxic(rate: float = 10.0, cloud: Cloud | None = JET, duration: float = 1800) -> Toxic:
    return Toxic(rate, duration, CHLORINE, height=1.0, cloud=cloud)


def reach(shape: Shape) -> float:
    """Where half of the people on the axis die, farthest."""
    return float(shape.start + np.flatnonzero(shape.a > 0)[-1] * shape.step)


def half_lethal_width(shape: Shape) -> float:
    alive = shape.a > 0
    return float(np.sqrt(shape.a[alive] / shape.b[alive]).max())


def test_a_dense_cloud_takes_the_dense_model_and_a_thin_one_the_plume() -> None:
    heavy, thin = vapour.toxic_plume(toxic(), air()), vapour.toxic_plume(toxic(1e-4, Cloud("氯", 1e-4)), air(D5))
    assert (heavy.model, heavy.why) == (vapour.DENSE, vapour.IS_DENSE)
    assert (thin.model, thin.why) == (vapour.PLUME, vapour.NOT_DENSE)
    untold = vapour.toxic_plume(toxic(cloud=None), air())
    assert (untold.model, untold.why) == (vapour.PLUME, vapour.NOT_TOLD)


def test_a_light_gas_is_never_dense() -> None:
    ammonia = Cloud("氨", 0.1, temperature=293.15, jet=True)
    assert vapour.toxic_plume(toxic(cloud=ammonia), air()).model == vapour.PLUME


def test_cold_drops_make_ammonia_dense() -> None:
    cold = Cloud("氨", 0.1, liquid=0.8, jet=True)
    assert vapour.toxic_plume(toxic(cloud=cold), air()).model == vapour.DENSE


def test_a_dense_cloud_is_wider_and_in_stable_air_shorter_than_the_plume() -> None:
    heavy, plume = vapour.toxic_plume(toxic(), air()), vapour.toxic_plume(toxic(cloud=None), air())
    assert half_lethal_width(heavy.shape) > 2 * half_lethal_width(plume.shape)
    assert reach(heavy.shape) < reach(plume.shape)


def test_more_kills_farther() -> None:
    rates = [1.0, 3.0, 10.0, 30.0]
    reaches = [reach(vapour.toxic_plume(toxic(rate, replace(JET, area=0.01 * rate)), air()).shape) for rate in rates]
    assert reaches == sorted(reaches) and reaches[0] < reaches[-1]
    masses = [reach(vapour.toxic_puff(ToxicPuff(mass, CHLORINE, cloud=Cloud("氯", 100, liquid=0.5)), air()).shape)
              for mass in (500.0, 2000.0, 8000.0)]  # fmt: skip
    assert masses == sorted(masses) and masses[0] < masses[-1]


def test_a_sudden_release_is_a_puff_dense_or_passive() -> None:
    heavy = vapour.toxic_puff(ToxicPuff(2000, CHLORINE, cloud=Cloud("氯", 100, liquid=0.5)), air())
    passive = vapour.toxic_puff(ToxicPuff(2000, CHLORINE), air())
    assert (heavy.model, passive.model) == (vapour.DENSE, vapour.PUFF)
    assert reach(heavy.shape) > 50 and reach(passive.shape) > 50


def test_a_dense_flash_fire_is_wider_than_the_plumes() -> None:
    propane = Cloud("丙烷", 0.3, liquid=0.6, jet=True)
    flash = FlashFire(30, 0.0441, 0.021, 1.0)
    heavy = vapour.flash_fire(replace(flash, cloud=propane), air(D5))
    plume = vapour.flash_fire(flash, air(D5))
    widths = [float(np.max(np.where(one.shape.a > 0, one.shape.a / one.shape.b, 0)) ** 0.5) for one in (heavy, plume)]
    assert heavy.model == vapour.DENSE and widths[0] > widths[1]


def test_a_sudden_flash_fire_is_as_wide_as_the_puff_above_its_limit_and_wider_when_dense() -> None:
    flash = FlashPuff(1000, 0.0441, 0.021)
    passive = vapour.flash_puff(flash, air(D5))
    heavy = vapour.flash_puff(replace(flash, cloud=Cloud("丙烷", 100, liquid=0.5)), air(D5))
    widths = [float(np.max(np.where(one.shape.a > 0, one.shape.a / one.shape.b, 0)) ** 0.5) for one in (heavy, passive)]
    assert (heavy.model, passive.model) == (vapour.DENSE, vapour.PUFF) and widths[0] > widths[1]
    # the longest distance at which 2 M / ((2 pi)^1.5 sx sy sz) still meets the limit
    limit = 0.021 * 0.0441 / vapour.MOLAR_VOLUME
    x = np.arange(10.0, 2000.0, 0.5)
    sx, sy, sz = (each(x, "D", PuffWeather(5, "D").sigma_set) for each in (sigma.sigma_x, sigma.sigma_y, sigma.sigma_z))
    far = x[2000 / ((2 * np.pi) ** 1.5 * sx * sy * sz) >= limit][-1]
    assert reach(passive.shape) == pytest.approx(far, rel=0.01)
    assert reach(vapour.flash_puff(replace(flash, mass=8000), air(D5)).shape) > reach(passive.shape)


@pytest.mark.parametrize(("change", "said"), [({"mass": 0.0}, "mass"), ({"mass": float("nan")}, "mass"),
                                              ({"lower_limit": 1.5}, "lower flammable limit")])  # fmt: skip
def test_a_sudden_flash_fire_refuses_what_cannot_be(change: dict[str, float], said: str) -> None:
    with pytest.raises(OutOfRange, match=said):
        vapour.flash_puff(replace(FlashPuff(1000, 0.0441, 0.021), **change), air(D5))


def test_the_answer_of_a_dense_cloud_to_its_rate_is_asked_only_where_it_is_wanted() -> None:
    assert vapour.toxic_plume(toxic(), air()).slope == 0.0
    slope = vapour.toxic_plume(toxic(), air(slopes=True)).slope
    assert 0 < slope < 1.5 * 0.5 * 2.75


def test_footprints_of_dense_clouds_are_kept() -> None:
    kept = Air(F2, DAY, FootprintCache())
    vapour.toxic_plume(toxic(), kept)
    assert vapour.toxic_plume(toxic(), kept).model == vapour.DENSE
    assert (kept.kept.hits, kept.kept.misses) == (1, 1)


def park(*outcomes: Outcome) -> Source:
    return Source("氯库", 1000, 1000, (Scenario("孔", outcomes, frequency=1e-4),))


def scene(*outcomes: Outcome, skies: Sequence[WeatherClass] = (F2, D5)) -> assembly.Scene:
    given = reading([park(*outcomes)])
    run = replace(given.run, weather=replace(given.run.weather, classes=tuple(skies)))
    return assembly.build(replace(given, run=run), DAY)


def test_the_scene_says_which_model_made_each_footprint() -> None:
    used = scene(Outcome(toxic=toxic())).models
    assert [(one.weather, one.model) for one in used] == [("F2", vapour.DENSE), ("D5", vapour.DENSE)]


def test_the_air_of_the_weather_enters_the_dense_cloud() -> None:
    cold = replace(F2, temperature=263.15, humidity=0.2)
    warm, other = (scene(Outcome(toxic=toxic()), skies=(replace(sky, share=1.0),)) for sky in (F2, cold))
    assert not np.array_equal(warm.park.tables.ab, other.park.tables.ab)


def test_a_dense_park_gives_risk_and_uncertainty() -> None:
    given = reading([park(Outcome(toxic=toxic()))], uncertainty=Uncertainty(draws=10))
    whole, result, found = computed(given)
    assert result.risk.max() > 1e-6 and found.uncertain is not None
    assert float(whole.slope.max()) > 0


@pytest.mark.parametrize(
    ("cloud", "words"),
    [
        (Cloud("没有的物质", 1.0), "物质包里没有"),
        (Cloud("氯", 1e7), "area"),
        (Cloud("氯", 1.0, float("nan")), "temperature"),
    ],
)
def test_a_cloud_that_no_model_takes_is_refused_in_words(cloud: Cloud, words: str) -> None:
    with pytest.raises(BadRun, match=words):
        scene(Outcome(toxic=toxic(cloud=cloud)))


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), 1e9])
def test_a_rate_out_of_range_is_refused_whatever_the_model(rate: float) -> None:
    for cloud in (None, JET):
        with pytest.raises(OutOfRange):
            vapour.toxic_plume(toxic(rate, cloud), air())


def test_the_tables_of_a_dense_cloud_can_be_summed() -> None:
    shape = vapour.toxic_plume(toxic(), air()).shape
    assert np.isfinite(shape.a).all() and (shape.b > 0).all() and shape.step == 5.0


def test_the_file_of_a_run_takes_clouds(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "cases/park/run.yaml").read_text(encoding="utf-8")
    text = text.replace(
        "toxic: {rate: 0.8, duration: 1800,",
        "toxic: {rate: 8, duration: 1800, cloud: {substance: 氯, area: 0.1, liquid: 0.8, jet: true},",
    )
    (tmp_path / "run.yaml").write_text(text, encoding="utf-8")
    table = Path(__file__).parents[1] / "cases/park/population.csv"
    (tmp_path / "population.csv").write_bytes(table.read_bytes())
    whole = assembly.build(inputs.read(tmp_path / "run.yaml"), DAY)
    assert "重气（SLAB 方法） 2 个足迹" in report.models_used(whole)
