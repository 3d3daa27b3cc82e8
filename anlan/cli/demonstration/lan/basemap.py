"""Puts the drawn base map where the map page looks for one."""

import shutil
from pathlib import Path


def put(drawn: Path, target: Path) -> None:
    """Copy every layer, the roads, the relief, heights and people."""
    target.mkdir(parents=True, exist_ok=True)
    for file in sorted(drawn.iterdir()):
        shutil.copyfile(file, target / file.name)
