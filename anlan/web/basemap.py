"""The base map of this installation: what lies in ``<data>/map`` as GeoJSON, put together once, sent compressed."""

import gzip
import hashlib
import json
import logging
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

NOTHING = {"type": "FeatureCollection", "features": []}
#: About a decimetre: more digits than that only make the file larger.
DIGITS = 6
_log = logging.getLogger(__name__)


def _folder() -> Path:
    return Path(settings.DATA) / "map"


def _layers() -> list[Path]:
    return sorted(_folder().glob("*.geojson"))


def _stamp(files: list[Path]) -> str:
    """Changes whenever a file does."""
    seen = [(file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.is_file()]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def url() -> str:
    """Where the browser gets the base layer; another address when it has changed."""
    return f"{reverse('web:map_base')}?v={_stamp(_layers())}"


def around() -> str:
    """What lies where the base layer has nothing: the sea around land that is drawn, land around a drawn sea."""
    files = _layers()
    return _around(_stamp(files), tuple(files))


@lru_cache(maxsize=4)
def _around(stamp: str, files: tuple[Path, ...]) -> str:
    found = [file.read_bytes().replace(b'": "', b'":"') for file in files]
    drawn = {name for name in ("land", "sea") for text in found if f'"class":"{name}"'.encode() in text}
    return "water" if "land" in drawn else "land" if "sea" in drawn else "outside"


def terrain() -> dict[str, Any] | None:
    """Address and corners of the shaded relief; None where there is none."""
    picture, said = _folder() / "terrain.png", _folder() / "terrain.json"
    if not (picture.is_file() and said.is_file()):
        return None
    try:
        bounds = _bounds(json.loads(said.read_text("utf-8")))
    except (ValueError, KeyError, TypeError):
        _log.warning("terrain.json does not say its bounds as [west, south, east, north]")
        return None
    return {"url": f"{reverse('web:map_terrain')}?v={_stamp([picture, said])}", "bounds": bounds}


def _bounds(said: Any) -> list[float]:
    found = said["bounds"] if isinstance(said, dict) and "bounds" in said else said
    if isinstance(found, dict):
        found = [found[side] for side in ("west", "south", "east", "north")]
    west, south, east, north = (float(part) for part in found)
    return [west, south, east, north]


def built() -> Path | None:
    """All layers as one compressed file, made anew when one of them has changed; None without any."""
    files = _layers()
    if not files:
        return None
    target = _folder() / f".base-{_stamp(files)}.json.gz"
    if not target.exists():
        _build(files, target)
    return target


def _build(files: list[Path], target: Path) -> None:
    features = [feature for file in files for feature in _features(file)]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    part = target.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(gzip.compress(text.encode(), 6))
    for old in _folder().glob(".base-*.json.gz"):
        old.unlink(missing_ok=True)
    part.replace(target)


def _features(file: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(file.read_text("utf-8")).get("features", [])
    except (ValueError, AttributeError):
        _log.warning("%s is not GeoJSON and is left out of the base map", file.name)
        return []
    return [_slim(feature) for feature in found if isinstance(feature, dict) and feature.get("geometry")]


def _slim(feature: dict[str, Any]) -> dict[str, Any]:
    """What the map draws of a feature: its class and name, its shape to a decimetre."""
    told = feature.get("properties") or {}
    properties = {key: told[key] for key in ("class", "name", "rank") if told.get(key) not in (None, "")}
    geometry = feature["geometry"]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": geometry["type"], "coordinates": _rounded(geometry.get("coordinates"))},
    }


def _rounded(value: Any) -> Any:
    return [_rounded(part) for part in value] if isinstance(value, list) else round(value, DIGITS)
