"""The compiled loops behind :mod:`anlan.kernels.detect`; imported at the first call, because numba takes a second.

The fast path: ``hot[tag]`` is half a cache line. It keeps the *quiet band*, an open interval of values that would
change nothing in the tag's present state, rounded inwards to 32 bits. Calm, it lies between the limits; in alarm,
beyond the way back. It is empty before the first reading, after a bad one, while a delay is being timed and while data
are missing. A good, newer reading inside it is stored and done with. Everything else goes to ``_reading``, which is
exact in 64 bits.

Low limits are kept negated, so that one comparison serves all four: ``x >= at`` raises, ``x < at - deadband`` clears,
with ``x = value`` for HH and H and ``x = -value`` for L and LL. A limit not set is NaN: nothing compares with it.
A tag's limits lie in rows ``4 * tag`` to ``4 * tag + 3`` of their table and travel as four records: for an array, also
one inside a record, numba counts references at every touch, which costs more than the rules do.

The entry points take their arrays one by one: a NamedTuple of arrays costs 4 µs more a call.
"""

import numba
import numpy as np
import numpy.typing as npt
from numba import types

from anlan.kernels._cache import jit, jit_for
from anlan.kernels._detect_types import (
    COLD,
    CONFLICT,
    DEADLINE,
    DUPLICATE,
    EVENT,
    HOT,
    LATE,
    LIMIT,
    MISSING,
    NEVER,
    NONE,
    NOW,
    RULES,
)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Tags = npt.NDArray[np.uint32]
Records = npt.NDArray[np.void]
Record = np.void
Four = tuple[Record, Record, Record, Record]

EMPTY = np.float32(np.inf)  # lower end of a quiet band in which nothing lies
MOST = 5  # events that one reading, or one tag's new rules, can cause


def _column(of: types.Type, *, readonly: bool = True) -> object:
    return types.Array(of, 1, "C", readonly=readonly)


def _table(dtype: np.dtype[np.void], *, readonly: bool = False) -> object:
    return _column(numba.from_dtype(dtype), readonly=readonly)


_STATE = (_table(HOT), _table(COLD), _table(LIMIT), _column(types.int64, readonly=False))
_READINGS = tuple(_column(of) for of in (types.uint32, types.int64, types.float64, types.uint8))


@jit
def _inward_low(bound: float) -> np.float32:
    """A 32-bit number that is not below ``bound``, and at most two steps above it."""
    near = np.float32(bound)
    above = near + (abs(near) * np.float32(2**-23) + np.float32(1.5e-45))
    return above if near < bound else near


@jit
def _own(limits: Records, tag: int) -> Four:
    """The rows of a tag's HH, H, L and LL."""
    first = 4 * np.int64(tag)
    return limits[first], limits[first + 1], limits[first + 2], limits[first + 3]


@jit
def _settle(hot: Record, cold: Record, limits: Four) -> None:
    """Work out anew the quiet band of a tag."""
    low, high = -np.inf, np.inf
    quiet = (cold["missing"] == 0) & (cold["bad"] == 0) & (hot["ts"] != NONE)
    alarms, deadband = cold["alarms"], cold["deadband"]
    for limit, own in enumerate(limits):
        at = own["at"]
        quiet &= own["since"] == NONE
        raised = alarms >> limit & 1 != 0
        bound = at - deadband if raised else at
        bound = bound if limit < 2 else -bound
        is_high = (limit < 2) != raised
        top, bottom = bound if is_high else np.inf, -np.inf if is_high else bound
        high = top if top < high else high
        low = bottom if bottom > low else low
    hot["low"] = _inward_low(low) if quiet else EMPTY
    hot["high"] = -_inward_low(-high)


@jit
def _limits(cold: Record, limits: Four, ts: int, value: float) -> int:
    """Take a good reading through the four limits. Returns a bit for each limit that was raised or cleared."""
    changed = 0
    alarms, deadband, on_ms, off_ms = cold["alarms"], cold["deadband"], cold["on_ms"], cold["off_ms"]
    for limit, own in enumerate(limits):
        at, since = own["at"], own["since"]
        x = value if limit < 2 else -value
        raised = alarms >> limit & 1 != 0
        holds = x < at - deadband if raised else x >= at
        begun = ts if since == NONE else since
        over = holds & (ts - begun >= (off_ms if raised else on_ms))
        own["since"] = begun if holds & (not over) else NONE
        changed |= over << limit
    cold["alarms"] = alarms ^ np.uint8(changed)
    return changed


@jit
def _reading(hot: Record, cold: Record, limits: Four, ts: int, value: float, good: int) -> int:
    """Take a newer reading that may change something. Returns a bit for each rule that was raised or cleared."""
    changed = 0
    if cold["missing"]:
        cold["missing"] = 0
        changed = 1 << MISSING
    hot["ts"] = ts
    hot["value"] = value
    cold["bad"] = good == 0
    if good != 0 and value == value:
        changed |= _limits(cold, limits, ts, value)
    _settle(hot, cold, limits)
    return changed


@jit
def _refusal(hot: Record, cold: Record, ts: int, value: float, good: int) -> int:
    """Late, or at the time of the last reading: the same one again, or a contradiction."""
    if ts < hot["ts"]:
        return LATE
    last = hot["value"]
    same = value == last or (value != value and last != last)
    return DUPLICATE if same and (good != 0) == (cold["bad"] == 0) else CONFLICT


@jit
def _event(event: Record, index: int, tag: int, ts: int, limit: int, kind: int, value: float) -> None:
    event["index"] = index
    event["tag"] = tag
    event["ts"] = ts
    event["limit"] = limit
    event["kind"] = kind
    event["value"] = value


