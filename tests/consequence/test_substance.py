"""The frozen table of substances: its properties, its refusals, the user's own rows, and the toxic packs."""

import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from anlan.kernels.consequence.substance import FORMS, Correlation, Substance
from anlan.kernels.validity import OutOfRange
from anlan.packs import loader
from anlan.packs.families import major_installations, substances, toxic_probits, toxic_thresholds
from anlan.packs.loader import load_as

TODAY = date(2026, 11, 1)
ALL = list(substances.load(TODAY).values())


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("ANLAN_PACKS", str(tmp_path))
    loader.forget()
    (tmp_path / "chemicals").mkdir()
    yield tmp_path / "chemicals"
    loader.forget()


def test_every_named_substance_of_gb18218_has_a_row_or_a_reason() -> None:
    body = load_as(substances.Substances, substances.SHIPPED, TODAY).body
    have, lacking = {row.cas for row in body.substances}, {row.no: row.reason for row in body.lacking}
    for named in major_installations.load(TODAY).substances:
        assert have & set(named.cas) or lacking.get(named.no), named.name


@pytest.mark.parametrize("substance", ALL, ids=lambda each: each.name_en)
def test_every_fit_is_positive_over_its_range_and_good_to_five_percent(substance: Substance) -> None:
    for name, fit in substance.correlations.items():
        values = substance.property(name, np.linspace(fit.low, fit.high, 50))
        assert (values > 0).all(), name
        assert fit.max_error < 0.05, name


@pytest.mark.parametrize("substance", ALL, ids=lambda each: each.name_en)
def test_vapour_pressure_grows_and_is_one_atmosphere_at_the_boiling_point(substance: Substance) -> None:
    fit = substance.correlation("vapour_pressure")
    values = substance.vapour_pressure(np.linspace(fit.low, fit.high, 50))
    assert (np.diff(values) > 0).all()
    if fit.low <= substance.boiling_temperature <= fit.high:
        assert float(substance.vapour_pressure(substance.boiling_temperature)) == pytest.approx(101325, rel=0.05)


@pytest.mark.parametrize("substance", ALL, ids=lambda each: each.name_en)
def test_clapeyron_ties_the_heat_of_vaporisation_to_the_vapour_pressure(substance: Substance) -> None:
    """h = (v_v - v_l) T dp/dT with an ideal vapour; what associates or is a quantum gas is excepted."""
    pressure, heat = substance.correlation("vapour_pressure"), substance.correlation("heat_of_vaporisation")
    kelvin = min(substance.boiling_temperature, 0.999 * pressure.high)
    ideal_vapour = substance.name_en not in {"hydrogen fluoride", "acetic acid", "nitrogen dioxide", "hydrogen"}
    estimated = "估算" in heat.basis or "估算" in pressure.basis
    if not (pressure.low < kelvin < pressure.high and heat.low < kelvin < heat.high) or estimated or not ideal_vapour:
        return
    low, high = substance.vapour_pressure(kelvin * 0.999), substance.vapour_pressure(kelvin * 1.001)
    slope = float(np.log(high / low)) / (0.002 * kelvin)
    assert substance.gas_constant() * kelvin**2 * slope == pytest.approx(
        float(substance.heat_of_vaporisation(kelvin)), rel=0.12
    )


@pytest.mark.parametrize(
    ("name", "kelvin", "density", "heat"),
    [("水", 298.15, 997.05, 2.4417e6), ("ammonia", 239.82, 681.97, 1.3696e6), ("propane", 231.04, 580.9, 4.256e5)],
)
def test_known_values(name: str, kelvin: float, density: float, heat: float) -> None:
    """NIST Chemistry WebBook, saturation tables."""
    found = substances.find(name, TODAY)
    assert float(found.liquid_density(kelvin)) == pytest.approx(density, rel=3e-3)
    assert float(found.heat_of_vaporisation(kelvin)) == pytest.approx(heat, rel=3e-3)


def test_boiling_is_the_inverse_of_vapour_pressure() -> None:
    for found in ALL:
        fit = found.correlation("vapour_pressure")
        kelvin = 0.5 * (fit.low + fit.high)
        assert found.saturation_temperature(float(found.vapour_pressure(kelvin))) == pytest.approx(kelvin, abs=1e-5)


def test_what_does_not_burn_has_no_heat_of_combustion() -> None:
    for cas in ("7782-50-5", "7726-95-6", "7697-37-2", "7446-11-9"):
        assert not substances.load(TODAY)[cas].is_fuel()
    fuels = [each for each in ALL if each.is_fuel()]
    assert len(fuels) > 40
    assert substances.find("甲烷", TODAY).heat_of_combustion == pytest.approx(50.0e6, rel=0.01)


def test_limits_of_flammability_lie_in_order() -> None:
    for each in ALL:
        if each.lower_flammable_limit and each.upper_flammable_limit:
            assert 0 < each.lower_flammable_limit < each.upper_flammable_limit <= 1, each.name_en


