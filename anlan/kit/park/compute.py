"""Computes a scene. What was computed for a location is kept in a folder under a name made of everything it depends on,
so that a changed scenario re-does only its own location.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from anlan.kernels._cache import fingerprint
from anlan.kernels.qra import individual, societal
from anlan.kernels.qra._workers import spread
from anlan.kernels.qra.individual import Field
from anlan.kernels.qra.layout import Floats, Park
from anlan.kernels.qra.societal import Deaths
from anlan.kit.park.assembly import Scene
from anlan.kit.park.keeping import keep

#: So many locations are given to the threads before it is told that they are done.
BLOCK = 16


@dataclass(frozen=True)
class Result:
    """``risk`` f8[rows, columns] [1/yr]; ``reused``: how many of the locations came from the cache."""

    risk: Floats
    deaths: Deaths
    reused: int


def compute(scene: Scene, cache: Path | None, progress: Callable[[int], None] = lambda location: None) -> Result:
    """Individual and societal risk; ``progress`` hears of each location twice, once for each, in this thread."""
    whole, count = scene.park, len(scene.park.at)
    keys = [_key(whole, location, scene.grid.cell) for location in range(count)]
    total = np.zeros((scene.grid.rows, scene.grid.columns))
    known = np.zeros((count, 2), bool)
    for location, key in enumerate(keys):
        field, known[location, 0] = _field(scene, location, cache, key)
        individual.add(total, scene.grid, whole, location, field)
        progress(location)
    number = np.zeros((len(whole.releases.shape), whole.rose.directions))
    for first in range(0, count, BLOCK):
        block = range(first, min(first + BLOCK, count))

        def some(start: int, stop: int, block: range = block) -> None:
            for location in block[start:stop]:
                found = _deaths(scene, location, cache, keys[location])
                number[whole.of(location)], known[location, 1] = found

        spread(some, len(block), 30)
        for location in block:
            progress(location)
    return Result(total, Deaths(number, societal.frequencies(whole)), int(known.all(axis=1).sum()))


def _key(park: Park, location: int, cell: float) -> str:
    """A name for everything that what a location does depends on, but how often and where that is."""
    numbers = park.of(location)
    digest = hashlib.sha256(f"{fingerprint()} {cell!r} {park.tables.least!r}".encode())
    for number in numbers:
        shape = park.releases.shape[number]
        digest.update(park.tables.ab[park.tables.first[shape] : park.tables.first[shape + 1]].tobytes())
        scalars = (
            park.tables.start[shape],
            park.tables.step[shape],
            park.tables.radial[shape],
            park.tables.shift[shape],
        )
        digest.update(repr((*map(float, scalars), int(park.releases.weather[number]))).encode())
    digest.update(park.rose.probability.tobytes() + repr(park.rose.probability.shape).encode())
    return digest.hexdigest()[:32]


def _field(scene: Scene, location: int, cache: Path | None, key: str) -> tuple[Field, bool]:
    mesh = individual.mesh_for(scene.park, location, scene.grid.cell)
    often = scene.park.releases.frequency[scene.park.of(location)]
    key = f"{key}-{hashlib.sha256(often.tobytes()).hexdigest()[:16]}"
    kept = _load(cache, f"{key}-field")
    if kept is not None and kept.shape == (mesh.spokes, mesh.rings) and kept.dtype == np.float32:
        return Field(mesh, kept.astype(np.float32, copy=False)), True
    made = individual.field(scene.park, location, scene.grid.cell)
    _save(cache, f"{key}-field", made.risk)
    return made, False


def _deaths(scene: Scene, location: int, cache: Path | None, key: str) -> tuple[Floats, bool]:
    digest = hashlib.sha256(scene.people.tobytes() + scene.park.at[location].tobytes()).hexdigest()[:16]
    kept = _load(cache, f"{key}-{digest}-deaths")
    if kept is not None and kept.shape == (len(scene.park.of(location)), scene.park.rose.directions):
        return kept.astype(float, copy=False), True
    made = societal.deaths_at(scene.park, location, scene.people, scene.grid.cell)
    _save(cache, f"{key}-{digest}-deaths", made)
    return made, False


def _load(cache: Path | None, name: str) -> npt.NDArray[np.generic] | None:
    if cache is None:
        return None
    try:
        with (cache / f"{name}.npy").open("rb") as file:
            kept: npt.NDArray[np.generic] = np.load(file, allow_pickle=False)
            return kept
    except (OSError, ValueError, EOFError):
        return None


def _save(cache: Path | None, name: str, values: npt.NDArray[np.generic]) -> None:
    if cache is not None:
        keep(cache / f"{name}.npy", lambda out: np.save(out, values, allow_pickle=False))
