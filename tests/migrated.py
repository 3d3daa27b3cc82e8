"""An empty database with every table, made once and copied: to migrate takes five seconds, and many tests need one."""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".pytest_cache" / "migrated"
NAME = "anlan.sqlite3"


def put(file: Path) -> None:
    """Lay a migrated SQLite database there."""
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{_key()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            _make(kept)
    shutil.copyfile(kept, file)


def _key() -> str:
    """Another one for every change of a migration or of a library that brings some."""
    sources = [
        ROOT / "uv.lock",
        ROOT / "anlan" / "config" / "settings.py",
        *sorted(ROOT.glob("anlan/apps/*/migrations/*.py")),
    ]
    digest = hashlib.sha256()
    for source in sources:
        digest.update(str(source.relative_to(ROOT)).encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _make(kept: Path) -> None:
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        outside = ("ANLAN_DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        env = {name: value for name, value in os.environ.items() if name not in outside}
        command = [sys.executable, "-m", "anlan", "manage", "migrate", "-v", "0", "--skip-checks"]
        subprocess.run(command, env=env | {"ANLAN_DATA": folder}, cwd=ROOT, check=True)
        with closing(sqlite3.connect(Path(folder) / NAME)) as database:
            database.execute("PRAGMA journal_mode=DELETE")  # all of it in the one file
        (Path(folder) / NAME).rename(kept)
