"""Where the engine works and how often it does what."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class EngineConfig:
    """Paths lie below ``data``; times in seconds."""

    data: Path
    shard: int = 0
    tick_s: float = 1.0
    tables_s: float = 0.5
    snapshot_s: float = 300.0
    snapshot_bytes: int = 64 << 20  # of log since the last snapshot
    segment_bytes: int = 64 << 20
    keep_log: bool = False  # do not remove segments that everybody holds
    set_damage_aside: bool = False  # start although the log is damaged

    @property
    def socket(self) -> Path:
        return self.data / "engine.sock"

    @property
    def log(self) -> Path:
        return self.data / "log" / str(self.shard)

    @property
    def snapshots(self) -> Path:
        return self.data / "snapshots" / str(self.shard)

    @property
    def quarantine(self) -> Path:
        return self.data / "quarantine"

    @property
    def values(self) -> Path:
        return self.data / "values.bin"

    @property
    def report(self) -> Path:
        return self.data / "engine.json"

    @property
    def lock(self) -> Path:
        return self.data / "engine.lock"
