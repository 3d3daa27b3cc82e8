"""The history of the colours of a time that is over, written anew from the facts as they are known now.

The projector itself goes through that time on a simulated clock: each fact that begins or ends moves levels, and every
change is noted when it would have been shown. What is shown now, and the live events, are left alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from anlan.apps.ledger.loading import Alive, Screen
from anlan.apps.ledger.models import Fact, FactClearing, LevelChange
from anlan.apps.ledger.picture import EPOCH, LEVEL_OF, UNASSESSED, moment
from anlan.apps.ledger.projector import AT_ONCE, Projector, Row
from anlan.kit import clock
from anlan.rules.levels import Level


class PastProjector(Projector):
    """Begins with what the facts said at the clock's time; knows every fact from the start, so it follows no table."""

    lease = "projector-past"

    def _watch_structure(self) -> None:
        """The tree is today's."""

    def _poll(self) -> tuple[list[Fact], list[FactClearing]]:
        """Every fact of the time was there from the start."""
        return [], []

    def _compare(self) -> None:
        """Take what the facts say as what was shown then."""
        size = len(self.picture.tree.ids)
        self._screen = Screen(size)
        self._screen.show(np.arange(size), self.picture.rollup, moment(self.as_of))
        self._unshown = np.zeros(size, np.bool_)
        self._cause = np.zeros(size, np.int64)
        self._recent = {}

    def begin(self) -> None:
        """Places that came later get their colour from this time on: the facts about them reach back."""
        told = LevelChange.objects.filter(at__lte=self.as_of).values("place")
        ids, level = self.picture.tree.ids, self.picture.rollup.level
        known = set(told.values_list("place", flat=True))
        late = [at for at in np.flatnonzero(level != UNASSESSED).tolist() if int(ids[at]) not in known]
        for start in range(0, len(late), AT_ONCE):
            some = late[start : start + AT_ONCE]
            with transaction.atomic():
                unknown = LevelChange.objects.filter(at__gt=self.as_of, before=Level.UNKNOWN)
                unknown.filter(place_id__in=[int(ids[at]) for at in some]).delete()
                LevelChange.objects.bulk_create(
                    LevelChange(
                        place_id=int(ids[at]), at=self.as_of, before=Level.UNKNOWN, after=int(LEVEL_OF[level[at]])
                    )
                    for at in some
                )

    def _write(self, rows: Sequence[Row], now: datetime, reasons: Mapping[int, str]) -> None:
        LevelChange.objects.bulk_create(
            LevelChange(place_id=row.place_id, at=now, before=row.before, after=row.after, cause_id=row.cause_id)
            for row in rows
            if row.before != row.after
        )


def rewrite(time: clock.Simulated, end: datetime, holder: str, alive: Alive) -> int:
    """Write the history of colours from the simulated ``time`` up to ``end`` anew; returns how many changes there were.

    The caller holds the lease ``projector-past``.
    """
    start = time.at
    with transaction.atomic():
        LevelChange.objects.filter(at__gt=start, at__lt=end).delete()
    projector = PastProjector(holder, alive)
    projector.begin()
    for at in projector.picture.agenda.times(moment(end)):
        time.go_to(EPOCH + timedelta(microseconds=at))
        while projector.tick():
            pass
        alive()
    return LevelChange.objects.filter(at__gt=start, at__lt=end).count()
