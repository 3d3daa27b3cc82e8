"""Changes of shown colours as columns, for whoever turns back the colours of a whole county."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from anlan.apps.ledger.models import LevelChange
from anlan.kit.grants import Viewer

#: When [ms], where, from and to which level.
CHANGE = np.dtype([("at", np.int64), ("place", np.int64), ("before", np.int8), ("after", np.int8)])


@dataclass(frozen=True)
class ChangeColumns:
    """Changes by time, each a record of ``CHANGE``. ``newest``: the highest id among them."""

    rows: npt.NDArray[np.void]
    newest: int

    @classmethod
    def none(cls) -> "ChangeColumns":
        return cls(np.zeros(0, CHANGE), 0)

    def since(self, start: datetime) -> npt.NDArray[np.void]:
        first = int(np.searchsorted(self.rows["at"], round(start.timestamp() * 1000)))
        return self.rows[first:]

    def joined(self, newer: "ChangeColumns") -> "ChangeColumns":
        if not len(newer.rows):
            return self
        whole = np.concatenate([self.rows, newer.rows])
        return ChangeColumns(whole[np.argsort(whole["at"], kind="stable")], max(self.newest, newer.newest))


def change_columns(viewer: Viewer, start: datetime, *, after: int = 0, limit: int = 2_000_000) -> ChangeColumns:
    """The viewer's newest ``limit`` changes from ``start`` on that have an id above ``after``."""
    found = LevelChange.objects.filter(viewer.scope("place.view", "place__"), at__gte=start, pk__gt=after)
    rows = found.order_by("-at", "-pk").values_list("at", "place_id", "before", "after", "pk")[:limit]
    said = [(round(row[0].timestamp() * 1000), *row[1:]) for row in rows]
    records = np.array([row[:-1] for row in reversed(said)], CHANGE)
    return ChangeColumns(records, max((row[-1] for row in said), default=0))
