"""Texts of published cases: what they say counts as the numbers would, numbers win over words, the rest is refused."""

import pytest

from anlan.kernels.validity import OutOfRange
from anlan.kit.models.errors import ModelError
from anlan.kit.models.families import _case_words as words
from anlan.kit.models.families import _reference as reference
from anlan.kit.models.families._release_words import release
from anlan.kit.models.running import Quantity, run

LNG = "LNG 97.888 kg/s 174 s, T 111.15 K, rho 1.76 kg/m3, d 1 m"
BUTANE = "butane sphere 2 in hole 250 psig, 500 ft2 dike, concrete k=1.28 W/m/K alpha=6.6e-7 m2/s"
JET: dict[str, object] = {"species": "methane", "pressure_abs": 1e6, "temperature": 288.15, "orifice": 0.01}


def numbers(model: str, inputs: dict[str, object]) -> dict[str, Quantity]:
    return run(model, inputs).outputs


def test_air_in_words_is_the_air_in_numbers() -> None:
    said = numbers("jetfire", {**JET, "ambient": "10 degC 950 mbar RH 80 %, wind 5 m/s, vertical"})
    given = {"ambient_temperature": 283.15, "ambient_pressure": 95000, "relative_humidity": 0.8, "wind": 5}
    assert said == numbers("jetfire", {**JET, **given, "elevation": 90})


def test_a_number_wins_over_the_words() -> None:
    words_only = words.ambient("288.15 K 101325 Pa RH 0.5, horizontal")
    assert words_only == {
        "relative_humidity": 0.5,
        "ambient_pressure": 101325.0,
        "ambient_temperature": 288.15,
        "elevation": 0.0,
    }
    both = numbers("jetfire", {**JET, "ambient": "288.15 K, horizontal", "elevation": 90})
    assert both == numbers("jetfire", {**JET, "elevation": 90})


@pytest.mark.parametrize(
    "said", ["foggy", "288.15 K 300 K", "RH 0.5, sideways", "horizontal vertical upwards 5 bananas"]
)
def test_other_air_is_refused(said: str) -> None:
    with pytest.raises(OutOfRange, match="ambient"):
        words.ambient(said)


def test_a_fuel_in_words_is_its_numbers() -> None:
    found = words.fuel(LNG)
    assert found is not None and found.name == "methane"
    assert found.numbers == {"rate": 97.888, "duration": 174, "temperature": 111.15, "density": 1.76, "diameter": 1}
    assert words.fuel("7664-41-7") == words.FuelRelease("7664-41-7", {})


def test_a_dense_cloud_follows_the_words_and_stands_while_it_is_fed() -> None:
    base: dict[str, object] = {"fuel": LNG, "u": 10.9, "T_amb": 298, "class": "F", "x": 14}
    at_rest = [
        numbers("dispersion/slab", {**base, "z0": 0.1, "t": t})["conc_centreline_z0"].value for t in (10, 90, 170)
    ]
    assert at_rest == pytest.approx([at_rest[0]] * 3, rel=1e-3) and at_rest[0] > 0.3  # type: ignore[operator]
    with pytest.raises(ModelError, match="as missing"):
        run("dispersion/slab", {**base, "fuel": "methane"})


def test_g0_from_the_cloud_density_is_that_of_the_density_or_meets_alpha_and_rate() -> None:
    base: dict[str, object] = {"T_amb": 298.15, "u10": 5.0, "mass_rate": 50.0, "LFL": 0.02}
    plain = numbers("dispersion/britter-mcquaid", {**base, "rho0": 8.0})
    assert numbers("dispersion/britter-mcquaid", {**base, "rho0": 8.0, "g0": "from cloud density"}) == plain
    back = numbers("dispersion/britter-mcquaid", {**base, "alpha": plain["alpha"].value, "g0": "from cloud density"})
    assert back["Ri"].value == pytest.approx(plain["Ri"].value, rel=1e-9)
    with pytest.raises(ModelError, match="alpha and a mass rate"):
        run("dispersion/britter-mcquaid", {**base, "mass_rate": None, "g0": "from cloud density"})
    with pytest.raises(ModelError, match="not understood"):
        run("dispersion/britter-mcquaid", {**base, "rho0": 8.0, "g0": "heavy"})


