"""What is let into the log: batches are checked together, each reading is refused alone, the rest goes on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from anlan.engine.reasons import (
    BAD_TIME,
    BAD_VALUE,
    DUPLICATE,
    FUTURE_TIME,
    OTHER_SOURCE,
    REASONS,
    TAKEN,
    UNKNOWN_TAG,
)
from anlan.engine.records import BATCH, Readings
from anlan.engine.step import NO_BATCH, State

FUTURE_MS = 5 * 60_000  # a reading may be this much later than its arrival
EARLIEST_MS = 946_684_800_000  # 2000-01-01: what is older is a clock that was never set
LISTED = 20


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What one sender sent at once, as columns. ``named`` says that the sender named the batch itself."""

    source: int
    id: bytes
    named: bool
    tags: npt.NDArray[np.uint32]
    ts: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    good: npt.NDArray[np.uint8]


@dataclass(slots=True, eq=False)
class Answer:
    """What became of a batch: a count per reason, and the first readings that were not kept."""

    counts: list[int]
    refused: list[tuple[int, int]] = field(default_factory=list)  # (index in the batch, reason)
    repeated: bool = False


@dataclass(slots=True, eq=False)
class Group:
    """Batches that go into the log as one record."""

    fresh: list[int]  # positions of the batches that are not repeats
    sizes: npt.NDArray[np.int64]
    reasons: npt.NDArray[np.uint8]  # of every reading of the fresh batches; TAKEN where it may go in
    record: Readings | None


def admit(state: State, batches: Sequence[Batch], arrival_ms: int) -> Group:
    """Check batches against the state; the record holds the readings that may go into the log."""
    fresh = _fresh(state, batches)
    chosen = [batches[position] for position in fresh]
    sizes = np.array([len(batch.tags) for batch in chosen], np.int64)
    if not sizes.sum():
        return Group(fresh, sizes, np.empty(0, np.uint8), None)
    tags = np.concatenate([batch.tags for batch in chosen])
    ts = np.concatenate([batch.ts for batch in chosen])
    values = np.concatenate([batch.values for batch in chosen])
    good = np.minimum(np.concatenate([batch.good for batch in chosen]), 1)
    sources = np.repeat(np.array([batch.source for batch in chosen], np.uint32), sizes)
    reasons = _reasons(state, (sources, tags, ts, values, good), arrival_ms)
    heads = np.array([(batch.source, len(batch.tags), batch.id) for batch in chosen], BATCH)
    if reasons.any():
        keep = reasons == TAKEN
        kept = _per_batch(keep, sizes)
        _forget_unnamed(heads, chosen, kept, sizes)
        heads["count"] = kept
        heads = heads[kept > 0]
        tags, ts, values, good = tags[keep], ts[keep], values[keep], good[keep]
    record = Readings(arrival_ms, heads, tags, ts, values, good) if len(tags) else None
    return Group(fresh, sizes, reasons, record)


def _fresh(state: State, batches: Sequence[Batch]) -> list[int]:
    seen: set[bytes] = set()
    fresh = []
    for position, batch in enumerate(batches):
        if batch.id != NO_BATCH and (batch.id in seen or batch.id in state.batches):
            continue
        seen.add(batch.id)
        fresh.append(position)
    return fresh


def _reasons(state: State, columns: tuple[np.ndarray, ...], arrival_ms: int) -> npt.NDArray[np.uint8]:
    sources, tags, ts, values, good = columns
    owner = state.table.owner
    owners = owner[np.minimum(tags, len(owner) - 1).astype(np.intp)]  # the last place is always 0
    finite = np.isfinite(values)
    reasons = np.zeros(len(tags), np.uint8)
    in_time = int(ts.min()) >= EARLIEST_MS and int(ts.max()) <= arrival_ms + FUTURE_MS
    if in_time and finite.all() and (owners == sources).all():
        return reasons
    reasons[~finite & (good != 0)] = BAD_VALUE
    reasons[ts > arrival_ms + FUTURE_MS] = FUTURE_TIME
    reasons[ts < EARLIEST_MS] = BAD_TIME
    reasons[owners != sources] = OTHER_SOURCE
    reasons[owners == 0] = UNKNOWN_TAG
    values[~finite] = np.nan  # bad quality may carry anything; it is kept as "no number"
    return reasons


def _per_batch(flags: npt.NDArray[np.bool_], sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    sums = np.concatenate([[0], np.cumsum(flags)])
    ends = np.cumsum(sizes)
    counts: npt.NDArray[np.int64] = sums[ends] - sums[ends - sizes]
    return counts


def _forget_unnamed(
    heads: np.ndarray, batches: Sequence[Batch], kept: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]
) -> None:
    """A batch known only by its content is not remembered when something was refused: it may be sent again later."""
    for position, batch in enumerate(batches):
        if not batch.named and kept[position] < sizes[position]:
            heads["id"][position] = NO_BATCH


def answers(group: Group, batches: Sequence[Batch], verdicts: npt.NDArray[np.uint8] | None) -> list[Answer]:
    """One answer a batch, in the order they came in."""
    reasons = group.reasons
    if verdicts is not None and verdicts.any():
        reasons = reasons.copy()
        reasons[reasons == TAKEN] = verdicts
    given = [Answer([0] * len(REASONS), repeated=True) for _ in batches]
    plain = not reasons.any()
    ends = np.cumsum(group.sizes)
    for number, position in enumerate(group.fresh):
        size, end = int(group.sizes[number]), int(ends[number])
        given[position] = Answer([size] + [0] * (len(REASONS) - 1)) if plain else _answer(reasons[end - size : end])
    return given


def _answer(reasons: npt.NDArray[np.uint8]) -> Answer:
    counts = np.bincount(reasons, minlength=len(REASONS)).tolist()
    first = np.flatnonzero(reasons > DUPLICATE)[:LISTED]
    return Answer(counts, [(int(index), int(reasons[index])) for index in first])
