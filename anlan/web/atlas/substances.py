"""Who keeps a substance: the places that hold it and all in them, and the enterprises that they belong to."""

import numpy as np

from anlan.apps.enterprises import selectors as enterprises
from anlan.kit.grants import Viewer
from anlan.web.atlas.index import Atlas, Bools


def holding(atlas: Atlas, viewer: Viewer, substance: str) -> Bools:
    """By name or CAS number, as far as the viewer may read who holds what."""
    kept = np.array([one.place_id for one in enterprises.holders(viewer, substance)], np.int64)
    rows = atlas.rows(kept)
    found = atlas.below(rows.tolist())
    firms = atlas.enterprise[rows]
    found[firms[firms >= 0]] = True
    return found
