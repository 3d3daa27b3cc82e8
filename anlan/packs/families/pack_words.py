"""What people call the fields of packs, so that a page shows a pack as tables that read like the standard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from anlan.packs.loader import load_as

IDS = "core/pack_words"


@dataclass(frozen=True)
class PackWords:
    """``families``: first part of a pack's id → what such packs are; ``kinds``: last part → what it holds; ``fields``:
    field → heading; ``values``: value that is a key of ours → word; ``own``: pack family → field → heading there."""

    families: Mapping[str, str]
    kinds: Mapping[str, str]
    fields: Mapping[str, str]
    values: Mapping[str, str]
    own: Mapping[str, Mapping[str, str]]

    def heading(self, pack_id: str, field: str) -> str:
        """What a field is called in a pack; its own name where nobody gave it one."""
        kind = pack_id.rpartition("/")[2]
        return self.own.get(kind, {}).get(field) or self.fields.get(field) or field


SHAPE = PackWords


def load(on: date) -> PackWords:
    return load_as(PackWords, IDS, on).body
