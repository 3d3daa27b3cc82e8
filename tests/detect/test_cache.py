"""Compiled kernels are kept where they cannot be stale."""

import os
import subprocess
import sys
from pathlib import Path

from anlan.kernels import _cache

TINY = "from anlan.kernels._cache import jit\n\n@jit\ndef double(x: int) -> int:\n    return 2 * x\n"


def run(folder: Path, code: str, **changed: str) -> str:
    """Run code that may import ``tiny``, a kernel that compiles quickly; returns what it prints."""
    (folder / "tiny.py").write_text(TINY)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA", "XDG", "ANLAN"))}
    environment |= {"PYTHONPATH": f"{folder}:{Path(__file__).parents[2]}"} | changed
    return subprocess.check_output([sys.executable, "-c", code], text=True, env=environment).strip()


def test_importing_the_rules_neither_imports_numba_nor_compiles() -> None:
    code = "import sys; import anlan.kernels.detect; print('numba' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


def test_compiled_kernels_lie_in_a_folder_named_by_what_went_into_them(tmp_path: Path) -> None:
    code = f"from anlan.kernels import _cache; print(_cache.use_cache({str(tmp_path)!r})); import tiny; tiny.double(4)"
    folder = run(tmp_path, code)
    assert Path(folder) == tmp_path / _cache.fingerprint()
    assert list(Path(folder).rglob("*.nbc"))


def test_a_changed_source_changes_the_folder(tmp_path: Path) -> None:
    sources = tmp_path / "kernels"
    sources.mkdir()
    (sources / "a.py").write_text("x = 1")
    names = set()
    for text in ("x = 1", "x = 2", "x = 1"):
        (sources / "a.py").write_text(text)
        names.add(_fingerprint_of(sources))
    assert len(names) == 2


def _fingerprint_of(sources: Path) -> str:
    code = "import sys, pathlib; from anlan.kernels import _cache; _cache._SOURCES = pathlib.Path(sys.argv[1]); "
    code += "print(_cache.fingerprint())"
    return subprocess.check_output([sys.executable, "-c", code, str(sources)], text=True).strip()


def test_where_nobody_says_otherwise_they_lie_in_the_data_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    run(tmp_path, "import tiny; tiny.double(4)", ANLAN_DATA=str(data))
    assert list((data / "numba" / _cache.fingerprint()).rglob("*.nbc"))


def test_data_folders_that_share_compile_once(tmp_path: Path) -> None:
    code = "import os, pathlib; from anlan.kernels import _cache; "
    code += "_cache.share(pathlib.Path(os.environ['ANLAN_DATA'])); import tiny; tiny.double(4)"
    times = set()
    for data in (tmp_path / "a", tmp_path / "b"):
        data.mkdir()
        run(tmp_path, code, ANLAN_DATA=str(data), HOME=str(tmp_path / "home"))
        times |= {file.stat().st_mtime_ns for file in (data / "numba").resolve().rglob("*.nbc")}
    assert len(times) == 1


def test_without_a_folder_and_without_a_home_it_still_works(tmp_path: Path) -> None:
    code = "import tiny, os; assert tiny.double(4) == 8; print(os.environ['NUMBA_CACHE_DIR'])"
    folder = run(tmp_path, code, HOME="/proc/none", TMPDIR=str(tmp_path))
    assert Path(folder).is_relative_to(tmp_path)
