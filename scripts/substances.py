"""Fits the frozen table of substances from the open libraries ``chemicals`` and ``thermo``.

    uv run --group data python scripts/substances.py     writes anlan/packs/chemicals/substances*.csv

Nothing else needs those libraries. For each property the first equation in the libraries' own order of trust that
covers the working range is sampled and fitted by linear least squares of the relative error to the form of
``anlan.kernels.consequence.substance``; equation, range and the largest relative error go into the table.
"""

import csv
import math
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from chemicals import Tm
from chemicals.safety import LFL, UFL, T_autoignition, T_flash
from thermo import ChemicalConstantsPackage
from thermo.utils import TDependentProperty

from anlan.kernels.consequence.substance import FORMS, terms

FOLDER = Path(__file__).resolve().parent.parent / "anlan/packs/chemicals"
POINTS = 120
#: A winter's day [K]: what lies outdoors is weighed then, too.
WINTER = 253.15

#: CAS number -> Chinese name, English name, molar mass [g/mol] (to notice when a library means another substance).
NAMED = {
    "7664-41-7": ("氨", "ammonia", 17.03), "7783-41-7": ("二氟化氧", "oxygen difluoride", 54.0),
    "10102-44-0": ("二氧化氮", "nitrogen dioxide", 46.01), "7446-09-5": ("二氧化硫", "sulfur dioxide", 64.06),
    "7782-41-4": ("氟", "fluorine", 38.0), "75-44-5": ("光气", "phosgene", 98.92),
    "75-21-8": ("环氧乙烷", "ethylene oxide", 44.05), "50-00-0": ("甲醛", "formaldehyde", 30.03),
    "7803-51-2": ("磷化氢", "phosphine", 34.0), "7783-06-4": ("硫化氢", "hydrogen sulfide", 34.08),
    "7647-01-0": ("氯化氢", "hydrogen chloride", 36.46), "7782-50-5": ("氯", "chlorine", 70.91),
    "630-08-0": ("一氧化碳", "carbon monoxide", 28.01), "7784-42-1": ("砷化氢", "arsine", 77.95),
    "7783-07-5": ("硒化氢", "hydrogen selenide", 80.98), "74-83-9": ("溴甲烷", "methyl bromide", 94.94),
    "75-86-5": ("丙酮氰醇", "acetone cyanohydrin", 85.1), "107-02-8": ("丙烯醛", "acrolein", 56.06),
    "7664-39-3": ("氟化氢", "hydrogen fluoride", 20.01), "106-89-8": ("环氧氯丙烷", "epichlorohydrin", 92.52),
    "3132-64-7": ("3-溴-1,2-环氧丙烷", "epibromohydrin", 136.98),
    "10025-67-9": ("一氯化硫", "sulfur monochloride", 135.04), "74-90-8": ("氰化氢", "hydrogen cyanide", 27.03),
    "7446-11-9": ("三氧化硫", "sulfur trioxide", 80.06), "107-11-9": ("烯丙胺", "allylamine", 57.09),
    "7726-95-6": ("溴", "bromine", 159.81), "151-56-4": ("乙撑亚胺", "ethyleneimine", 43.07),
    "624-83-9": ("异氰酸甲酯", "methyl isocyanate", 57.05), "106-99-0": ("1,3-丁二烯", "1,3-butadiene", 54.09),
    "115-10-6": ("二甲醚", "dimethyl ether", 46.07), "74-82-8": ("甲烷", "methane", 16.04),
    "75-01-4": ("氯乙烯", "vinyl chloride", 62.5), "1333-74-0": ("氢", "hydrogen", 2.016),
    "74-98-6": ("丙烷", "propane", 44.1), "106-97-8": ("正丁烷", "n-butane", 58.12),
    "74-89-5": ("一甲胺", "methylamine", 31.06), "74-86-2": ("乙炔", "acetylene", 26.04),
    "74-85-1": ("乙烯", "ethylene", 28.05), "7782-44-7": ("氧", "oxygen", 32.0), "71-43-2": ("苯", "benzene", 78.11),
    "100-42-5": ("苯乙烯", "styrene", 104.15), "67-64-1": ("丙酮", "acetone", 58.08),
    "107-13-1": ("丙烯腈", "acrylonitrile", 53.06), "75-15-0": ("二硫化碳", "carbon disulfide", 76.14),
    "110-82-7": ("环己烷", "cyclohexane", 84.16), "75-56-9": ("1,2-环氧丙烷", "propylene oxide", 58.08),
    "108-88-3": ("甲苯", "toluene", 92.14), "67-56-1": ("甲醇", "methanol", 32.04),
    "64-17-5": ("乙醇", "ethanol", 46.07), "60-29-7": ("乙醚", "diethyl ether", 74.12),
    "141-78-6": ("乙酸乙酯", "ethyl acetate", 88.11), "110-54-3": ("正己烷", "n-hexane", 86.18),
    "79-21-0": ("过乙酸", "peracetic acid", 76.05), "7697-37-2": ("硝酸", "nitric acid", 63.01),
    # not named in table 1 of GB 18218, but met in its classes, its mixtures, and in every model
    "7732-18-5": ("水", "water", 18.02), "7727-37-9": ("氮", "nitrogen", 28.01),
    "124-38-9": ("二氧化碳", "carbon dioxide", 44.01), "74-84-0": ("乙烷", "ethane", 30.07),
    "115-07-1": ("丙烯", "propylene", 42.08), "75-28-5": ("异丁烷", "isobutane", 58.12),
    "109-66-0": ("正戊烷", "n-pentane", 72.15), "142-82-5": ("正庚烷", "n-heptane", 100.2),
    "111-65-9": ("正辛烷", "n-octane", 114.23), "95-47-6": ("邻二甲苯", "o-xylene", 106.17),
    "100-41-4": ("乙苯", "ethylbenzene", 106.17), "75-07-0": ("乙醛", "acetaldehyde", 44.05),
    "108-05-4": ("乙酸乙烯酯", "vinyl acetate", 86.09), "64-19-7": ("乙酸", "acetic acid", 60.05),
    "67-63-0": ("异丙醇", "isopropanol", 60.1), "107-06-2": ("1,2-二氯乙烷", "1,2-dichloroethane", 98.96),
    "74-87-3": ("氯甲烷", "methyl chloride", 50.49), "124-40-3": ("二甲胺", "dimethylamine", 45.08),
    "75-50-3": ("三甲胺", "trimethylamine", 59.11), "463-58-1": ("羰基硫", "carbonyl sulfide", 60.08),
}  # fmt: skip

