"""Every model of fire, explosion, harm and domino runs with good inputs, and refuses out-of-range ones and NaN."""

from collections.abc import Mapping

import pytest

from anlan.kit.models.errors import ModelError
from anlan.kit.models.running import run

GOOD: dict[str, Mapping[str, object]] = {
    "radiation/transmissivity": {"T": 288, "RH": 0.5, "path": [10, 100]},
    "radiation/view-factor": {"a=L/R": 2, "b=X/R": 4, "tilt": 30},
    "radiation/view-factor-horizontal": {"length": 20, "radius": 2, "distance": 10},
    "radiation/view-factor-sphere": {"radius": 50, "distance": 200, "angle": 20},
    "radiation/point-source": {"power": 5e6, "distance": 30, "T": 288, "RH": 0.5},
    "poolfire/burning-rate": {"m_inf": 0.055, "k_beta": 2.1, "diameter": 2},
    "poolfire/geometry": {"diameter": 20, "wind_10m": 5, "burning_flux": 0.06, "vapour_density": 2.7},
    "poolfire/sep": {
        "radiative_fraction": 0.4,
        "heat_of_combustion": 4e7,
        "length_to_diameter": 1.1,
        "burning_flux": 0.08,
        "diameter": 20,
    },
    "poolfire/flux": {
        "distance_from_centre": 80,
        "transmissivity": 0.7,
        "diameter": 20,
        "burning_flux": 0.08,
        "heat_of_combustion": 4e7,
    },
    "poolfire/chain": {
        "diameter": 20,
        "m_inf": 0.08,
        "k_beta": 2.7,
        "heat_of_combustion": 4e7,
        "distances": [40, 80],
        "wind_10m": 4,
        "vapour_density": 2.7,
    },
    "jetfire": {
        "species": "methane",
        "pressure_abs": 5e6,
        "temperature": 288.15,
        "orifice": 0.01,
        "receptors": [[30, 0, 0]],
    },
    "jetfire/solid-flame": {
        "mass_rate": 5,
        "velocity": 400,
        "density": 1.2,
        "molar_mass": 0.016,
        "heat_of_combustion": 5e7,
        "wind": 3,
        "receptors": [[60, 0, 0]],
    },
    "jetfire/api521": {
        "mass_rate": 5,
        "heat_of_combustion": 5e7,
        "radiant_fraction": 0.2,
        "receptors": [[60, 0, 0]],
    },
    "bleve/geometry": {"mass": 20000, "correlation": "hasegawa-sato"},
    "bleve/sep": {"heat_of_combustion": 4.6e7, "mass": 2e4, "burst_pressure": 1.5e6},
    "bleve/dose": {"mass": 20000, "heat_of_combustion": 4.6e7, "distances": [100, 300], "exposure": 10},
    "bleve/plausibility": {
        "mass": 1e6,
        "serious_dose": 6e6,
        "lethal_dose": 1e7,
        "lethal_overpressure": 14000,
        "serious_overpressure": 5000,
    },
    "explosion/tnt": {"flammable_mass": 100, "heat_of_combustion": 4.6e7, "yield": 0.05, "distance": 80},
    "explosion/kinney-graham": {"tnt_mass": 10, "distance": 20},
    "explosion/tno-multienergy": {"classes": [5, 7], "distance": 80, "volume": 3000},
    "explosion/bst": {
        "flammable_mass": 100,
        "heat_of_combustion": 4.6e7,
        "expansion": "2.5D",
        "reactivity": "medium",
        "congestion": "high",
        "distance": 80,
    },
    "explosion/vessel-burst": {"pressure_abs": 2e6, "volume": 20, "distances": [5, 20, 60]},
    "explosion/fragments": {"energy": 5e7, "vessel_mass": 4000, "fragment_mass": 200, "fragment_area": 0.5},
    "flashfire/extent": {"distances": [1, 50, 100], "concentrations": [0.5, 0.05, 0.01], "LFL": 0.03},
    "probit/thermal": {"flux": 15000, "time": 30, "probit": "tno"},
    "probit/overpressure": {"dp": 3e4, "impulse": 2000, "probit": "lung"},
    "probit/toxic": {"a": -6.35, "b": 0.5, "n": 2.75, "C": 500, "t": 30, "molar_mass": 0.0709},
    "domino/thermal-escalation": {"I": 60, "V": 50, "equipment": "pressurised", "fire_duration": 1800},
    "domino/overpressure-escalation": {"dp": 4e4, "equipment": "small"},
    "domino/sum": {"primary_f": 1e-5, "escalation_p": [0.3, 0.2, 0.1]},
    "domino/chain": {"primary": "T1", "primary_f": 1e-5, "escalation": {"T1": {"T2": 0.3}, "T2": {"T3": 0.1}}},
}

