"""The models are compiled beside the worker, not while somebody waits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from anlan.cli import compiling


@pytest.fixture
def marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path / compiling.DONE


def test_nothing_is_started_before_the_product_runs_or_where_it_is_done(
    marked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: pytest.fail("started"))
    compiling.Compilation(wait=3600).end()
    marked.touch()
    here = compiling.Compilation(wait=0)
    here._thread.join()
    here.end()


@pytest.mark.prove
def test_every_compiled_model_of_a_park_is_compiled_once(tmp_path: Path) -> None:
    """Nothing is left to compile for a study that has poison, fire and blast."""
    env = {**os.environ, "ANLAN_DATA": str(tmp_path)}
    env.pop("NUMBA_CACHE_DIR", None)
    subprocess.run([sys.executable, "-m", "anlan.cli.compiling"], env=env, check=True)
    (folder,) = (tmp_path / "numba").iterdir()
    before = set(folder.rglob("*.nb?"))
    assert before and (folder / compiling.DONE).exists()
    study = [sys.executable, "-m", "pytest", "-q", "-n0", "-m", "not prove", "tests/consequences/test_park_study.py"]
    subprocess.run(study, env=env | {"NUMBA_CACHE_DIR": str(folder)}, check=True)
    assert set(folder.rglob("*.nb?")) == before
