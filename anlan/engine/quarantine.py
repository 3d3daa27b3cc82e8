"""What cannot be believed is kept aside, bounded, for people to look at: payloads, and readings in conflict."""

import contextlib
import time
from pathlib import Path

import numpy as np
import orjson

MOST_FILES = 1_000
MOST_PAYLOAD = 1 << 20
CONFLICT_BYTES = 8 << 20


class Quarantine:
    """A folder. Its oldest payloads go when there are too many."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._number = 0

    def payload(self, origin: str, payload: bytes, why: str) -> None:
        """Keep a payload (its first MiB) with a line that says where it came from and what is wrong."""
        self._number += 1
        head = orjson.dumps({"origin": origin, "why": why, "bytes": len(payload)})
        name = f"payload-{time.time_ns():020d}-{self._number % 1000:03d}.bin"
        with contextlib.suppress(OSError):  # a full disk must not stop the engine
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_bytes(head + b"\n" + payload[:MOST_PAYLOAD])
        if self._number % 100 == 1:
            for old in sorted(self.folder.glob("payload-*.bin"))[:-MOST_FILES]:
                old.unlink(missing_ok=True)

    def conflicts(self, offset: int, tags: np.ndarray, ts: np.ndarray, values: np.ndarray) -> None:
        """Keep readings whose time is that of the tag's last reading but whose value is another."""
        path = self.folder / "conflicts.jsonl"
        rows = zip(tags.tolist(), ts.tolist(), values.tolist(), strict=True)
        lines = [orjson.dumps({"record": offset, "tag": tag, "ts": at, "value": value}) for tag, at, value in rows]
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.stat().st_size > CONFLICT_BYTES:
                path.rename(self.folder / "conflicts.old.jsonl")
            with path.open("ab") as file:
                file.write(b"\n".join(lines) + b"\n")
