"""The kinds of packs, one small module each: ``IDS`` (which pack ids, with ``*``), ``SHAPE`` (the body's dataclass) and
``load``. A module put in this folder is known at once.
"""

import importlib
import pkgutil
from fnmatch import fnmatchcase
from functools import cache


@cache
def _shapes() -> dict[str, type]:
    modules = (importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    return {module.IDS: module.SHAPE for module in modules}


def shape_of(pack_id: str) -> type | None:
    """The dataclass that a pack's body has, by its id; None when no family claims the id."""
    exact = _shapes().get(pack_id)
    return exact or next((shape for ids, shape in _shapes().items() if fnmatchcase(pack_id, ids)), None)


def known() -> list[str]:
    """The ids (patterns) that families claim."""
    return sorted(_shapes())
