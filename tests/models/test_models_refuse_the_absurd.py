"""What cannot be is refused in words by every model that was once too patient: no risk of nothing, no sea of fire."""

import pytest

from anlan.kit.models.errors import ModelError
from anlan.kit.models.running import run

PUFF = {"mass": 1, "u": 2, "class": "F", "h": 0, "point": [500, 0, 0], "t": 250}
CLOUD = {"V0": 72500, "rho0": 1.434, "c0": 0.061, "u10": 2, "T_amb": 293, "x": 2500}
POOL = {"area": 50, "T_boil": 240, "heat_of_vaporisation": 1.3e6, "T_ground": 288, "water_heat_transfer": 500}
DENSE = {"release": "instantaneous", "substance": "7782-50-5", "mass": 5000, "u": 3, "class": "D"}
JET = "vertical jet d=1.2.3 m v=1 m/s h=10 m T=298 K"
EVAPORATION = {"diameter": 10, "wind_10m": 3, "molar_mass": 0.05, "temperature": 300}


@pytest.mark.parametrize(
    ("model", "inputs", "word"),
    [
        ("dispersion/puff", {**PUFF, "mass": 1e30}, "mass"),
        ("dispersion/puff", {**PUFF, "u": 1e-300}, "wind"),
        ("dispersion/britter-mcquaid", {**CLOUD, "t": 1e30}, "t ="),
        ("dispersion/britter-mcquaid", {**CLOUD, "x": 1e30}, "x ="),
        ("dispersion/gaussian-plume", {"Q": 1e30, "u": 2, "class": "D", "x": 100}, "1e\\+30"),
        ("dispersion/gaussian-plume", {"Q": 1, "u": 2, "class": "D", "release": JET}, "release"),
        ("dispersion/dense-gas", {**DENSE, "diameter": 1e300}, "diameter"),
        ("dispersion/plume-rise", {"Fb": 50, "u": 1e-300, "x": 50}, "wind"),
        ("domino/sum", {"primary_f": 1e300, "escalation_p": [0.3]}, "primary frequency"),
        ("pool/boiling", {**POOL, "time": 1e30}, "time"),
        ("pool/evaporation", {**EVAPORATION, "vapour_pressure": 2e5}, "boils"),
        ("probit/toxic", {"a": -1e30, "b": 1.85, "n": 2.0, "C unit": "ppm"}, "a ="),
        ("qra/cba", {"fatality_benefit_etc": [1e30], "DF": 10}, "benefit"),
        ("qra/fn-curve", {"scenarios": []}, "empty"),
        ("qra/metrics", {"freq": [], "fatalities": []}, "empty"),
        ("qra/metrics", {"PLL": 1e30, "occupants": 9}, "potential loss"),
        ("qra/event-tree", {"branch_probs": []}, "empty"),
        ("radiation/point-source", {"power": 1e7, "distance": 1e-12}, "distance"),
        ("source/liquid-hole", {"hole_diameter": 0.01, "density": 1e-300, "pressure_gauge": 7e5}, "density"),
    ],
)
def test_the_absurd_is_refused_in_words(model: str, inputs: dict[str, object], word: str) -> None:
    with pytest.raises(ModelError, match=word) as refusal:
        run(model, inputs)
    assert "算不出结果" not in str(refusal.value)