#: Substances that a fire does not burn, whatever sign a table gives their reaction enthalpy.
NO_FUEL = {
    "7782-50-5", "7726-95-6", "7697-37-2", "7446-11-9", "7782-41-4", "7783-41-7", "10102-44-0", "7446-09-5",
    "7647-01-0", "7664-39-3", "7782-44-7", "7727-37-9", "124-38-9", "7732-18-5", "75-44-5",
}  # fmt: skip

#: Melting points [K] where the library's lies above the boiling point without the substance subliming (CRC Handbook).
MELTING = {"7647-01-0": 158.97}

#: The libraries' flash point is that of an aqueous solution.
FLASH_OF_SOLUTION = {"50-00-0"}

#: Named substances of GB 18218 without a row, by number, and why.
LACKING = {
    13: "混合物，按组分计算；一氧化碳、氢、甲烷各有一行", 15: "所用数据库把锑化氢认作金属锑",
    23: "异构体混合物，数据库无此 CAS 号", 36: "爆炸物，不作流体计算", 42: "固体爆炸物的溶液",
    66: "混合物，可按正己烷、正庚烷或正辛烷计算", 72: "数据库的沸点与临界参数自相矛盾",
    73: "数据库按单原子磷给值，不可用", 74: "一类物质，无单一 CAS 号", 75: "数据库只有估算且偏心因子不可信",
    80: "混合物，按硝酸计算", 83: "固体；数据库把碳化钙认作另一有机物", 84: "固体金属", 85: "固体金属",
    **dict.fromkeys((31, 32, 33, 34, 35, 37, 38, 39, 40, 41), "固体爆炸物"),
    **dict.fromkeys((43, 44, 45, 46, 76, 77, 78, 79, 82), "固体"),
}  # fmt: skip

#: Group-contribution or corresponding-states estimates: used only where no equation fitted to data covers the range.
ESTIMATES = {
    "JOBACK", "LASTOVKA_SHAW", "DADGOSTAR_SHAW", "MORGAN_KOBAYASHI", "LETSOU_STIEL", "MIQUEU", "BROCK_BIRD", "MMSNM0",
    "AMBROSE_WALTON", "LEE_KESLER_PSAT", "BOILING_CRITICAL", "SANJARI", "EDALAT", "EOS", "YEN_WOODS_SAT", "RACKETT",
    "YAMADA_GUNN", "TOWNSEND_HALES", "HTCOSTALD", "CAMPBELL_THODOS", "BHIRUD_NORMAL", "SIVARAMAN_MAGEE_KOBAYASHI",
    "VELASCO", "PITZER", "CLAPEYRON", "RIEDEL", "CHEN", "VETERE", "LIU", "ROWLINSON_POLING", "ROWLINSON_BONDI",
    "SASTRI_RAO", "PITZER_SIGMA", "ZUO_STENBY", "Aleem", "PRZEDZIECKI_SRIDHAR", "CRC_INORG_L_CONST", "CRCSTD",
    "HAKIM_STEINBERG_STIEL", "ALIBAKHSHI",
}  # fmt: skip

