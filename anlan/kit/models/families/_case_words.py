"""Air, jets, fuels, leaks and people as published cases write them, in words: read into numbers, or refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from anlan.kernels.consequence.sigma import Stability, check_stability
from anlan.kernels.validity import OutOfRange
from anlan.kit.models import units
from anlan.kit.models.errors import BadInput

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_DIRECTIONS = {"horizontal": 0.0, "vertical": 90.0, "upwards": 90.0, "downwards": -90.0}
_PROBITS = {"eisenberg": "eisenberg", "tsao-perry": "tsao-perry", "tno": "tno", "lees": "lees"}


def _number(name: str, text: str, unit: str, wanted: str) -> float:
    try:
        return float(str(units.convert(float(text), unit, wanted, name, gauge="gauge" in name)))
    except BadInput as error:
        raise OutOfRange(f"{name} = {text} {unit}: {error}") from None


def _taken(name: str, words: str, forms: Mapping[str, tuple[str, str]], example: str) -> tuple[dict[str, float], str]:
    """Quantities found in the words by their form (a pattern with ``value`` and ``unit``), and what is left of them."""
    found, rest = dict[str, float](), words
    for key, (form, wanted) in forms.items():
        hits = list(re.finditer(form, rest))
        if len(hits) > 1:
            raise OutOfRange(f"{name} = {words!r}: {key} is said twice; write it as {example!r}")
        if hits:
            found[key] = _number(key, hits[0]["value"], hits[0].groupdict().get("unit") or "-", wanted)
            rest = rest[: hits[0].start()] + " " + rest[hits[0].end() :]
    return found, rest


def _refuse_rest(name: str, words: str, rest: str, example: str) -> None:
    left = rest.strip(" ,;")
    if left:
        raise OutOfRange(
            f"{name} = {words!r}: {left!r} is not understood; write it as {example!r}, or give the numbers"
        )


_AIR = "288.15 K 101325 Pa RH 0.5, horizontal"
_AIR_FORMS = {
    "relative_humidity": (rf"\bRH\s*=?\s*(?P<value>{_NUMBER})\s*(?P<unit>%)?", "-"),
    "wind": (rf"\bwind\s*=?\s*(?P<value>{_NUMBER})\s*(?P<unit>m/s|km/h)", "m/s"),
    "elevation": (rf"\belevation\s*=?\s*(?P<value>{_NUMBER})\s*(?P<unit>deg|°)", "deg"),
    "ambient_pressure": (rf"(?<![\w.])(?P<value>{_NUMBER})\s*(?P<unit>kPa|MPa|hPa|Pa|mbar|bar|atm)\b", "Pa"),
    "ambient_temperature": (rf"(?<![\w.])(?P<value>{_NUMBER})\s*(?P<unit>K|degC|°C|℃|C)(?!\w)", "K"),
}


def ambient(words: str | None) -> dict[str, float]:
    """``288.15 K 101325 Pa RH 0.5, horizontal``: temperature, pressure, humidity, wind, direction, in any order."""
    if words is None:
        return {}
    found, rest = _taken("ambient", words, _AIR_FORMS, _AIR)
    for direction, degrees in _DIRECTIONS.items():
        if re.search(rf"\b{direction}\b", rest):
            if "elevation" in found:
                raise OutOfRange(f"ambient = {words!r}: the direction is said twice")
            found["elevation"], rest = degrees, re.sub(rf"\b{direction}\b", " ", rest)
    _refuse_rest("ambient", words, rest.replace(",", " "), _AIR)
    return found


@dataclass(frozen=True)
class FuelRelease:
    """A named fuel and its numbers by name: rate, duration, temperature, density, diameter, where they are said."""

    name: str
    numbers: Mapping[str, float]


_FUEL = "LNG 97.888 kg/s 174 s, T 111.15 K, rho 1.76 kg/m3, d 1 m"
_FUEL_FORMS = {
    "rate": (rf"(?<![\w.])(?P<value>{_NUMBER})\s*(?P<unit>kg/s|g/s|t/h|kg/h)\b", "kg/s"),
    "temperature": (rf"\bT\s*=?\s*(?P<value>{_NUMBER})\s*(?P<unit>K|degC|°C|℃)(?!\w)", "K"),
    "density": (rf"\brho\s*=?\s*(?P<value>{_NUMBER})\s*(?P<unit>kg/m3|kg/m\^3|g/L)(?!\w)", "kg/m3"),
    "diameter": (rf"\bd\s*=?\s*(?P<value>{_NUMBER})\s*(?P<unit>mm|cm|m|in)\b", "m"),
    "duration": (rf"(?<![\w.=])(?P<value>{_NUMBER})\s*(?P<unit>s|min|h)\b", "s"),
}
_FUELS = {"LNG": "methane", "LPG": "propane"}


def fuel(words: str | None) -> FuelRelease | None:
    """``LNG 97.888 kg/s 174 s, T 111.15 K, rho 1.76 kg/m3, d 1 m``, or the substance alone. LNG counts as methane."""
    if words is None:
        return None
    found, rest = _taken("fuel", words, _FUEL_FORMS, _FUEL)
    name = rest.strip(" ,;")
    if found and re.search(r"[,;=]|\s{2}", re.sub(r"[\s,]+$", "", name)):
        raise OutOfRange(f"fuel = {words!r}: {name!r} is not understood; write it as {_FUEL!r}")
    return FuelRelease(_FUELS.get(name, name), found)


def class_and_exponent(words: str) -> tuple[Stability, float | None]:
    """``F``, or ``F p=0.55`` with the exponent of the wind's power law."""
    hit = re.fullmatch(rf"(?P<letter>\w)(?:[ ,]+p\s*=\s*(?P<value>{_NUMBER}))?", words.strip())
    if hit is None:
        raise OutOfRange(f"class = {words!r}: write A to F, or with the exponent of the wind's power law 'F p=0.55'")
    letter: Stability = check_stability(hit["letter"])  # type: ignore[arg-type]  # checked just here
    return letter, None if hit["value"] is None else float(hit["value"])


