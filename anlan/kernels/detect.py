"""Alarm rules over readings: HH, H, L, LL with deadband and delays, and MISSING.

A limit's condition is true when value >= H (>= HH, <= L, <= LL). It raises at the first good reading at which the
condition has held without a break for at least the on-delay, counted from the first reading of the run; it clears at
the first good reading at which value < H - deadband (> L + deadband) has held likewise for the off-delay. A bad reading
(or NaN) neither starts, breaks nor continues a run. Each limit keeps its own state.

Only a reading newer than the tag's last one is *taken*; a late one is for history only, one at the same time is a
duplicate or a conflict. MISSING is raised by the tick at which time passes the arrival of the last taken reading (good
or bad) + ``missing_ms``, and cleared when the next one is taken; both carry arrival time.

All times are integer milliseconds. The same calls in the same order give the same events, however readings are cut
into batches.
"""

import functools
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType

import numpy as np
import numpy.typing as npt

from anlan.kernels._detect_before import FIRST, from_first
from anlan.kernels._detect_types import (
    COLD,
    CONFLICT,
    DEADLINE,
    DUPLICATE,
    EVENT,
    HOT,
    LATE,
    LIMIT,
    LIMITS,
    MISSING,
    NEVER,
    NONE,
    NOW,
    RULES,
    TAKEN,
)

__all__ = [
    "CONFLICT", "DUPLICATE", "EVENT", "LATE", "LIMITS", "MISSING", "NEVER", "RULES", "TAKEN", "BadSnapshot", "Outcome",
    "State", "configure", "detect", "replay", "shift", "tick", "warm",
]  # fmt: skip

Events = npt.NDArray[np.void]
_HEADER = struct.Struct("<8sIIQII")  # magic, version, layout, tags, crc of the body, crc of what stands before
_MAGIC = b"ANLNDTCT"
_VERSION = 2
Layout = tuple[np.dtype[np.void], ...]
#: The tables of each version that can be read, in order.
_LAYOUTS: dict[int, Layout] = {1: FIRST, _VERSION: (HOT, COLD, LIMIT)}


class BadSnapshot(ValueError):
    """Bytes that are not, or not wholly, a state that this version wrote."""


@dataclass(frozen=True)
class Outcome:
    """What a batch caused: events ordered by (ts, tag, limit), and a verdict for each reading."""

    events: Events
    verdicts: npt.NDArray[np.uint8]


@dataclass
class State:
    """Everything the rules remember. The index of a table is the tag's number; four rows of ``limits`` are a tag's."""

    hot: npt.NDArray[np.void]
    cold: npt.NDArray[np.void]
    limits: npt.NDArray[np.void]
    #: [next deadline of a tag that is not missing, or earlier; largest ts of a file so far]
    clock: npt.NDArray[np.int64] = field(default_factory=lambda: np.array([NEVER, NONE]))

    @classmethod
    def empty(cls, n: int) -> "State":
        """A state for ``n`` tags without rules."""
        state = cls(_aligned(n, HOT), _aligned(n, COLD), _aligned(4 * n, LIMIT))
        state.hot["ts"] = state.limits["since"] = NONE
        state.hot["low"] = np.inf  # nothing is quiet yet
        state.limits["at"] = np.nan
        state.hot["arrival"] = NEVER
        return state

    def __len__(self) -> int:
        return len(self.hot)

    def grow(self, n: int) -> None:
        """Make room for ``n`` tags; never shrinks."""
        old = len(self)
        if n <= old:
            return
        new = State.empty(n)
        for grown, part in zip(new.tables(), self.tables(), strict=True):
            grown[: len(part)] = part
        self.hot, self.cold, self.limits = new.tables()

    def tables(self) -> tuple[npt.NDArray[np.void], ...]:
        """All that grows with the tags."""
        return self.hot, self.cold, self.limits

    def alarms(self) -> npt.NDArray[np.bool_]:
        """What is raised now, tags x limits."""
        limits: npt.NDArray[np.uint8] = self.cold["alarms"]
        missing: npt.NDArray[np.uint8] = self.cold["missing"]
        bits = limits | missing << MISSING
        return (bits[:, None] >> np.arange(len(LIMITS), dtype=np.uint8) & 1).astype(bool)

    def to_bytes(self) -> bytes:
        """The state as bytes, with version and checksums."""
        body = b"".join(part.tobytes() for part in (self.clock, *self.tables()))
        head = _HEADER.pack(_MAGIC, _VERSION, _layout(), len(self), zlib.crc32(body), 0)[:-4]
        return head + struct.pack("<I", zlib.crc32(head)) + body

    @classmethod
    def from_bytes(cls, data: bytes) -> "State":
        """The state that ``to_bytes`` wrote; ``BadSnapshot`` if it is cut, changed or of an unknown version."""
        version, n, body = _checked(data)
        clock, *parts = _cut(body, n, _LAYOUTS[version])
        state = cls.empty(n)
        state.clock[:] = clock
        for part, read in zip(state.tables(), from_first(tuple(parts)) if version == 1 else parts, strict=True):
            part[:] = read
        return state