#: Extended from one value by a general rule: never taken for the cold alone.
OF_ONE_POINT = {"POLING_CONST", "CRC_HVAP_298", "GHARAGHEIZI_HVAP_298", "GHARAGHEIZI_HVAP", "CRC_HVAP_TB"}

#: Gases of molecules in clusters, whose equations differ by more than a wider range is worth.
ASSOCIATING = {"7664-39-3"}

#: Property -> (attribute of the library, what its values are multiplied by, with m = kg/mol, highest reduced T).
SOURCES: dict[str, tuple[str, Callable[[npt.NDArray[np.float64], float], npt.NDArray[np.float64]], float]] = {
    "vapour_pressure": ("VaporPressures", lambda v, m: v, 0.995),
    "liquid_density": ("VolumeLiquids", lambda v, m: m / v, 0.98),
    "heat_of_vaporisation": ("EnthalpyVaporizations", lambda v, m: v / m, 0.98),
    "liquid_heat_capacity": ("HeatCapacityLiquids", lambda v, m: v / m, 0.95),
    "gas_heat_capacity": ("HeatCapacityGases", lambda v, m: v / m, math.inf),
    "surface_tension": ("SurfaceTensions", lambda v, m: v, 0.9),
    "liquid_viscosity": ("ViscosityLiquids", lambda v, m: v, 0.9),
}


#: The order in which equations are trusted, where it is not the library's own.
PREFERRED = {"gas_heat_capacity": ("HEOS_FIT", "TRCIG", "POLING_POLY", "WEBBOOK_SHOMATE", "JANAF")}


@dataclass(frozen=True)
class Subject:
    """A substance while its properties are fitted."""

    cas: str
    molar_mass: float
    boiling: float
    critical: float
    melting: float


def main() -> None:
    warnings.simplefilter("ignore")
    rows, fits = [], []
    for cas, (chinese, english, grams) in NAMED.items():
        constants, properties = ChemicalConstantsPackage.from_IDs([cas])
        if abs(constants.MWs[0] - grams) > 0.02 * grams:
            raise SystemExit(f"{cas}: the library means a molar mass of {constants.MWs[0]}, not {grams}")
        row = _row(cas, chinese, english, constants)
        rows.append(row)
        melting = float(row["melting_temperature"] or 0)
        subject = Subject(cas, constants.MWs[0] / 1000, constants.Tbs[0], constants.Tcs[0], melting)
        fits += [fit for name in FORMS for fit in _fits(subject, name, properties)]
    _write("substances.csv", rows)
    _write("substances-correlations.csv", fits)
    _write("substances-lacking.csv", list(_lacking()))
    worst = max(fits, key=lambda fit: float(fit["max_error"]))
    print(len(rows), "substances,", len(fits), "fits; worst:", worst)  # noqa: T201


def _row(cas: str, chinese: str, english: str, constants: ChemicalConstantsPackage) -> dict[str, str]:
    molar = constants.MWs[0] / 1000
    heat = constants.Hcs_lower[0]
    burns = cas not in NO_FUEL
    fuel = burns and heat is not None and heat < 0
    return {
        "cas": cas,
        "name_zh": chinese,
        "name_en": english,
        "molar_mass": _digits(molar, 7),
        "boiling_temperature": _digits(constants.Tbs[0]),
        "critical_temperature": _digits(constants.Tcs[0]),
        "critical_pressure": _digits(constants.Pcs[0]),
        "acentric_factor": _digits(constants.omegas[0], 4),
        "melting_temperature": _digits(MELTING.get(cas) or Tm(cas)),
        "heat_of_combustion": _digits(-heat / molar, 5) if fuel else "",
        "lower_flammable_limit": _digits(LFL(CASRN=cas), 4) if burns else "",
        "upper_flammable_limit": _digits(UFL(CASRN=cas), 4) if burns else "",
        "flash_point": _digits(T_flash(cas), 5) if burns and cas not in FLASH_OF_SOLUTION else "",
        "autoignition_temperature": _digits(T_autoignition(cas), 5) if burns else "",
    }


def _digits(value: float | None, digits: int = 6) -> str:
    return "" if value is None or not math.isfinite(value) else f"{value:.{digits}g}"


