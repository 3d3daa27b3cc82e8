"""What the web processes of one data folder tell one another: each keeps a file ``web/<pid>.json`` with its figures.

Whoever asks one of them for ``/metrics`` or for the health page shall hear of all. A file that is old, or whose process
has gone, is not believed.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from anlan.kit.exposition import Family, Sample

EVERY_S = 2.0
BELIEVED_S = 15.0  # a process that is busy may be late


class Siblings:
    """``figures`` are told every two seconds between ``start`` and ``stop``."""

    def __init__(self, data: Path, figures: Callable[[], Iterable[Family]]) -> None:
        self._mine = _folder(data) / f"{os.getpid()}.json"
        self._figures = figures
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Also sweeps away what processes left that were killed."""
        await asyncio.to_thread(_sweep, self._mine.parent)
        await asyncio.to_thread(self.tell)
        self._task = asyncio.create_task(self._go_on())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._mine.unlink(missing_ok=True)

    def tell(self) -> None:
        """Write the file anew: others read the old one or the new one, never half of it. A full disk others tell."""
        part = self._mine.with_suffix(".part")
        with contextlib.suppress(OSError):
            self._mine.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(orjson.dumps([_plain(family) for family in self._figures()]))
            part.replace(self._mine)

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await asyncio.to_thread(self.tell)


def living(data: Path) -> list[int]:
    """The web processes that have lately said something, by number."""
    return [int(path.stem) for path in _told(data)]


def with_others(data: Path, mine: Iterable[Family]) -> Iterator[Family]:
    """The figures of this process as they are now, and of each other one as it last told them."""
    together = {family.name: Family(family.name, family.kind, family.help, list(family.samples)) for family in mine}
    for path in _told(data):
        if path.stem != str(os.getpid()):
            for family in _read(path):
                known = together.setdefault(family.name, Family(family.name, family.kind, family.help, []))
                together[family.name] = Family(known.name, known.kind, known.help, [*known.samples, *family.samples])
    yield from together.values()


def _folder(data: Path) -> Path:
    return data / "web"


def _told(data: Path) -> list[Path]:
    now = time.time()
    found = []
    for path in sorted(_folder(data).glob("*.json")):
        with contextlib.suppress(OSError):
            if path.stem.isdigit() and now - path.stat().st_mtime < BELIEVED_S and _lives(int(path.stem)):
                found.append(path)
    return found


def _sweep(folder: Path) -> None:
    for path in folder.glob("*.*"):
        if not (path.stem.isdigit() and _lives(int(path.stem))):
            path.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _plain(family: Family) -> dict[str, Any]:
    samples = [[one.value, dict(one.labels), one.suffix] for one in family.samples]
    return {"name": family.name, "kind": family.kind, "help": family.help, "samples": samples}


def _read(path: Path) -> Iterator[Family]:
    try:
        said = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return
    for one in said:
        samples = [Sample(value, labels, suffix) for value, labels, suffix in one["samples"]]
        yield Family(one["name"], one["kind"], one["help"], samples)