def configure(state: State, tags: npt.ArrayLike, rules: npt.ArrayLike, now_ms: int) -> Events:
    """Give tags their rules, from now on. Returns clear events for removed rules that were in alarm.

    Alarms stay until readings under the new rules clear them. A run goes on if its own limit (and, on the way back,
    deadband) stayed the same. A tag without readings is waited for from its first ``now_ms`` on; ``NEVER``: not at all.

    Raises
    ------
    ValueError
        An infinite limit, a negative deadband or a negative time; which tag, which value.
    """
    numbers = np.ascontiguousarray(tags, np.uint32)
    table = np.ascontiguousarray(rules, RULES)
    if len(numbers) != len(table):
        raise ValueError(f"{len(numbers)} tags but {len(table)} rules")
    _check_rules(numbers, table)
    table = table.copy()
    deadbands: npt.NDArray[np.float64] = table["deadband"]
    deadbands[np.isnan(deadbands)] = 0.0
    state.grow(int(numbers.max(initial=0)) + 1)
    out = np.zeros(len(numbers) * len(LIMITS), EVENT)
    count = _loops().configure(*_tables(state), numbers, table, int(now_ms), out)
    return _ordered(out[:count])


def detect(
    state: State,
    tags: npt.ArrayLike,
    ts: npt.ArrayLike,
    values: npt.ArrayLike,
    good: npt.ArrayLike,
    arrival_ms: int,
) -> Outcome:
    """Take a batch of readings that arrived at ``arrival_ms``.

    Parameters
    ----------
    tags : u4[]
        Tag numbers, below ``len(state)``.
    ts, values, good : i8[], f8[], bool[] or u1[]
        The source's time [ms], value, and 1 for good quality.
    arrival_ms : int
        When the batch came in [ms].

    Raises
    ------
    IndexError
        A tag number that the state has no room for; nothing has been taken.
    ValueError
        Columns of different lengths; nothing has been taken.
    """
    batch = _columns(state, tags, ts, values, good)
    verdicts = np.zeros(len(batch[0]), np.uint8)
    loops, parts, at = _loops(), list[Events](), 0
    while at < len(verdicts):
        out = _room(len(verdicts) - at)
        at, count = loops.detect(*_tables(state), *batch, int(arrival_ms), 1, verdicts, out, at)
        parts.append(out[:count])
    return Outcome(_joined(parts), verdicts)


def replay(state: State, tags: npt.ArrayLike, ts: npt.ArrayLike, values: npt.ArrayLike, good: npt.ArrayLike) -> Outcome:
    """Take readings of a file: time is the largest ts so far, and ticks before each reading that moves it.

    Parameters and errors as in :func:`detect`. A tick's event has its tag's number as ``index``.
    """
    batch = _columns(state, tags, ts, values, good)
    verdicts = np.zeros(len(batch[0]), np.uint8)
    loops, parts, at = _loops(), list[Events](), 0
    while at < len(verdicts):
        out = _room(len(verdicts) - at)
        at, count = loops.detect(*_tables(state), *batch, 0, 0, verdicts, out, at)
        parts.append(out[:count])
        parts += _ticked(state, int(state.clock[NOW]))
    return Outcome(_joined(parts), verdicts)


def tick(state: State, now_ms: int) -> Events:
    """Raise MISSING for every tag whose last arrival lies more than its ``missing_ms`` before ``now_ms``."""
    return _joined(_ticked(state, int(now_ms)))


def shift(state: State, jump_ms: int) -> None:
    """Move all arrivals by ``jump_ms``: the clock jumped, the readings did not come later or earlier for it."""
    for times in (state.hot["arrival"], state.clock[: DEADLINE + 1]):
        times[times != NEVER] += jump_ms


def warm() -> None:
    """Load the compiled loops, compiling them if the cache lacks them, so that the first batch need not wait."""
    _loops()


@functools.cache
def _loops() -> ModuleType:
    from anlan.kernels import _detect_loops

    return _detect_loops


def _tables(state: State) -> tuple[npt.NDArray[np.void] | npt.NDArray[np.int64], ...]:
    return *state.tables(), state.clock