def _fits(subject: Subject, name: str, properties: object) -> Iterable[dict[str, str]]:
    attribute, scale, highest = SOURCES[name]
    source: TDependentProperty = getattr(properties, attribute)[0]
    chosen = _choose(source, subject, name, highest)
    if chosen is None:
        return
    method, low, high = chosen
    kelvin = np.linspace(low, high, POINTS)
    values = np.array([source.calculate(float(one), method) or np.nan for one in kelvin], float)
    values = scale(values, subject.molar_mass)
    good = np.isfinite(values) & (values > 0)
    if good.sum() < POINTS // 2:
        return
    coefficients, error = _fit(name, kelvin[good], values[good], subject.critical)
    yield {
        "cas": subject.cas,
        "property": name,
        "low": f"{math.ceil(kelvin[good][0] * 100) / 100:g}",
        "high": f"{math.floor(kelvin[good][-1] * 100) / 100:g}",
        "max_error": f"{error:.2g}",
        "basis": method + ("（估算）" if method in ESTIMATES else ""),
        "coefficients": ";".join(f"{one:.9g}" for one in coefficients),
    }


def _choose(source: TDependentProperty, subject: Subject, name: str, highest: float) -> tuple[str, float, float] | None:
    """The equation to fit and its range: measured before estimated, then good in winter, then the widest cover, then
    the library's order."""
    want = (200.0, 1000.0) if name == "gas_heat_capacity" else (subject.melting or 0.5 * subject.critical, 0.0)
    lowest = (0.42 if name == "liquid_viscosity" else 0.3) * subject.critical
    want = want if want[1] else (max(want[0], lowest), highest * subject.critical)
    first = [method for method in PREFERRED.get(name, (source.method,)) if method in source.all_methods]
    order = [*first, *sorted(source.all_methods - {*first})]
    best: tuple[float, int, str, float, float] | None = None
    for rank, method in enumerate(order):
        limits = source.T_limits.get(method)
        if limits is None or method == "CRC_INORG_L":
            continue
        low, high = max(want[0], limits[0]), min(want[1], limits[1])
        cover = (high - low) / (want[1] - want[0])
        useful = low < high and _useful(name, subject, low, high)
        useful = useful and (name != "vapour_pressure" or _boils(source, method, subject, low, high))
        outdoors = name != "gas_heat_capacity" and low <= max(WINTER, want[0]) + 1 and method not in OF_ONE_POINT
        outdoors = outdoors and (name != "vapour_pressure" or _boils(source, method, subject, low, high, 0.02))
        outdoors = outdoors and subject.cas not in ASSOCIATING
        score = (0.0 if method in ESTIMATES else 2.0) + outdoors + min(cover, 0.6) - 0.05 * rank
        if useful and (best is None or score > best[0]):
            best = (score, rank, method, low, high)
    return None if best is None else best[2:]


def _boils(
    source: TDependentProperty, method: str, subject: Subject, low: float, high: float, share: float = 0.05
) -> bool:
    """Whether an equation of vapour pressure gives 1 atm at the boiling point, within ``share``, where it covers it."""
    if not low <= subject.boiling <= high:
        return True
    return abs((source.calculate(subject.boiling, method) or 0) / 101325 - 1) < share


def _useful(name: str, subject: Subject, low: float, high: float) -> bool:
    """Whether the range holds what releases need: around the boiling point, or ambient for what boils above it."""
    if name == "gas_heat_capacity":
        return low <= 300 and high >= 400
    need = min(subject.boiling, 298.15)
    if name == "vapour_pressure":
        return low <= max(need, subject.melting) + 1 and high >= need + 5
    return low <= max(need, subject.melting) + 1 and high >= min(
        max(need, subject.melting) + 30, 0.9 * subject.critical
    )


def _fit(
    name: str, kelvin: npt.NDArray[np.float64], values: npt.NDArray[np.float64], critical: float
) -> tuple[npt.NDArray[np.float64], float]:
    """Coefficients with the least relative error, rounded as they are written, and the largest relative error."""
    matrix, logarithmic = terms(name, kelvin, critical), FORMS[name][1]
    if logarithmic:
        coefficients = np.linalg.lstsq(matrix, np.log(values), rcond=1e-13)[0]
    else:
        coefficients = np.linalg.lstsq(matrix / values[:, None], np.ones_like(values), rcond=1e-13)[0]
    rounded = np.array([float(f"{one:.9g}") for one in coefficients])
    fitted = np.exp(matrix @ rounded) if logarithmic else matrix @ rounded
    return rounded, float(np.abs(fitted / values - 1).max())


def _lacking() -> Iterable[dict[str, str]]:
    with (FOLDER / "gb18218-substances.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            have = [cas for cas in re.split(";", row["cas"]) if cas in NAMED]
            if not have and int(row["no"]) not in LACKING:
                raise SystemExit(f"say why {row['no']} {row['name']} has no row")
            if not have:
                yield {"no": row["no"], "name": row["name"], "reason": LACKING[int(row["no"])]}


def _write(name: str, rows: list[dict[str, str]]) -> None:
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
