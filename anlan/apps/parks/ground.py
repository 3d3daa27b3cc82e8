"""What the base map of this installation says of water and housing, for distances: read once, looked up by box."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import shapely
from django.conf import settings


@dataclass(frozen=True)
class Feature:
    """A shape of the base map; ``name`` may be empty."""

    kind: str
    name: str
    shape: shapely.Geometry


@dataclass(frozen=True)
class Ground:
    """``kinds`` that the base map draws at all; shapes of those that were asked for."""

    kinds: frozenset[str]
    features: tuple[Feature, ...]
    tree: shapely.STRtree

    def near(self, box: tuple[float, float, float, float], kinds: frozenset[str]) -> list[Feature]:
        """Features of some kinds that touch a box [degree]."""
        found = self.tree.query(shapely.box(*box))
        return [one for at in sorted(found) if (one := self.features[at]).kind in kinds]


def ground(kinds: frozenset[str]) -> Ground:
    """The base map's features of these kinds."""
    files = sorted((Path(settings.DATA) / "map").glob("*.geojson"))
    seen = [(str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files]
    return _read(hashlib.sha256(repr(seen).encode()).hexdigest(), tuple(files), kinds)


@lru_cache(maxsize=4)
def _read(stamp: str, files: tuple[Path, ...], kinds: frozenset[str]) -> Ground:
    there: set[str] = set()
    features: list[Feature] = []
    for file in files:
        for one in _features(file):
            told = one.get("properties") or {}
            kind = str(told.get("class", ""))
            there.add(kind)
            if kind in kinds and one.get("geometry"):
                shape = shapely.make_valid(shapely.from_geojson(json.dumps(one["geometry"])))
                features.append(Feature(kind, str(told.get("name") or ""), shape))
    return Ground(frozenset(there), tuple(features), shapely.STRtree([one.shape for one in features]))


def _features(file: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(file.read_text("utf-8")).get("features", [])
    except (ValueError, AttributeError):
        return []
    return [one for one in found if isinstance(one, dict)]
