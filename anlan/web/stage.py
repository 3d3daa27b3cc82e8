"""How the demo's stage page and the demo speak: small files in ``<data>/stage``, each replaced whole.

The demo writes ``state.json`` every second; the page leaves orders, which the demo takes away. The page exists only
in the demo (setting ``ANLAN_DEMO``); nothing here touches records.
"""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER, STATE, ORDERS, MONTH = "stage", "state.json", "orders", "month.json"
#: A state older than this [s] is of a demo that no longer runs.
FRESH_S = 6.0
DOINGS = ("start", "stop", "speed")


@dataclass(frozen=True)
class Order:
    """What a trainer wants of a story."""

    story: str
    do: str
    speed: float = 1.0


def read(data: Path, name: str = STATE) -> Mapping[str, Any] | None:
    """A file of the stage; None while there is none."""
    try:
        found = json.loads((data / FOLDER / name).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def being_made() -> Mapping[str, Any] | None:
    """How far the demo's past month is while it is being made; None outside the demo and when it is done."""
    from django.conf import settings

    told = read(settings.DATA, MONTH) if settings.DEMO else None
    return told if told and told.get("phase") != "done" else None


def write(data: Path, name: str, told: Mapping[str, Any]) -> None:
    """Replace a file of the stage."""
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f"{name}.new"
    aside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    aside.rename(folder / name)


def give(data: Path, order: Order) -> None:
    """Leave an order for the demo."""
    folder = data / FOLDER / ORDERS
    folder.mkdir(parents=True, exist_ok=True)
    write(data, f"{ORDERS}/{time.time_ns():020d}.json", {"story": order.story, "do": order.do, "speed": order.speed})


def take(data: Path) -> Iterator[Order]:
    """The orders that were left, the oldest first, each taken away; what makes no sense is thrown away."""
    for path in sorted((data / FOLDER / ORDERS).glob("*.json")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            order = Order(str(told["story"]), str(told["do"]), float(told.get("speed", 1.0)))
        except (ValueError, KeyError, TypeError):
            order = None
        path.unlink(missing_ok=True)
        if order is not None and order.do in DOINGS:
            yield order