#: One number that no one can mean, by model: name and value.
BAD: dict[str, tuple[str, object]] = {
    "radiation/transmissivity": ("RH", 1.5),
    "radiation/view-factor": ("b=X/R", 0.5),
    "radiation/view-factor-horizontal": ("distance", 1),
    "radiation/view-factor-sphere": ("distance", 20),
    "radiation/point-source": ("distance", 0),
    "poolfire/burning-rate": ("diameter", 0.01),
    "poolfire/geometry": ("wind_10m", -2),
    "poolfire/sep": ("radiative_fraction", 1.4),
    "poolfire/flux": ("transmissivity", 1.1),
    "poolfire/chain": ("distances", [5]),
    "jetfire": ("orifice", 0),
    "jetfire/solid-flame": ("wind", 100),
    "jetfire/api521": ("radiant_fraction", 0),
    "bleve/geometry": ("mass", 0),
    "bleve/sep": ("heat_of_combustion", 0),
    "bleve/dose": ("radiative_fraction", 0.9),
    "bleve/plausibility": ("lethal_dose", 0),
    "explosion/tnt": ("yield", 2),
    "explosion/kinney-graham": ("distance", 0.01),
    "explosion/tno-multienergy": ("classes", [11]),
    "explosion/bst": ("distance", 1e5),
    "explosion/vessel-burst": ("pressure_abs", 5e4),
    "explosion/fragments": ("energy_share", 0),
    "flashfire/extent": ("LFL", 0),
    "probit/thermal": ("flux", -5),
    "probit/overpressure": ("impulse", 0),
    "probit/toxic": ("n", 0),
    "domino/thermal-escalation": ("V", 1e5),
    "domino/overpressure-escalation": ("dp", -1),
    "domino/sum": ("primary_f", -1),
    "domino/chain": ("orders", 0),
}


def numeric(inputs: Mapping[str, object]) -> list[str]:
    return [name for name, value in inputs.items() if isinstance(value, int | float)]


@pytest.mark.parametrize("name", GOOD)
def test_the_model_runs(name: str) -> None:
    assert run(name, GOOD[name]).outputs


@pytest.mark.parametrize("name", GOOD)
def test_the_model_refuses_what_is_out_of_range(name: str) -> None:
    changed, value = BAD[name]
    with pytest.raises(ModelError):
        run(name, {**GOOD[name], changed: value})


@pytest.mark.parametrize(("name", "changed"), [(name, each) for name in GOOD for each in numeric(GOOD[name])])
def test_nan_in_any_input_refuses(name: str, changed: str) -> None:
    with pytest.raises(ModelError):
        run(name, {**GOOD[name], changed: float("nan")})


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("probit/thermal", {"dose": 1e7, "probit": "eisenburg"}),
        ("probit/thermal", {"dose": 1e7, "probit": "lees -12.8+2.56 ln(t I^4/3)"}),
        ("probit/thermal", {"flux": 1e4}),
        ("probit/toxic", {"a": -8.29, "b": 0.92, "n": 2, "C unit": "ppm", "C": 100, "t": 10}),
        ("probit/overpressure", {"dp": 1e4, "probit": "lung"}),
        ("explosion/tnt", {"flammable_mass": 5}),
        ("explosion/bst", {"Mf": 1.0}),
        ("explosion/tno-multienergy", {"classes": [5]}),
        ("bleve/plausibility", {"serious_dose": 6e6, "lethal_dose": 1e7}),
        ("domino/thermal-escalation", {"I": 60, "V": 50, "equipment": "barrel"}),
        ("poolfire/burning-rate", {"diameter": 5}),
        ("poolfire/sep", {"radiative_fraction": 0.4}),
        ("radiation/view-factor", {"a=L/R": 2, "h=L/R": 2, "b=X/R": 3}),
        ("jetfire", {"species": "air", "pressure_abs": 5e6, "temperature": 288, "orifice": 0.01}),
    ],
)
def test_too_few_too_many_and_unknown_inputs_refuse(name: str, inputs: Mapping[str, object]) -> None:
    with pytest.raises(ModelError):
        run(name, inputs)
