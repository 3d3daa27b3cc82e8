"""Where compiled kernels are kept, and the one way to compile one.

numba's own cache notices a changed file, but not a changed function that was inlined from another file: it then
returns old numbers. So the folder's name is a hash of everything that goes in: all kernel sources, the CPU, and the
versions of Python, numba, llvmlite and NumPy. A new hash is an empty folder; a stale one is never read.
"""

import functools
import hashlib
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar, cast

_FUNCTION = TypeVar("_FUNCTION", bound=Callable[..., object])
_SOURCES = Path(__file__).parent
#: No entry for callers in C: none calls, and it is a tenth of what there is to compile.
_HOW: dict[str, object] = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}


def use_cache(folder: str | Path) -> Path:
    """Keep compiled kernels below ``folder``. Call it before the first kernel runs; it does not import numba."""
    place = Path(folder) / fingerprint()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["NUMBA_CACHE_DIR"] = str(place)
    if "numba" in sys.modules:
        import numba

        vars(numba.config)["CACHE_DIR"] = str(place)
    return place


def share(data: Path) -> None:
    """Let short-lived data folders use one cache, the user's, so that only the first of all compiles."""
    link = data / "numba"
    try:
        _users().mkdir(mode=0o700, parents=True, exist_ok=True)
        if not link.exists():
            link.symlink_to(_users())
    except OSError:
        return  # no home to keep them in: each folder compiles its own


@functools.cache
def fingerprint() -> str:
    """16 hexadecimal digits that change with the kernels' sources, the CPU and the compiler's versions."""
    digest = hashlib.sha256()
    for source in sorted(_SOURCES.rglob("*.py")):
        digest.update(str(source.relative_to(_SOURCES)).encode() + b"\0" + source.read_bytes() + b"\0")
    parts = [platform.machine(), _cpu(), platform.python_version(), *map(version, ("numba", "llvmlite", "numpy"))]
    digest.update("\0".join(parts).encode())
    return digest.hexdigest()[:16]


def _cpu() -> str:
    """Model and features of the CPU, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(errors="replace").split("\n\n", 1)[0].splitlines()
    except OSError:
        return platform.processor()
    return "\n".join(line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part")))


def jit(function: _FUNCTION) -> _FUNCTION:
    """Compile a function with numba at its first call: cached on disk, without the GIL, IEEE arithmetic kept."""
    _ensure_cache()
    import numba

    return cast(_FUNCTION, numba.njit(**_HOW)(function))  # type: ignore[call-overload]  # not all is in numba's types


def jit_for(*arguments: object) -> Callable[[_FUNCTION], _FUNCTION]:
    """Compile a function now, for these numba types only: other arguments fail instead of compiling again."""
    _ensure_cache()
    import numba

    def decorate(function: _FUNCTION) -> _FUNCTION:
        return cast(_FUNCTION, numba.njit(arguments, **_HOW)(function))  # type: ignore[call-overload]  # as above

    return decorate


def _ensure_cache() -> None:
    """Nobody chose a folder: the data folder's, the user's cache, or a private temporary one where neither is writable.

    A predictable folder in the shared temporary directory would let another user plant code, hence ``mkdtemp``.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    data = os.environ.get("ANLAN_DATA")
    try:
        use_cache(Path(data) / "numba" if data else _users())
    except OSError:
        use_cache(tempfile.mkdtemp(prefix="anlan-numba-"))


def _users() -> Path:
    """Where this user keeps what can be made again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "anlan" / "numba"
