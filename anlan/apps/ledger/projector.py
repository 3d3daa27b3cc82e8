"""The projector: folds facts into levels and writes what changed, with the history of every colour.

One process leads at a time (:mod:`anlan.cli.worker` holds the lease). All of its state can be made again from the
database: a new leader loads it, compares what is shown with what the facts say, and writes the differences once.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, repeat

import numpy as np
from django.db import transaction

from anlan.apps.core.actions import emit_many
from anlan.apps.core.models import Lease, Outbox
from anlan.apps.ledger import loading
from anlan.apps.ledger.choices import AppliesTo
from anlan.apps.ledger.explanation import render
from anlan.apps.ledger.loading import Alive
from anlan.apps.ledger.models import Fact, FactClearing, LevelChange, PlaceLevel
from anlan.apps.ledger.picture import (
    BUCKET_OF,
    EPOCH,
    LEVEL_OF,
    UNASSESSED,
    Moved,
    Picture,
    by_level,
    ending,
    moment,
)
from anlan.kernels.rollup import FEW, Buckets, Ints
from anlan.kit import clock
from anlan.kit.errors import AnlanError
from anlan.kit.tail import Tail
from anlan.rules.levels import Level

LEASE = "projector"
#: Places written in one tick: keeps its transaction under 200 ms.
AT_ONCE = 500


class LeadLost(AnlanError):
    """Another process leads now; nothing of this tick was written."""


def still_lead(holder: str, lease: str = LEASE) -> None:
    """Call inside a transaction: it holds the lease's row, so that nobody takes over before the transaction ends."""
    if not Lease.objects.select_for_update().filter(name=lease, holder=holder).exists():
        raise LeadLost


@dataclass(frozen=True)
class Row:
    """One place about to be shown otherwise."""

    at: int
    place_id: int
    before: int
    after: int
    since: datetime
    points: Sequence[int]
    enterprises: Sequence[int]
    cause_id: int | None


