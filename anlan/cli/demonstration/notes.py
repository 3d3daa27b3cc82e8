"""What the demo remembers in its data folder: the people's password and the gateways' keys, for its owner only."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Notes:
    """``people``: user name → (name, role in words, group); ``keys``: code of a source → its key."""

    password: str
    begun: str  # when the county was built, ISO 8601
    people: dict[str, list[str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def path(data: Path) -> Path:
        return data / "demo.json"

    def save(self, data: Path) -> None:
        descriptor = os.open(self.path(data), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(self), file, ensure_ascii=False, indent=1)

    @classmethod
    def read(cls, data: Path) -> "Notes | None":
        """The notes of an earlier start, or None."""
        path = cls.path(data)
        return cls(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None