def test_a_class_may_bring_its_exponent() -> None:
    assert words.class_and_exponent("F p=0.55") == ("F", 0.55)
    for said in ("G", "F p=x", "", "F p="):
        with pytest.raises(OutOfRange, match=r"class|stability"):
            words.class_and_exponent(said)


def test_a_leak_in_words_gives_rate_flash_and_drops_and_numbers_win() -> None:
    said = numbers("source/airborne-quantity", {"scenario": BUTANE, "duration": 600})
    assert said["mass_rate"].value == pytest.approx(56.3, rel=0.01)
    wider = numbers("source/airborne-quantity", {"scenario": BUTANE.replace("2 in", "4 in"), "duration": 600})
    assert wider["mass_rate"].value > 3.8 * said["mass_rate"].value  # type: ignore[operator]
    own = numbers("source/airborne-quantity", {"scenario": BUTANE, "duration": 600, "mass_rate": 10})
    assert own["released_mass"].value == 6000


@pytest.mark.parametrize("said", ["a big tank", BUTANE + ", raining", BUTANE.replace("butane", "unobtainium"), "nan"])
def test_other_leaks_are_refused(said: str) -> None:
    with pytest.raises(ModelError):
        run("source/airborne-quantity", {"scenario": said, "duration": 600})


def test_harm_and_people_in_words() -> None:
    assert words.harm("Eisenberg 30 s; TNO head; BST Mf 0.35; yuce") == words.Harm("eisenberg", 30.0, 0.35)
    assert words.harm("Lees; BST Mf 0.2") == words.Harm("lees", None, 0.2)
    assert words.people("9 positions, 2000 h each") == (9, 2000.0)
    with pytest.raises(OutOfRange, match="garlic"):
        words.harm("Eisenberg 30 s; garlic")
    with pytest.raises(OutOfRange, match="occupants"):
        words.people("many people")


def test_an_example_supplies_inputs_and_only_to_its_model() -> None:
    far: dict[str, object] = {"distance_from_centre": 100, "transmissivity": 0.7, "all": "as pf-yb-*"}
    assert numbers("poolfire/flux", {**far, "wind_10m": 0})["heat_flux"] != numbers("poolfire/flux", far)["heat_flux"]
    assert release("dispersion/gaussian-plume", "as disp-gauss-elevated").numbers["Q"] == 0.1
    assert reference.named("poolfire/flux", "as disp-gauss-elevated") is None
    with pytest.raises(ModelError, match="as pf-yb"):
        run("poolfire/flux", {**far, "all": "as somewhere"})
    with pytest.raises(ModelError, match="diameter"):
        run("poolfire/flux", {"distance_from_centre": 100, "transmissivity": 0.7})


def test_people_without_places_need_an_example() -> None:
    site: dict[str, object] = {"species": "H2", "P": 35e6, "T": 288.15, "pipe_id": 0.006, "components": {"valve": 1}}
    with pytest.raises(ModelError, match="positions missing"):
        run("qra/full-site", {**site, "occupants": "3 positions, 2000 h each"})
    with pytest.raises(ModelError, match="3 positions, but 1"):
        run("qra/full-site", {**site, "occupants": "3 positions, 2000 h each", "positions": [[1, 0, 0]]})


def test_every_example_names_a_model_and_its_source() -> None:
    from anlan.kit.models.describe import describe

    for one in reference.scenarios():
        assert one.source and all(text == text.lower() for text in one.words)
        known = {field.name for field in describe(one.model).inputs}
        extra = {"liquid_head", "temperature", "cd", "drop_diameter", "critical_diameter"}
        assert set(one.inputs) <= known | extra
