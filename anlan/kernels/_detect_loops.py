"""The compiled loops behind :mod:`anlan.kernels.detect`; imported at the first call, because numba takes a second.

The fast path: ``hot[tag]`` is half a cache line. It keeps the *quiet band*, an open interval of values that would
change nothing in the tag's present state, rounded inwards to 32 bits, and ``due``, the time until which that holds.
Calm, the band lies between the limits; in alarm, beyond the way back; while a delay is being timed, where the run goes
on, until the delay is over. A good, newer reading inside it is stored and done with. Everything else goes to
``_reading``, which is exact in 64 bits. Nothing is quiet before the first reading, after a bad one, and while data are
missing.

Low limits are kept negated, so that one comparison serves all four: ``x >= at`` raises, ``x < back`` clears, with
``x = value`` for HH and H and ``x = -value`` for L and LL. A limit that is not set is NaN: nothing compares with it.

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

MOST = 5  # events that one reading, or one tag's new rules, can cause


def _column(of: types.Type, *, readonly: bool = True) -> object:
    return types.Array(of, 1, "C", readonly=readonly)


def _table(dtype: np.dtype[np.void], *, readonly: bool = False) -> object:
    return _column(numba.from_dtype(dtype), readonly=readonly)


_STATE = (_table(HOT), _column(types.int64, readonly=False), _table(COLD), _column(types.int64, readonly=False))
_READINGS = tuple(_column(of) for of in (types.uint32, types.int64, types.float64, types.uint8))


@jit
def _inward_low(bound: float) -> np.float32:
    """The least 32-bit number that is not below ``bound``."""
    near = np.float32(bound)
    return np.nextafter(near, np.float32(np.inf)) if near < bound else near


@jit
def _settle(hot: Record, cold: Record) -> None:
    """Work out anew the quiet band of a tag, and until when it holds."""
    low, high, due = -np.inf, np.inf, NEVER
    at, back, since, alarms = cold["at"], cold["back"], cold["since"], cold["alarms"]
    if cold["missing"] or cold["bad"] or hot["ts"] == NONE:
        due = NONE
    for limit in range(4):
        raised = alarms >> limit & 1
        bound = back[limit] if raised else at[limit]
        if bound != bound:
            continue
        running = since[limit] != NONE
        if running:
            due = min(due, since[limit] + (cold["off_ms"] if raised else cold["on_ms"]))
        bound_is_high = (limit < 2) == (raised == running)
        if limit >= 2:
            bound = -bound
        if bound_is_high:
            high = min(high, bound)
        else:
            low = max(low, bound)
    hot["low"] = _inward_low(low)
    hot["high"] = -_inward_low(-high)
    hot["due"] = due


@jit
def _limits(cold: Record, ts: int, value: float) -> int:
    """Take a good reading through the four limits. Returns a bit for each limit that was raised or cleared."""
    at, back, since, alarms = cold["at"], cold["back"], cold["since"], cold["alarms"]
    changed = 0
    for limit in range(4):
        x = value if limit < 2 else -value
        raised = alarms >> limit & 1
        run = NONE
        if x < back[limit] if raised else x >= at[limit]:
            run = ts if since[limit] == NONE else since[limit]
            if ts - run >= (cold["off_ms"] if raised else cold["on_ms"]):
                changed |= 1 << limit
                run = NONE
        since[limit] = run
    cold["alarms"] = alarms ^ np.uint8(changed)
    return changed


@jit
def _reading(hot: Record, cold: Record, ts: int, value: float, good: int) -> int:
    """Take a newer reading that may change something. Returns a bit for each rule that was raised or cleared."""
    changed = 0
    if cold["missing"]:
        cold["missing"] = 0
        changed = 1 << MISSING
    hot["ts"] = ts
    hot["value"] = value
    cold["bad"] = good == 0
    if good != 0 and value == value:
        changed |= _limits(cold, ts, value)
    _settle(hot, cold)
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
    hot: Records, arrivals: Ints, cold: Records, clock: Ints, tags: Tags, ts: Ints, values: Floats, good: Bytes,
    arrival: int, live: int, verdicts: Bytes, out: Records, start: int,
) -> tuple[int, int]:  # fmt: skip
    """Take readings from ``start`` on. Returns (next reading, events written).

    Stops early when ``out`` might overflow and, in a file (not ``live``: time is the largest ts so far), before a
    reading at whose time the tick has work.
    """
    count, room = 0, len(out) - MOST
    for index in range(start, len(tags)):
        tag, at, value = tags[index], ts[index], values[index]
        if not live:
            clock[NOW] = arrival = max(clock[NOW], at)
            if arrival > clock[DEADLINE]:
                return index, count
        h = hot[tag]
        if (h["low"] < value) & (value < h["high"]) & (at > h["ts"]) & (at < h["due"]) & (good[index] != 0):
            h["ts"] = at
            h["value"] = value
            arrivals[tag] = arrival
        elif at > h["ts"]:
            if count > room:
                return index, count
            c = cold[tag]
            arrivals[tag] = arrival
            changed = _reading(h, c, at, value, good[index])
            if c["missing_ms"] > 0:
                clock[DEADLINE] = min(clock[DEADLINE], arrival + c["missing_ms"])
            if changed:
                count = _report(out, count, changed, c["alarms"], index, tag, at, value, arrival)
        else:
            verdicts[index] = _refusal(h, cold[tag], at, value, good[index])
    return len(tags), count


@jit_for(*_STATE, types.int64, _table(EVENT), types.int64)
def tick(
    hot: Records, arrivals: Ints, cold: Records, clock: Ints, now: int, out: Records, start: int
) -> tuple[int, int]:
    """Raise MISSING from tag ``start`` on and find the next deadline. Returns (next tag, events written)."""
    count = 0
    if start == 0:
        clock[DEADLINE] = NEVER
    for tag in range(start, len(cold)):
        c = cold[tag]
        if c["missing_ms"] == 0 or c["missing"]:
            continue
        deadline = arrivals[tag] + c["missing_ms"]
        if now <= deadline:
            clock[DEADLINE] = min(clock[DEADLINE], deadline)
            continue
        if count == len(out):
            return tag, count
        c["missing"] = 1
        hot[tag]["due"] = NONE
        _event(out[count], tag, tag, now, MISSING, 1, np.nan)
        count += 1
    return len(cold), count


@jit
def _rearm(cold: Record, rule: Record) -> int:
    """Put new rules in place; what is unchanged keeps its run. Returns a bit for each removed rule in alarm."""
    at, back, since = cold["at"], cold["back"], cold["since"]
    gone = 0
    for limit, new in enumerate((rule["hh"], rule["h"], -rule["l"], -rule["ll"])):
        raised = cold["alarms"] >> limit & 1
        new_back = new - rule["deadband"]
        if (new_back != back[limit]) if raised else (new != at[limit]):
            since[limit] = NONE
        if raised and new != new:
            gone |= 1 << limit
        at[limit], back[limit] = new, new_back
    cold["alarms"] &= ~np.uint8(gone)
    if cold["missing"] and rule["missing_ms"] == 0:
        cold["missing"] = 0
        gone |= 1 << MISSING
    cold["on_ms"], cold["off_ms"], cold["missing_ms"] = rule["on_delay_ms"], rule["off_delay_ms"], rule["missing_ms"]
    return gone


@jit_for(*_STATE, _column(types.uint32), _table(RULES, readonly=True), types.int64, _table(EVENT))
def configure(
    hot: Records, arrivals: Ints, cold: Records, clock: Ints, tags: Tags, rules: Records, now: int, out: Records,
) -> int:  # fmt: skip
    """Give tags their rules. Returns the events written: removed rules that were in alarm."""
    count = 0
    for index in range(len(tags)):
        tag = tags[index]
        c = cold[tag]
        gone = _rearm(c, rules[index])
        if not c["known"]:
            c["known"] = 1
            arrivals[tag] = now
        if c["missing_ms"] > 0 and not c["missing"]:
            clock[DEADLINE] = min(clock[DEADLINE], arrivals[tag] + c["missing_ms"])
        _settle(hot[tag], c)
        count = _report(out, count, gone, 0, index, tag, now, np.nan, now)
    return count
