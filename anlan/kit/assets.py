"""Where the built files of the front end are: ``manifest.json`` says under which hashed name."""

import json
from functools import lru_cache
from pathlib import Path

from django.templatetags.static import static

FOLDER = Path(__file__).resolve().parent / "static" / "anlan"


class AssetMissing(LookupError):
    """The front end was not built, or has no such file."""


@lru_cache(maxsize=1)
def _files(stamp: int) -> dict[str, str]:
    """The names as of one version of the manifest; ``stamp`` is its time of change."""
    files: dict[str, str] = json.loads((FOLDER / "manifest.json").read_text("utf-8"))["files"]
    return files


def files() -> dict[str, str]:
    """Every built file: plain name -> hashed name."""
    try:
        return _files((FOLDER / "manifest.json").stat().st_mtime_ns)
    except FileNotFoundError as error:
        message = "the front end is not built: run `python hatch_build.py`, or install the wheel"
        raise AssetMissing(message) from error


def url(name: str) -> str:
    """Address of a built file, for ever cacheable because its name has its hash."""
    try:
        return static(f"anlan/{files()[name]}")
    except KeyError as error:
        raise AssetMissing(f"no entry builds {name}; there are: {', '.join(sorted(files()))}") from error
