"""An Excel file of 20 000 risk points: looked at, published, undone, exported. On SQLite, in a process of its own.

``ANLAN_BENCH_ROWS`` changes the number of rows.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from anlan.cli.benches.ledger_parts import Figure

ROWS = int(os.environ.get("ANLAN_BENCH_ROWS", "20000"))


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="anlan-bench-") as folder:
        environment = os.environ | {"ANLAN_DATA": folder, "ANLAN_DATABASE_URL": f"sqlite:///{folder}/anlan.sqlite3"}
        part = [sys.executable, "-m", "anlan.cli.benches.imports_parts", str(ROWS)]
        with subprocess.Popen(part, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
            assert process.stdout is not None
            yield from map(json.loads, process.stdout)
        if process.returncode:
            raise RuntimeError(f"the part on SQLite ended with {process.returncode}")
