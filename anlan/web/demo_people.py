"""Who may sign in to the demo, for its sign-in page: only the demo has the file, only the demo's setting opens it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

FILE = "demo.json"


def on_the_door() -> Mapping[str, Any]:
    """``password`` and ``groups`` of (group, [(user name, name, what they may do)]); empty outside the demo."""
    if not settings.DEMO:
        return {}
    try:
        told = json.loads((Path(settings.DATA) / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for username, (name, words, group) in told["people"].items():
        groups.setdefault(group, []).append((username, name, words))
    return {"password": told["password"], "groups": list(groups.items())}
