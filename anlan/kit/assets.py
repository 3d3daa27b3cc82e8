"""Where the built files of the front end are: ``manifest.json`` says under which hashed name, and what they need."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static

FOLDER = Path(__file__).resolve().parent / "static" / "anlan"


class AssetMissing(LookupError):
    """The front end was not built, or has no such file."""


@lru_cache(maxsize=1)
def _read(stamp: int) -> dict[str, Any]:
    """One version of the manifest; ``stamp`` is its time of change."""
    return dict(json.loads((FOLDER / "manifest.json").read_text("utf-8")))


def _manifest() -> dict[str, Any]:
    try:
        return _read((FOLDER / "manifest.json").stat().st_mtime_ns)
    except FileNotFoundError as error:
        message = "the front end is not built: run `python hatch_build.py`, or install the wheel"
        raise AssetMissing(message) from error


def files() -> dict[str, str]:
    """Every built file: plain name -> hashed name."""
    return dict(_manifest()["files"])


def ahead(name: str) -> list[str]:
    """Addresses of all that the module ``name`` imports, sooner or later."""
    return [static(f"anlan/{chunk}") for chunk in _manifest()["ahead"].get(name, ())]


def url(name: str) -> str:
    """Address of a built file, for ever cacheable because its name has its hash."""
    try:
        return static(f"anlan/{_manifest()['files'][name]}")
    except KeyError as error:
        raise AssetMissing(f"no entry builds {name}; there are: {', '.join(sorted(files()))}") from error