@pytest.mark.parametrize("kelvin", [1.0, 2000.0, math.nan, math.inf])
def test_outside_its_fit_a_property_refuses(kelvin: float) -> None:
    for name in FORMS:
        with pytest.raises(OutOfRange, match=name):
            ALL[0].property(name, kelvin)


def test_an_unknown_property_or_a_missing_fit_says_what_there_is() -> None:
    with pytest.raises(OutOfRange, match="known: vapour_pressure"):
        ALL[0].property("colour", 300)
    bare = Substance("1-1-1", "物", "thing", 0.1, 300, 500, 4e6, 0.2, {})
    with pytest.raises(OutOfRange, match="has no liquid_density"):
        bare.liquid_density(300)


def test_a_gas_density_is_that_of_an_ideal_gas_over_z() -> None:
    methane = substances.find("methane", TODAY)
    assert methane.gas_density(101325, 288.15) == pytest.approx(0.6785, rel=1e-3)
    assert methane.gas_density(101325, 288.15, 0.9) == pytest.approx(0.6785 / 0.9, rel=1e-3)
    assert Correlation(1, 2, (1.0,), 0.0, "").high == 2


def test_the_users_own_rows_add_and_replace(packs: Path) -> None:
    (packs / "substances_own.yaml").write_text(
        "id: chemicals/substances_own\ntitle: 自有\nstandard: 无\nclause: 无\nvalid_from: 2020-01-01\nvalid_to: null\n"
        "source: 厂家\nconfidence: product\n"
        "substances:\n"
        "  - {cas: '99-99-9', name_zh: 自有溶剂, name_en: own solvent, molar_mass: 0.1, boiling_temperature: 380,"
        " critical_temperature: 560, critical_pressure: 4.0e+6, acentric_factor: 0.3}\n"
        "correlations:\n"
        "  - {cas: '99-99-9', property: liquid_density, low: 250, high: 400, max_error: 0.01, basis: 厂家,"
        " coefficients: [800.0, 0, 0, 0, 0]}\n",
        encoding="utf-8",
    )
    found = substances.find("自有溶剂", TODAY)
    assert float(found.liquid_density(300)) == pytest.approx(800)
    assert substances.find("氯", TODAY).cas == "7782-50-5"


def test_aegl_fall_with_time_and_rise_with_level() -> None:
    values = {(one.cas, str(one.kind), one.minutes): one.ppm for one in toxic_thresholds.load(TODAY)}
    for (cas, kind, minutes), ppm in values.items():
        longer = {10: 30, 30: 60, 60: 240, 240: 480}.get(minutes or 0)
        if kind.startswith("AEGL") and longer:
            assert values[cas, kind, longer] <= ppm
        higher = values.get((cas, f"{kind[:-1]}{int(kind[-1]) + 1}", minutes)) if kind[-1].isdigit() else None
        assert higher is None or higher > ppm


def test_every_threshold_and_probit_belongs_to_a_substance_and_names_its_source() -> None:
    known = substances.load(TODAY)
    named = [(one.cas, one.source, one.confidence) for one in toxic_thresholds.load(TODAY)]
    named += [(one.cas, one.source, one.confidence) for one in toxic_probits.load(TODAY)]
    for cas, source, confidence in named:
        assert cas in known
        assert source and confidence in ("memory", "read")


def test_families_of_probits_are_not_mixed() -> None:
    lees = toxic_probits.find("7782-50-5", "lees", TODAY)
    purple = toxic_probits.find("7782-50-5", "purple-book", TODAY)
    assert lees and purple
    assert (lees.a, lees.b, lees.n, lees.concentration_unit) == (-8.29, 0.92, 2, "ppm")
    assert (purple.a, purple.b, purple.n, purple.concentration_unit) == (-6.35, 0.5, 2.75, "mg/m3")
    assert toxic_probits.find("7782-50-5", "own", TODAY) is None
    assert all((one.family == "lees") == (one.concentration_unit == "ppm") for one in toxic_probits.load(TODAY))


def test_probits_of_both_families_tell_a_like_story() -> None:
    """LC50 for 30 min of a substance in both families lies within a factor of ten: a slip of a sign would not."""
    by_cas: dict[str, list[float]] = {}
    for one in toxic_probits.load(TODAY):
        concentration = (math.exp((5 - one.a) / one.b) / 30) ** (1 / one.n)
        mass = substances.load(TODAY)[one.cas].molar_mass
        ppm = concentration if one.concentration_unit == "ppm" else concentration * 24.45e-3 / mass
        by_cas.setdefault(one.cas, []).append(ppm)
    pairs = [found for found in by_cas.values() if len(found) == 2]
    assert len(pairs) >= 10
    assert all(max(found) / min(found) < 10 for found in pairs)