class Projector:
    """Everything in memory, and what of it is not shown yet. ``alive`` is called now and then while it loads."""

    lease = LEASE

    def __init__(self, holder: str, alive: Alive) -> None:
        self._holder = holder
        self._alive = alive
        self._structure = Tail(Outbox.objects.only("id", "topic"))
        self._facts = Tail(Fact.objects.select_related("clearing"))
        self._clearings = Tail(FactClearing.objects.all())
        self._reload_at: float | None = None  # when the tree may be read again, if it has changed
        self._reload_took = 0.0
        self.as_of = clock.now()
        tree = loading.load_tree(alive)
        self.picture = Picture(tree, loading.load_facts(self.as_of, alive), moment(self.as_of))
        self._screen = loading.load_screen(self.picture.positions, len(tree.ids), alive)
        self._compare()

    @property
    def pending(self) -> int:
        """How many places are not shown yet as the facts say."""
        return int(np.count_nonzero(self._unshown))

    def tick(self) -> int:
        """Fold in what is new, then show what changed, as much as one transaction may; returns how many wait."""
        self._watch_structure()
        facts, clearings = self._poll()
        now = clock.now()
        if self._reload_at is not None and time.monotonic() >= self._reload_at:
            self._stand_on_new_tree(now)
        for moved in self._fold(facts, clearings, moment(now)):
            self._mark(moved)
        self._show(now)
        self.picture.tidy(moment(now))
        pending = self.pending
        if not pending and self._reload_at is None:
            self.as_of = now
        return pending

    def _poll(self) -> tuple[list[Fact], list[FactClearing]]:
        return self._facts.poll(), self._clearings.poll()

    def state(self) -> dict[str, int | str]:
        """What the heartbeat says."""
        return {
            "as_of": self.as_of.isoformat(),
            "places": len(self.picture.tree.ids),
            "facts": self.picture.size,
            "pending": self.pending,
            "last_fact": self._facts.high,
        }

    def _fold(self, facts: Iterable[Fact], clearings: Iterable[FactClearing], now: int) -> Iterator[Moved]:
        for fact in facts:
            yield from self.picture.add(_columns(fact), now)
        for row in clearings:
            yield from self.picture.end(row.fact_id, moment(row.at), now)
        yield from self.picture.pass_time(now)

    def _mark(self, moved: Moved) -> None:
        """Remember which places are to be shown anew, and which fact moved their level."""
        at, was = moved.touched.at, moved.touched.was
        if not len(at):
            return
        level, shown = self.picture.rollup.level[at], self._shown_level(at)
        self._unshown[at] = True
        risen, fallen = level > was, level < was
        self._cause[at[risen | fallen]] = moved.fact_id
        self._cause[at[fallen & (level > shown)]] = 0  # still higher than shown, though not by the fact that ended
        if len(at) <= FEW:
            self._recent.update(dict.fromkeys(at.tolist()))

    def _shown_level(self, at: Ints) -> Buckets:
        shown = self._screen.level[at]
        return np.where(shown == loading.UNSHOWN, np.int8(UNASSESSED), shown)

    def _watch_structure(self) -> None:
        """Places were added, moved or joined: read the tree again, but not all the time while many are."""
        if any(row.topic == "places" for row in self._structure.poll()) and self._reload_at is None:
            self._reload_at = time.monotonic() + min(3 * self._reload_took, 60)

    def _stand_on_new_tree(self, now: datetime) -> None:
        began = time.monotonic()
        tree = loading.load_tree(self._alive)
        old = self.picture.tree.ids
        self.picture.stand_on(tree, moment(now))
        self._screen = self._screen.moved(self.picture.positions(old), len(tree.ids))
        self._compare()
        self._reload_at, self._reload_took = None, time.monotonic() - began

    def _compare(self) -> None:
        """Find all that is not shown as the facts say, and what is shown of places no longer in use."""
        with transaction.atomic():
            still_lead(self._holder)
            PlaceLevel.objects.exclude(place__retired=None).delete()
        size = len(self.picture.tree.ids)
        self._unshown = np.zeros(size, np.bool_)
        self._cause = np.zeros(size, np.int64)
        self._recent: dict[int, None] = {}
        differs = self._screen.differs(self.picture.rollup)
        self._unshown[differs] = True
        risen = differs[self.picture.rollup.level[differs] > self._shown_level(differs)]
        if len(risen):
            self._cause[risen] = self.picture.holders()[risen]

    def _next(self) -> Ints:
        """The places to be shown in this tick: those that just changed, then from the top of the tree down."""
        recent = [at for at in islice(self._recent, AT_ONCE) if self._unshown[at]]
        for at in list(islice(self._recent, AT_ONCE)):
            del self._recent[at]
        waiting = np.flatnonzero(self._unshown)
        if len(waiting) <= AT_ONCE:
            self._recent.clear()
            return waiting
        waiting = waiting[np.argsort(self.picture.tree.leaf[waiting], kind="stable")]
        chosen = dict.fromkeys([*recent, *waiting[:AT_ONCE].tolist()])
        return np.array(list(chosen)[:AT_ONCE], np.int64)

    def _show(self, now: datetime) -> None:
        """Write some of the changed places, their history and their live events in one short transaction."""
        at = self._next()
        if not len(at):
            return
        rows = [row for row in map(self._row, at.tolist(), repeat(now)) if row is not None]
        with transaction.atomic():
            still_lead(self._holder, self.lease)
            self._write(rows, now, self._reasons(rows))
        self._screen.show(at, self.picture.rollup, moment(now))
        self._unshown[at] = False
        self._cause[at] = 0

    def _row(self, at: int, now: datetime) -> Row | None:
        """What a place will show; None if that is what it shows."""
        screen, rollup = self._screen, self.picture.rollup
        level, shown = int(rollup.level[at]), int(screen.level[at])
        points, enterprises = rollup.counts(at)
        same = (screen.points[at] == points).all() and (screen.enterprises[at] == enterprises).all()
        if level == shown and same:
            return None
        since = now if level != shown else EPOCH + timedelta(microseconds=int(screen.since[at]))
        return Row(
            at=at,
            place_id=int(self.picture.tree.ids[at]),
            before=int(Level.UNKNOWN if shown == loading.UNSHOWN else LEVEL_OF[shown]),
            after=int(LEVEL_OF[level]),
            since=since,
            points=by_level(points),
            enterprises=by_level(enterprises),
            cause_id=int(self._cause[at]) or None,
        )

    def _write(self, rows: Sequence[Row], now: datetime, reasons: Mapping[int, str]) -> None:
        PlaceLevel.objects.bulk_create(
            [
                PlaceLevel(
                    place_id=row.place_id,
                    level=row.after,
                    since=row.since,
                    points=list(row.points),
                    enterprises=list(row.enterprises),
                    as_of=now,
                )
                for row in rows
            ],
            update_conflicts=True,
            unique_fields=["place"],
            update_fields=["level", "since", "points", "enterprises", "as_of"],
        )
        LevelChange.objects.bulk_create(
            LevelChange(place_id=row.place_id, at=now, before=row.before, after=row.after, cause_id=row.cause_id)
            for row in rows
            if row.before != row.after
        )
        emit_many("level", ((row.place_id, _event(row, reasons.get(row.place_id, ""))) for row in rows))

    def _reasons(self, rows: Sequence[Row]) -> dict[int, str]:
        """Reasons of the changes by place, where whoever sees the place may read the fact: it lies at or below it."""
        causes = Fact.objects.in_bulk({row.cause_id for row in rows if row.cause_id and row.before != row.after})
        ends = self.picture.tree.end
        found: dict[int, str] = {}
        for row in rows:
            fact = causes.get(row.cause_id or 0)
            if fact is not None:
                where = int(self.picture.positions(np.array([fact.place_id], np.int64))[0])
                if row.at <= where < ends[row.at]:
                    found[row.place_id] = render(fact)
        return found


def _columns(fact: Fact) -> tuple[int, int, int, bool, int, int]:
    clearing = getattr(fact, "clearing", None)
    reaches = fact.applies_to == AppliesTo.DESCENDANTS
    end = ending(fact.until, clearing.at if clearing else None)
    return fact.pk, fact.place_id, int(BUCKET_OF[fact.level]), reaches, moment(fact.since), end


def _event(row: Row, reason: str) -> dict[str, object]:
    return {
        "place": row.place_id,
        "before": row.before,
        "after": row.after,
        "since": row.since.isoformat(),
        "points": row.points,
        "enterprises": row.enterprises,
        "reason": reason,
    }
