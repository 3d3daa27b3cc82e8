"""Where people live: ``<data>/map/population.npz`` with columns ``lon lat people``, one entry a cell."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings

from anlan.web.atlas.cells import Floats, Ints

Cells = tuple[Floats, Floats, Ints]


def cells() -> Cells | None:
    """The cells of this installation; None where it has none."""
    file = Path(settings.DATA) / "map" / "population.npz"
    return _read(file, file.stat().st_mtime_ns) if file.is_file() else None


@lru_cache(maxsize=1)
def _read(file: Path, changed: int) -> Cells | None:
    with np.load(file, allow_pickle=False) as found:
        if not {"lon", "lat", "people"} <= set(found.files):
            return None
        return found["lon"].astype(np.float64), found["lat"].astype(np.float64), found["people"].astype(np.int64)
