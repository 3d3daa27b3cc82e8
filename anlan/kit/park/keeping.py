"""Files that save work and may be lost: whole or not there, and never the reason that an answer fails."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO


def keep(file: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write aside and rename: a process that is stopped leaves no half file. A full disk costs the file only."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                write(out)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
