"""The records and numbers that :mod:`anlan.kernels.detect` and its compiled loops share."""

import numpy as np

#: One reading may raise or clear several of these; the position is the code, everywhere.
LIMITS = ("HH", "H", "L", "LL", "MISSING")
MISSING = 4

NONE = -(1 << 63)  # no run, no reading yet
NEVER = 1 << 62  # a time that does not come, ms

TAKEN, LATE, DUPLICATE, CONFLICT = 0, 1, 2, 3  # verdicts
DEADLINE, NOW = 0, 1  # places in State.clock

#: Rules of a tag. Limits and deadband in the tag's unit, NaN = none; times in ms; ``missing_ms`` 0 = none.
RULES = np.dtype(
    [
        ("hh", "f8"),
        ("h", "f8"),
        ("l", "f8"),
        ("ll", "f8"),
        ("deadband", "f8"),
        ("on_delay_ms", "i8"),
        ("off_delay_ms", "i8"),
        ("missing_ms", "i8"),
    ]
)

#: ``index``: position in the batch (the tag for a tick); ``kind``: 1 raise, 0 clear; ``value``: NaN for MISSING.
EVENT = np.dtype(
    [("index", "u4"), ("tag", "u4"), ("ts", "i8"), ("value", "f8"), ("limit", "u1"), ("kind", "u1")], align=True
)

#: What every reading touches, 32 bytes: time and value of the last one taken, when it came in (ms), the quiet band.
HOT = np.dtype([("ts", "i8"), ("value", "f8"), ("arrival", "i8"), ("low", "f4"), ("high", "f4")])

#: What only a reading that may change something touches: deadband, delays, how long the tag may be silent (0 = for
#: ever; all ms), a bit for each raised limit, flags.
COLD = np.dtype(
    [
        ("deadband", "f8"),
        ("on_ms", "i8"),
        ("off_ms", "i8"),
        ("missing_ms", "i8"),
        ("alarms", "u1"),
        ("missing", "u1"),
        ("bad", "u1"),
        ("known", "u1"),
    ],
    align=True,
)

#: One of a tag's four limits: where it raises, and when its run started (ms). A tag's four fill a cache line.
LIMIT = np.dtype([("at", "f8"), ("since", "i8")])
