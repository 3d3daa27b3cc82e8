"""Following an append-only table by its id without losing a row.

On PostgreSQL an id is drawn before its transaction commits, so row 7 may become visible after row 8. A reader that
only asks for ``id > last`` would never see it. :class:`Tail` remembers every id it jumped over and asks for it again,
until the row appears or the gap is older than any transaction may last: then its transaction was rolled back.
"""

import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)

#: Longer than any transaction of this product; a gap older than this [s] will never be filled.
GRACE_S = 30.0
#: Gaps that are remembered. More can only come from a sequence that was moved by hand; the oldest are let go first.
MAX_GAPS = 5_000
#: Ids looked back over at the start, for rows of transactions that were open at that moment.
LOOK_BACK = 1_000

_ASK = 500  # ids in one query: every SQLite allows 999 parameters


class Tail(Generic[Row]):
    """Yields each row of an append-only table once; call :meth:`poll` outside a transaction, from one thread.

    ``after`` = None starts behind the last row. To go on where an earlier process stopped, keep its
    :attr:`low_water` and start there: no row above it is missed, some may come twice.
    Rows of one poll are ordered by id. If one transaction began after another had committed, its rows never come first.
    """

    def __init__(
        self,
        rows: QuerySet[Row],
        *,
        after: int | None = None,
        batch: int = 1_000,
        grace_s: float = GRACE_S,
        max_gaps: int = MAX_GAPS,
        ticking: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rows = rows.order_by("pk")
        self._batch = batch
        self._grace_s = grace_s
        self._max_gaps = max_gaps
        self._ticking = ticking
        self._gaps: dict[int, float] = {}  # id jumped over -> when it was first missed; in order of time
        self.given_up = 0  # gaps that were let go because there were too many of them
        self.high = self._start() if after is None else after

    @property
    def gaps(self) -> int:
        """How many ids are being asked for again."""
        return len(self._gaps)

    @property
    def low_water(self) -> int:
        """Every row up to this id was yielded or will never exist."""
        return min(self._gaps, default=self.high + 1) - 1

    def poll(self) -> list[Row]:
        """The rows that became visible since the last call, at most ``batch`` new ones and what filled gaps.

        New rows are asked for before the gaps: whatever was committed before a row seen here is then visible, too.
        """
        fresh = list(self._rows.filter(pk__gt=self.high)[: self._batch])
        if fresh:
            self._advance([row.pk for row in fresh])
        late = list(self._filled())
        self._forget_old()
        return sorted(late + fresh, key=lambda row: row.pk) if late else fresh

    def _start(self) -> int:
        """Begin behind the last row, remembering the holes just below it."""
        high = self._rows.order_by("-pk").values_list("pk", flat=True).first()
        if high is None:
            return 0
        self.high = max(0, high - LOOK_BACK)
        self._advance(list(self._rows.filter(pk__gt=self.high, pk__lte=high).values_list("pk", flat=True)))
        return int(high)

    def _advance(self, ids: list[int]) -> None:
        """Move past ``ids`` (ascending) and remember what they jump over."""
        now = self._ticking()
        for row_id in ids:
            first = max(self.high + 1, row_id - self._max_gaps)
            self.given_up += first - self.high - 1
            for missed in range(first, row_id):
                self._gaps[missed] = now
            self.high = row_id
        excess = len(self._gaps) - self._max_gaps
        for missed in list(islice(self._gaps, max(0, excess))):
            del self._gaps[missed]
            self.given_up += 1

    def _filled(self) -> Iterator[Row]:
        asked = list(self._gaps)
        for start in range(0, len(asked), _ASK):
            for row in self._rows.filter(pk__in=asked[start : start + _ASK]):
                del self._gaps[row.pk]
                yield row

    def _forget_old(self) -> None:
        oldest = self._ticking() - self._grace_s
        while self._gaps:
            missed, since = next(iter(self._gaps.items()))
            if since > oldest:
                return
            del self._gaps[missed]
