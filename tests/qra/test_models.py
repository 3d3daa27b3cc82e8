"""The models of quantitative risk by their names: what they refuse, and what follows from what."""

import math
from collections.abc import Mapping
from datetime import date

import pytest

from anlan.kernels.validity import OutOfRange
from anlan.kit.models.families import qra
from anlan.kit.park.assembly import leak_frequency
from anlan.kit.park.inputs import Leak
from anlan.packs.families import leak_frequencies, societal_criteria

TODAY = date(2026, 11, 22)


def test_metrics_follow_from_one_another() -> None:
    found = qra.metrics(freq=[1e-5, 2e-5], fatalities=[0.1, 0.2], occupants=9, hours=2000)
    assert found["FAR"] == pytest.approx(5e-6 * 1e8 / (9 * 8760))
    assert found["AIR"] == pytest.approx(5e-6 * 2000 / (9 * 8760))


@pytest.mark.parametrize(
    "given", [{}, {"freq": [1e-5]}, {"PLL": 1e-5}, {"PLL": 1e-5, "occupants": 0.0}, {"FAR": math.nan, "hours": 10.0}]
)
def test_metrics_refuse_what_does_not_suffice(given: Mapping[str, object]) -> None:
    with pytest.raises(ValueError):
        qra.metrics(**given)  # type: ignore[arg-type]  # as the model's caller gives it


def test_the_curve_is_given_at_the_numbers_asked_for() -> None:
    found = qra.fn_curve(scenarios=[[1e-4, 2.5], [1e-5, 40]], N=[1, 10, 100])
    assert found == pytest.approx({"F(N>=1)": 1.1e-4, "F(N>=10)": 1e-5, "F(N>=100)": 0, "PLL": 6.5e-4})
    for wrong in ([[1e-4]], [[math.nan, 1]], [[1e-4, -1]]):
        with pytest.raises(OutOfRange):
            qra.fn_curve(scenarios=wrong)


def test_a_criterion_is_a_line_of_the_pack_or_one_through_a_point() -> None:
    assert qra.fn_criterion(N=500)["F_limit"] == pytest.approx(2e-5)
    assert qra.fn_criterion(N=100, criterion="荷兰 Bevi")["F_limit"] == pytest.approx(1e-7)
    assert qra.fn_criterion(N=100, anchor_N=10, anchor_F=1e-4, slope=-2)["F_limit"] == pytest.approx(1e-6)
    with pytest.raises(ValueError, match="HSE R2P2"):
        qra.fn_criterion(N=10, criterion="none")
    with pytest.raises(ValueError, match="both"):
        qra.fn_criterion(N=10, anchor_N=10)
    for n in (math.nan, 0.0, -1.0):
        with pytest.raises(OutOfRange):
            qra.fn_criterion(N=n)
    with pytest.raises(OutOfRange, match="reach"):
        qra.fn_criterion(N=2, criterion="荷兰 Bevi")


def test_each_model_refuses_nan_and_what_is_out_of_range() -> None:
    for value in (math.nan, -0.5):
        with pytest.raises(OutOfRange):
            qra.event_tree(branch_probs=[value])
        with pytest.raises(OutOfRange):
            qra.ignition(n=value, w=1, t=1)
        with pytest.raises(OutOfRange):
            qra.cba(fatality_benefit_etc=[value], DF=10)
        with pytest.raises(OutOfRange):
            qra.individual_risk_gridpoint(
                loc_frequency=1e-6, P_M_P_phi=0.1, n_wind_sectors=12, R=value, PI=10, P_cl=0.5
            )


def test_every_leak_of_the_pack_is_rarer_the_larger_it_is() -> None:
    pack = leak_frequencies.load(TODAY)
    for equipment in pack.equipment:
        holes = pack.holes(equipment.code)
        assert holes, equipment.code
        if "rupture" in holes and "10mm" in holes:
            assert holes["rupture"].frequency < holes["10mm"].frequency
        if {"rupture", "leak"} <= holes.keys():
            assert holes["rupture"].frequency < holes["leak"].frequency


def test_pipes_count_by_their_length_in_the_unit_of_their_source() -> None:
    assert leak_frequency(Leak("pipe-large", "rupture", 500), TODAY) == pytest.approx(5e-5)
    per_foot = leak_frequency(Leak("api-pipe-100", "rupture", 0.3048), TODAY)
    assert per_foot == pytest.approx(7e-8)
    with pytest.raises(KeyError, match="amount"):
        leak_frequency(Leak("pipe-large", "rupture", math.nan), TODAY)


def test_every_societal_line_falls_and_says_its_source() -> None:
    for one in societal_criteria.load(TODAY).lines:
        line = one.as_line()
        assert one.source and float(line.at(one.least)) > float(line.at(one.least * 2))
