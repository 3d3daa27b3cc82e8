"""Effects of leaks kept on disk: a process that begins anew computes none again that another has computed.

A leak takes up to a second (its pool is followed step by step in every weather), a park has a hundred of them. What is
kept is known by everything that makes it: the store, the leak, the weather, the packs in force and the code of the
models. A file that is cut or foreign counts as missing; the longest unused go first.
"""

import hashlib
import os
import zlib
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from anlan.kernels._cache import fingerprint
from anlan.kit.park.inputs import Outcome
from anlan.kit.park.keeping import keep
from anlan.packs.families import accident, leak_frequencies, park_study, substances, toxic_probits

#: Outcomes of a leak, (effect, why) of what was refused, probability of ignition at once.
Effects = tuple[tuple[Outcome, ...], tuple[tuple[str, str], ...], float]
MOST = 3000  # files, of some 50 kB
_SHAPE: TypeAdapter[Effects] = TypeAdapter(Effects)
_CODE = ("accident", "park/inputs.py", "park/installation.py")


def known(folder: Path, what: object, on: date, make: Callable[[], Effects]) -> Effects:
    """What ``make`` gives, from the folder where it was made before; ``what``: all that it depends on, by its repr."""
    whole = f"{fingerprint()} {_code()} {_packs(on)} {what!r}"
    file = folder / f"{hashlib.sha256(whole.encode()).hexdigest()[:32]}.effects"
    found = _read(file)
    if found is None:
        found = make()
        _write(file, found)
    return found


def _read(file: Path) -> Effects | None:
    try:
        found = _SHAPE.validate_json(zlib.decompress(file.read_bytes()))
        os.utime(file)
    except (OSError, zlib.error, ValidationError):
        return None
    return found


def _write(file: Path, effects: Effects) -> None:
    keep(file, lambda out: out.write(zlib.compress(_SHAPE.dump_json(effects), 1)))
    _drop_oldest(file.parent)


def _drop_oldest(folder: Path) -> None:
    there = list(folder.glob("*.effects"))
    if len(there) > MOST:
        for file in sorted(there, key=_used)[: len(there) - MOST]:
            file.unlink(missing_ok=True)


def _used(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


@cache
def _code() -> str:
    """Changes with the code between the kernels and the effects."""
    home = Path(__file__).parent.parent
    files = [file for name in _CODE for file in sorted((home / name).rglob("*.py")) or [home / name]]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


@lru_cache(maxsize=4)
def _packs(on: date) -> str:
    """Changes with what the packs say."""
    said = [one.load(on) for one in (accident, leak_frequencies, park_study, substances, toxic_probits)]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
