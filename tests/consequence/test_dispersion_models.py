"""The dispersion models by name: what they say together, and that each refuses what cannot be."""

import pytest

from anlan.kit.models.errors import ModelError
from anlan.kit.models.running import run

NAN = float("nan")
Inputs = dict[str, object]
GOOD: dict[str, Inputs] = {
    "dispersion/sigma": {"class": "D", "x": 500},
    "dispersion/wind-profile": {"class": "D", "u_ref": 3, "z": 20},
    "dispersion/monin-obukhov": {"class": "F", "z0": 0.1},
    "dispersion/mixing-height": {"class": "D", "u10": 3},
    "dispersion/pasquill-class": {"u10": 3, "sun_elevation": 40, "cloud_eighths": 2},
    "dispersion/pasquill-class-gb": {"u10": 3, "total_cloud": 6, "low_cloud": 2, "sun_elevation": 40},
    "dispersion/plume-rise": {"Fb": 50, "u": 4, "x": 100},
    "dispersion/gaussian-plume": {"class": "D", "u": 3, "Q": 1, "x": 500},
    "dispersion/gaussian-mixing-layer": {"class": "D", "u10": 3, "Q": 1, "point": [500, 0, 0]},
    "dispersion/threshold-distance": {"class": "D", "u": 3, "Q": 1, "threshold": 1e-5},
    "dispersion/puff": {"class": "D", "u": 3, "mass": 1, "point": [500, 0, 0], "t": 160},
    "dispersion/short-duration": {"class": "D", "u": 3, "Q": 1, "duration": 60, "point": [500, 0, 0], "t": 180},
    "dispersion/dose": {"class": "D", "u": 3, "Q": 1, "duration": 60, "point": [500, 0, 0]},
    "dispersion/puff-train": {
        "class": "D", "u": 3, "times": [0, 60], "rates": [1, 0], "point": [500, 0, 0], "t": [150, 180],
    },
    "dispersion/britter-mcquaid": {"mass_rate": 50, "rho0": 3, "u10": 4, "T_amb": 288, "x": 200},
    "dispersion/jet": {"orifice": 0.01, "molar_mass": 0.016, "T_release": 288, "pressure": 5e6, "gamma": 1.31, "x": 5},
}  # fmt: skip
NUMBERS = [
    (name, key) for name, inputs in GOOD.items() for key, value in inputs.items() if isinstance(value, int | float)
]


@pytest.mark.parametrize("name", GOOD)
def test_the_model_answers(name: str) -> None:
    assert run(name, GOOD[name]).outputs


@pytest.mark.parametrize(("name", "key"), NUMBERS)
def test_nan_is_refused_everywhere(name: str, key: str) -> None:
    with pytest.raises(ModelError):
        run(name, {**GOOD[name], key: NAN})


@pytest.mark.parametrize("name", [name for name, inputs in GOOD.items() if "class" in inputs])
@pytest.mark.parametrize("stability", ["G", "", "d"])
def test_an_unknown_class_is_refused(name: str, stability: str) -> None:
    with pytest.raises(ModelError):
        run(name, {**GOOD[name], "class": stability})


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("dispersion/sigma", {"x": 0}),
        ("dispersion/sigma", {"set": "brigs"}),
        ("dispersion/wind-profile", {"u_ref": 0}),
        ("dispersion/wind-profile", {"z": -1}),
        ("dispersion/monin-obukhov", {"z0": 0}),
        ("dispersion/mixing-height", {"class": "F"}),
        ("dispersion/pasquill-class", {"u10": -1}),
        ("dispersion/pasquill-class", {"sun_elevation": 100}),
        ("dispersion/pasquill-class-gb", {"low_cloud": 7}),
        ("dispersion/pasquill-class-gb", {"total_cloud": 11}),
        ("dispersion/plume-rise", {"u": 0}),
        ("dispersion/plume-rise", {"Fb": -1}),
        ("dispersion/gaussian-plume", {"u": 0}),
        ("dispersion/gaussian-plume", {"x": 0}),
        ("dispersion/gaussian-plume", {"levels": [1e-4]}),
        ("dispersion/gaussian-plume", {"plume_rise": "Briggs"}),
        ("dispersion/gaussian-plume", {"point": [1, 2]}),
        ("dispersion/gaussian-mixing-layer", {"h": 5000}),
        ("dispersion/gaussian-mixing-layer", {"gas_density": 0}),
        ("dispersion/threshold-distance", {"threshold": 0}),
        ("dispersion/threshold-distance", {"set": "tno-puff"}),
        ("dispersion/puff", {"t": 0}),
        ("dispersion/short-duration", {"duration": 0}),
        ("dispersion/dose", {"exponent": 0}),
        ("dispersion/puff-train", {"rates": [1, -1]}),
        ("dispersion/puff-train", {"times": [0]}),
        ("dispersion/britter-mcquaid", {"rho0": 1.0}),
        ("dispersion/britter-mcquaid", {"x": 0}),
        ("dispersion/britter-mcquaid", {"u10": 0}),
        ("dispersion/jet", {"pressure": 5e4}),
        ("dispersion/jet", {"x": 0}),
    ],
)
def test_what_cannot_be_is_refused(name: str, bad: Inputs) -> None:
    with pytest.raises(ModelError):
        run(name, {**GOOD[name], **bad})


def test_the_threshold_distance_is_where_the_plume_has_the_threshold() -> None:
    far = run("dispersion/threshold-distance", GOOD["dispersion/threshold-distance"]).outputs["farthest"].value
    there = run("dispersion/gaussian-plume", {**GOOD["dispersion/gaussian-plume"], "x": far}).outputs["conc"].value
    assert there == pytest.approx(1e-5, rel=1e-6)


def test_the_mixing_layer_without_a_lid_is_the_plume() -> None:
    stable: Inputs = {"class": "F", "Q": 1, "u10": 3, "set": "briggs-rural", "point": [500, 0, 0]}
    free = run("dispersion/gaussian-mixing-layer", stable).outputs
    plume = run("dispersion/gaussian-plume", stable).outputs
    assert "mixing_height" not in free
    assert free["mass_conc"].value == pytest.approx(plume["conc"].value)


def test_a_release_without_wind_or_density_says_what_is_missing() -> None:
    with pytest.raises(ModelError, match="u10"):
        run("dispersion/gaussian-plume", {"Q": 1, "class": "D", "x": 100})
    with pytest.raises(ModelError, match="density"):
        run("dispersion/britter-mcquaid", {"mass_rate": 1, "T_amb": 288, "u10": 3})