@jit
def _report(
    out: Records, count: int, changed: int, alarms: int, index: int, tag: int, ts: int, value: float, arrival: int
) -> int:
    """Write an event for each bit of ``changed``. MISSING lives in arrival time and has no value."""
    for limit in range(4):
        if changed >> limit & 1:
            _event(out[count], index, tag, ts, limit, alarms >> limit & 1, value)
            count += 1
    if changed >> MISSING & 1:
        _event(out[count], index, tag, arrival, MISSING, 0, np.nan)
        count += 1
    return count


@jit_for(
    *_STATE, *_READINGS, types.int64, types.int64, _column(types.uint8, readonly=False), _table(EVENT), types.int64
)
def detect(
    hot: Records, cold: Records, limits: Records, clock: Ints,
    tags: Tags, ts: Ints, values: Floats, good: Bytes,
    arrival: int, live: int, verdicts: Bytes, out: Records, start: int,
) -> tuple[int, int]:  # fmt: skip
    """Take readings from ``start`` on. Returns (next reading, events written).

    Stops early when ``out`` might overflow and, in a file (not ``live``: time is the largest ts so far), before a
    reading at whose time the tick has work.
    """
    count, room, index = 0, len(out) - MOST, np.int64(start)
    while index < len(tags):
        if live:  # the fast path, written out here: as a function it would count references to its arrays
            row = np.uint64(index)  # unsigned, so that no index is looked at for being negative
            while row < np.uint64(len(tags)):
                tag, at, value = tags[row], ts[row], values[row]
                h = hot[tag]
                if not ((h["low"] < value) & (value < h["high"]) & (at > h["ts"]) & (good[row] != 0)):
                    break
                h["ts"] = at
                h["value"] = value
                h["arrival"] = arrival
                row += np.uint64(1)
            index = np.int64(row)
            if index == len(tags):
                break
        tag, at, value = tags[index], ts[index], values[index]
        if not live:
            clock[NOW] = arrival = max(clock[NOW], at)
            if arrival > clock[DEADLINE]:
                break
        h, c = hot[tag], cold[tag]
        if at > h["ts"]:
            if count > room:
                break
            h["arrival"] = arrival
            changed = _reading(h, c, _own(limits, tag), at, value, good[index])
            if c["missing_ms"] > 0:
                clock[DEADLINE] = min(clock[DEADLINE], arrival + c["missing_ms"])
            if changed:
                count = _report(out, count, changed, c["alarms"], int(index), tag, at, value, arrival)
        else:
            verdicts[index] = _refusal(h, c, at, value, good[index])
        index += 1
    return int(index), count


@jit_for(*_STATE, types.int64, _table(EVENT), types.int64)
def tick(
    hot: Records, cold: Records, limits: Records, clock: Ints, now: int, out: Records, start: int
) -> tuple[int, int]:
    """Raise MISSING from tag ``start`` on and find the next deadline. Returns (next tag, events written)."""
    count = 0
    if start == 0:
        clock[DEADLINE] = NEVER
    for tag in range(start, len(hot)):
        h, c = hot[tag], cold[tag]
        if c["missing_ms"] == 0:
            continue
        deadline = h["arrival"] + c["missing_ms"]
        if now <= deadline:
            clock[DEADLINE] = min(clock[DEADLINE], deadline)
            continue
        if c["missing"]:
            continue
        if count == len(out):
            return tag, count
        c["missing"] = 1
        h["low"] = EMPTY
        _event(out[count], tag, tag, now, MISSING, 1, np.nan)
        count += 1
    return len(hot), count


@jit
def _rearm(cold: Record, limits: Four, rule: Record) -> int:
    """Put new rules in place; what is unchanged keeps its run. Returns a bit for each removed rule in alarm."""
    gone = 0
    wanted = (rule["hh"], rule["h"], -rule["l"], -rule["ll"])
    for limit, own in enumerate(limits):
        new, raised = wanted[limit], cold["alarms"] >> limit & 1
        before, after = (cold["deadband"], rule["deadband"]) if raised else (0.0, 0.0)
        if new - after != own["at"] - before:
            own["since"] = NONE
        if raised and new != new:
            gone |= 1 << limit
        own["at"] = new
    cold["alarms"] &= ~np.uint8(gone)
    if cold["missing"] and rule["missing_ms"] == 0:
        cold["missing"] = 0
        gone |= 1 << MISSING
    cold["deadband"] = rule["deadband"]
    cold["on_ms"], cold["off_ms"], cold["missing_ms"] = rule["on_delay_ms"], rule["off_delay_ms"], rule["missing_ms"]
    return gone


@jit_for(*_STATE, _column(types.uint32), _table(RULES, readonly=True), types.int64, _table(EVENT))
def configure(
    hot: Records, cold: Records, limits: Records, clock: Ints,
    tags: Tags, rules: Records, now: int, out: Records,
) -> int:  # fmt: skip
    """Give tags their rules. Returns the events written: removed rules that were in alarm."""
    count = 0
    for index in range(len(tags)):
        tag = tags[index]
        h, c, own = hot[tag], cold[tag], _own(limits, tag)
        gone = _rearm(c, own, rules[index])
        if not c["known"]:
            c["known"] = 1
            h["arrival"] = now
        if c["missing_ms"] > 0 and not c["missing"]:
            clock[DEADLINE] = min(clock[DEADLINE], h["arrival"] + c["missing_ms"])
        _settle(h, c, own)
        count = _report(out, count, gone, 0, index, tag, now, np.nan, now)
    return count
