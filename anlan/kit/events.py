"""Who may read a live event: browsers at the stream and web hooks go by the same rule."""

from collections.abc import Mapping
from typing import Any

from anlan.kit.grants import Viewer

#: Which capability at an event's place lets a viewer see it. A topic that is not listed is never sent.
CAPABILITY = {"level": "place.view", "alarm": "alarm.view", "fact": "fact.view", "file": "enterprise.view",
              "park": "park.view"}  # fmt: skip
#: What lets a viewer read the reason within an event.
REASON = "fact.view"


def readable(
    viewer: Viewer, topic: str, path: str, sector: str, payload: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """What a viewer may read of an event at a place; None for nothing. Some see a colour and not the fact behind it."""
    capability = CAPABILITY.get(topic)
    if capability is None or not path or not viewer.may(capability, path, sector):
        return None
    if payload.get("reason") and not viewer.may(REASON, path, sector):
        return {**payload, "reason": ""}
    return payload