_LEAK = "butane sphere 2 in hole 250 psig, 500 ft2 dike, concrete k=1.28 W/m/K alpha=6.6e-7 m2/s"
_LEAK_FORMS = {
    "hole_diameter": (rf"(?<![\w.])(?P<value>{_NUMBER})\s*(?P<unit>mm|cm|m|in|inch)\s+hole\b", "m"),
    "pressure_gauge": (rf"(?<![\w.])(?P<value>{_NUMBER})\s*(?P<unit>psig|barg|kPag|MPag)\b", "Pa"),
    "dike_area": (rf"(?<![\w.])(?P<value>{_NUMBER})\s*(?P<unit>ft2|m2)\s+(?:dike|bund)\b", "m2"),
    "liquid_head": (rf"(?<![\w.])(?P<value>{_NUMBER})\s*(?P<unit>ft|m)\s+head\b", "m"),
    "ground_conductivity": (rf"\bk\s*=\s*(?P<value>{_NUMBER})\s*(?P<unit>W/m/K)", "W/m/K"),
    "ground_diffusivity": (rf"\balpha\s*=\s*(?P<value>{_NUMBER})\s*(?P<unit>m2/s)", "m2/s"),
    "temperature": (rf"\bT\s*=?\s*(?P<value>{_NUMBER})\s*(?P<unit>K|degC|°C|℃)(?!\w)", "K"),
}
_GROUND = {"concrete"}


@dataclass(frozen=True)
class VesselLeak:
    """A leak of a substance under pressure: its numbers by name, where they are said."""

    substance: str
    numbers: Mapping[str, float]


def vessel_leak(words: str) -> VesselLeak:
    """``butane sphere 2 in hole 250 psig, 500 ft2 dike, concrete k=1.28 W/m/K alpha=6.6e-7 m2/s``, also T and head."""
    found, rest = _taken("scenario", words, _LEAK_FORMS, _LEAK)
    for ground in _GROUND:
        rest = re.sub(rf"\b{ground}\b", " ", rest)
    hit = re.fullmatch(r"(?P<substance>.+?)\s+(?:sphere|tank|vessel|drum)", rest.strip(" ,;"))
    if hit is None or not {"hole_diameter", "pressure_gauge"} <= set(found):
        raise OutOfRange(f"scenario = {words!r} is not understood; write it as {_LEAK!r}, or give the numbers")
    return VesselLeak(hit["substance"], found)


@dataclass(frozen=True)
class Harm:
    """How people come to harm: probit of heat, seconds in it, flame's Mach number; None where it is not said."""

    thermal_probit: str | None = None
    exposure: float | None = None
    mach: float | None = None


_HARM = "Eisenberg 30 s; TNO head; BST Mf 0.35; yuce"


def harm(words: str | None) -> Harm:
    """``Eisenberg 30 s; TNO head; BST Mf 0.35; yuce``: heat, blast and nozzle. Of the last two there is one each."""
    if words is None:
        return Harm()
    thermal, exposure, mach = None, None, None
    for part in (each.strip() for each in words.split(";")):
        heat = re.fullmatch(rf"(?P<who>[A-Za-z-]+)(?:\s+(?P<value>{_NUMBER})\s*(?P<unit>s|min))?", part)
        blast = re.fullmatch(rf"BST\s+Mf\s*=?\s*(?P<value>{_NUMBER})", part)
        if part.lower() in {"tno head", "yuce", "yuceil-otugen"}:
            continue
        if blast:
            mach = float(blast["value"])
        elif heat and heat["who"].lower() in _PROBITS:
            thermal = _PROBITS[heat["who"].lower()]
            exposure = _number("exposure", heat["value"], heat["unit"], "s") if heat["value"] else None
        else:
            raise OutOfRange(
                f"probits = {words!r}: {part!r} is not understood; known are {', '.join(_PROBITS)} with seconds, "
                f"TNO head (blast), BST Mf (explosion) and yuce (nozzle), as in {_HARM!r}"
            )
    return Harm(thermal, exposure, mach)


_PEOPLE = "9 positions, 2000 h each"


def people(words: str | None) -> tuple[int, float] | None:
    """``9 positions, 2000 h each``: how many, and the hours a year of each."""
    if words is None:
        return None
    hit = re.fullmatch(rf"\s*(\d+)\s+positions?\s*,\s*({_NUMBER})\s*h(?:/yr)?(?:\s+each)?\s*", words)
    if hit is None:
        raise OutOfRange(
            f"occupants = {words!r} is not understood; write it as {_PEOPLE!r}, and the positions as points"
        )
    return int(hit[1]), float(hit[2])