def _columns(
    state: State, tags: npt.ArrayLike, ts: npt.ArrayLike, values: npt.ArrayLike, good: npt.ArrayLike
) -> tuple[npt.NDArray[np.generic], ...]:
    quality = np.ascontiguousarray(good)
    quality = quality.view(np.uint8) if quality.dtype == np.bool_ else quality.astype(np.uint8, copy=False)
    columns = (
        np.ascontiguousarray(tags, np.uint32),
        np.ascontiguousarray(ts, np.int64),
        np.ascontiguousarray(values, np.float64),
        quality,
    )
    if any(column.shape != columns[0].shape or column.ndim != 1 for column in columns):
        raise ValueError(f"columns differ in length: {[column.shape for column in columns]}")
    if len(columns[0]) and int(columns[0].max()) >= len(state):
        raise IndexError(f"tag {columns[0].max()} is unknown: the state has room for {len(state)} tags")
    return columns


def _check_rules(tags: npt.NDArray[np.uint32], rules: npt.NDArray[np.void]) -> None:
    wrong: dict[str, npt.NDArray[np.bool_]] = {}
    for name in ("hh", "h", "l", "ll", "deadband"):
        limits: npt.NDArray[np.float64] = rules[name]
        wrong[name] = np.isinf(limits) | (limits < 0) if name == "deadband" else np.isinf(limits)
    for name in ("on_delay_ms", "off_delay_ms", "missing_ms"):
        times: npt.NDArray[np.int64] = rules[name]
        wrong[name] = (times < 0) | (times > 1 << 48)
    for name, rows in wrong.items():
        if rows.any():
            row = int(rows.argmax())
            raise ValueError(f"tag {tags[row]}: {name} may not be {rules[name][row]}")


def _ticked(state: State, now: int) -> list[Events]:
    parts = list[Events]()
    if now <= state.clock[DEADLINE]:
        return parts
    loops, at = _loops(), 0
    while at < len(state):
        out = np.zeros(max(64, len(state) >> 3), EVENT)
        at, count = loops.tick(*_tables(state), now, out, at)
        parts.append(out[:count])
    return parts


def _room(readings: int) -> Events:
    """Space for events: an eighth of the readings is plenty, and the loop comes back for more."""
    return np.empty((readings >> 3) + 64, EVENT)


def _joined(parts: list[Events]) -> Events:
    filled = [part for part in parts if len(part)]
    if not filled:
        return np.zeros(0, EVENT)
    return _ordered(filled[0] if len(filled) == 1 else np.concatenate(filled))


def _ordered(events: Events) -> Events:
    """By (ts, tag, limit). MISSING may be raised and cleared at one time, in this order, so the sort is stable."""
    if len(events) < 2:
        return events.copy()
    low, high = int(events["ts"].min()), int(events["ts"].max())
    tags = int(events["tag"].max()) + 1
    if (high - low + 1) * tags < 1 << 60:  # one key instead of three: four times as fast
        ts: npt.NDArray[np.int64] = events["ts"]
        tag: npt.NDArray[np.uint32] = events["tag"]
        limit: npt.NDArray[np.uint8] = events["limit"]
        key = ((ts - low) * tags + tag) * 8 + limit
        return events[np.argsort(key, kind="stable")]
    return events[np.lexsort((events["limit"], events["tag"], events["ts"]))]


def _aligned(n: int, dtype: np.dtype[np.void]) -> npt.NDArray[np.void]:
    """Zeros that start at a cache line."""
    raw = np.zeros(n * dtype.itemsize + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + n * dtype.itemsize].view(dtype)


def _layout(version: int = _VERSION) -> int:
    return zlib.crc32(repr([dtype.descr for dtype in _LAYOUTS[version]]).encode())


def _checked(data: bytes) -> tuple[int, int, memoryview]:
    if len(data) < _HEADER.size:
        raise BadSnapshot(f"{len(data)} bytes are too short for a snapshot")
    magic, version, layout, n, crc, own = _HEADER.unpack_from(data)
    if magic != _MAGIC or own != zlib.crc32(data[: _HEADER.size - 4]):
        raise BadSnapshot("not a snapshot of the alarm rules, or its head is damaged")
    if version not in _LAYOUTS or layout != _layout(version):
        raise BadSnapshot(f"snapshot version {version} was written by another version; replay the log instead")
    body = memoryview(data)[_HEADER.size :]
    if len(body) != sum(_sizes(n, _LAYOUTS[version])) or zlib.crc32(body) != crc:
        raise BadSnapshot("the snapshot is cut or damaged")
    return version, n, body


def _sizes(n: int, layout: Layout) -> list[int]:
    """Bytes of the clock and of each table; a tag's limits are four rows."""
    return [16, *(n * dtype.itemsize * (4 if dtype == LIMIT else 1) for dtype in layout)]


def _cut(body: memoryview, n: int, layout: Layout) -> Iterator[npt.NDArray[np.void]]:
    """The clock and the tables that stand in a body one after the other."""
    at = 0
    for size, dtype in zip(_sizes(n, layout), (np.dtype(np.int64), *layout), strict=True):
        yield np.frombuffer(body[at : at + size], dtype)
        at += size
