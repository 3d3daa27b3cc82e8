"""The build of the front end: complete, quick when there is nothing to do, clear when it cannot be done."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import hatch_build

ROOT = Path(__file__).parents[2]
OUT = ROOT / hatch_build.OUT


def no_npm(*_: Any, **__: Any) -> "subprocess.CompletedProcess[Any]":
    raise AssertionError("npm was called although nothing had changed")


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    hatch_build.build(ROOT)


@pytest.fixture
def lone_tree(tmp_path: Path) -> Path:
    """What a clone holds and the build needs, without node_modules."""
    for name in ("hatch_build.py", "package.json", "package-lock.json", "tsconfig.json", ".npmrc"):
        shutil.copy(ROOT / name, tmp_path / name)
    for folder in ("anlan/kit/frontend", "anlan/kit/locale"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.mo"))
    return tmp_path


def test_every_entry_is_in_the_manifest_under_a_name_with_its_hash() -> None:
    files = json.loads((OUT / "manifest.json").read_text())["files"]
    entries = [path for suffix in ("ts", "css") for path in ROOT.glob(f"anlan/*/frontend/entries/*.{suffix}")]
    wanted = {path.name.replace(".classic.ts", ".ts").replace(".ts", ".js") for path in entries} | {"catalogue-en.js"}
    assert wanted <= set(files)
    for plain, hashed in files.items():
        stem, _, suffix = plain.rpartition(".")
        assert hashed.startswith(f"{stem}-")
        assert hashed.endswith(f".{suffix}")
        assert len(hashed) == len(plain) + 9
        assert (OUT / hashed).stat().st_size > 0, f"{plain} came out empty"
        assert (OUT / f"{hashed}.gz").exists()


def test_a_second_build_touches_nothing_and_needs_no_network() -> None:
    before = {path: path.stat().st_mtime_ns for path in OUT.rglob("*")}
    assert hatch_build.build(ROOT, npm=no_npm) is False
    assert {path: path.stat().st_mtime_ns for path in OUT.rglob("*")} == before


@pytest.mark.parametrize("lost", ["manifest.json", "kit.css"])
def test_a_lost_output_is_noticed(lost: str, lone_tree: Path) -> None:
    shutil.copytree(OUT, lone_tree / hatch_build.OUT)
    for path in (ROOT / hatch_build.LOCALE).rglob("*.mo"):
        shutil.copy(path, lone_tree / path.relative_to(ROOT))
    stamp = json.loads((OUT / "manifest.json").read_text())["inputs"]
    assert hatch_build.is_current(lone_tree, stamp)
    files = json.loads((OUT / "manifest.json").read_text())["files"]
    (lone_tree / hatch_build.OUT / files.get(lost, lost)).unlink()
    assert not hatch_build.is_current(lone_tree, stamp)


@pytest.mark.parametrize(
    "changed",
    ["anlan/kit/frontend/live.ts", "anlan/kit/frontend/tokens.css", "package-lock.json", "hatch_build.py",
     "anlan/kit/locale/en/LC_MESSAGES/django.po"],
)  # fmt: skip
def test_a_change_of_any_input_asks_for_a_new_build(changed: str, lone_tree: Path) -> None:
    before = hatch_build.digest(lone_tree)
    with (lone_tree / changed).open("a") as file:
        file.write("\n")
    assert hatch_build.digest(lone_tree) != before


def test_without_npm_s_registry_the_build_says_what_to_do_and_shows_no_traceback(lone_tree: Path) -> None:
    away = {
        "npm_config_registry": "http://127.0.0.1:9/",
        "npm_config_fetch_retries": "0",
        "npm_config_offline": "false",
    }
    env = {**os.environ, **away, "npm_config_cache": str(lone_tree / "cache"), "HTTP_PROXY": "", "http_proxy": ""}
    done = subprocess.run(
        [sys.executable, "hatch_build.py"], cwd=lone_tree, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "127.0.0.1:9" in done.stderr
    for advice in ("npm config set proxy", "npm config set registry", "wheel"):
        assert advice in done.stderr


def test_the_hook_ends_the_build_with_the_message(lone_tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    class App:
        def abort(self, message: str) -> None:
            said.append(message)

    def failing(arguments: list[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        error = "npm error code ENOTFOUND\nnpm error network request to https://registry.invalid failed"
        return subprocess.CompletedProcess(arguments, 1, stdout="", stderr=error)

    monkeypatch.setattr(hatch_build, "build", lambda root: hatch_build.install(root, failing))
    hook = hatch_build.CustomBuildHook.__new__(hatch_build.CustomBuildHook)
    monkeypatch.setattr(hatch_build.CustomBuildHook, "root", str(lone_tree), raising=False)
    monkeypatch.setattr(hatch_build.CustomBuildHook, "app", App(), raising=False)
    hook.initialize("standard", {})
    assert "https://registry.invalid" in said[0]


def test_two_entries_of_one_name_are_refused(lone_tree: Path) -> None:
    entries = lone_tree / "anlan/kit/frontend/entries"
    twin = lone_tree / "anlan/web/frontend/entries/kit.ts"
    twin.parent.mkdir(parents=True)
    twin.write_text("export {};\n")
    with pytest.raises(hatch_build.BuildError, match="same name"):
        hatch_build.refuse_twins(lone_tree, [*entries.glob("*.ts"), twin])


def test_licences_of_all_that_is_shipped_lie_beside_it() -> None:
    kept = {path.name for path in (OUT / "licences").iterdir()}
    assert {"echarts.LICENSE.txt", "echarts.NOTICE.txt", "maplibre-gl.LICENSE.txt", "@tabler+core.txt"} <= kept
    for package in hatch_build.shipped(ROOT):
        label = package.replace("/", "+")
        assert any(name.startswith(f"{label}.") for name in kept), f"no licence text of {package}"


def test_the_lock_file_names_no_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert not [path for path, entry in packages.items() if "resolved" in entry]
    assert all("integrity" in entry for path, entry in packages.items() if path)
    assert "registry" not in (ROOT / ".npmrc").read_text().replace("registry-resolved", "")


def test_no_colour_of_tabler_s_reaches_the_page() -> None:
    """Colour means risk level and nothing else."""
    files = json.loads((OUT / "manifest.json").read_text())["files"]
    style = (OUT / files["kit.css"]).read_text("utf-8")
    for name in (".bg-green", ".text-danger", ".btn-success", ".badge-outline", ".bg-azure-lt", ".btn-warning"):
        assert name not in style, name
    for name in (".btn-primary", ".form-control", ".table", ".level-badge"):
        assert name in style, name


@pytest.mark.prove
def test_the_wheel_holds_the_built_pages_and_no_packages_of_npm(tmp_path: Path) -> None:
    import zipfile

    done = subprocess.run(
        ["uv", "build", "--wheel", "--out-dir", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    files = json.loads((OUT / "manifest.json").read_text())["files"]
    for hashed in files.values():
        assert f"anlan/kit/static/anlan/{hashed}" in names
    assert "anlan/kit/static/anlan/licences/echarts.NOTICE.txt" in names
    assert "anlan/kit/locale/en/LC_MESSAGES/django.mo" in names
    assert not [name for name in names if "node_modules" in name or name.endswith(".ts")]
