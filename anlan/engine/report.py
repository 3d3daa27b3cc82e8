"""The engine's heartbeat and counters: one small JSON file, renamed into place once a second."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from anlan.engine.admit import Answer
from anlan.engine.reasons import LATE, REASONS, TAKEN

if TYPE_CHECKING:
    from anlan.engine.runner import Engine

PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Counters:
    """Since the start of the process."""

    reasons: list[int] = field(default_factory=lambda: [0] * len(REASONS))
    batches: int = 0
    repeated: int = 0
    busy: int = 0
    failed_writes: int = 0
    sources: dict[int, list[int]] = field(default_factory=dict)  # a count per reason, by source

    def count(self, answers: Sequence[Answer], sources: Sequence[int]) -> None:
        """Count what became of batches, each by its source."""
        self.batches += len(answers)
        for answer, source in zip(answers, sources, strict=True):
            if answer.repeated:
                self.repeated += 1
                continue
            mine = self.sources.setdefault(source, [0] * len(REASONS))
            for reason, number in enumerate(answer.counts):
                if number:
                    self.reasons[reason] += number
                    mine[reason] += number


def _rss_mb() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE >> 20
    except OSError:
        return 0


def report(engine: "Engine", state: str) -> dict[str, object]:
    """What health pages show; see docs/architecture.md for the words."""
    counters, history = engine.counters, engine.history
    listening = hasattr(engine, "inbox")
    return {
        "pid": os.getpid(),
        "at": time.time_ns() // 1_000_000,
        "state": state,
        "offset": engine.state.offset,
        "arrival": engine.state.arrival_ms,
        "table": engine.state.table.version,
        "tags": len(engine.state.table.tags),
        "accepted": counters.reasons[TAKEN] + counters.reasons[LATE],
        "counts": dict(zip(REASONS[1:], counters.reasons[1:], strict=True)),
        "sources": {str(one): dict(zip(REASONS, counts, strict=True)) for one, counts in counters.sources.items()},
        "batches": counters.batches,
        "repeated_batches": counters.repeated,
        "busy": counters.busy,
        "failed_writes": counters.failed_writes,
        "poison": engine.inbox.poison if listening else 0,
        "clock_jumps": engine.clock.jumps,
        "applied": engine.events.progress.upto,
        "events_waiting": engine.events.progress.backlog,
        "events_error": engine.events.progress.error,
        "history": history.progress.upto if history else None,
        "history_waiting": history.progress.backlog if history else 0,
        "history_error": history.progress.error if history else "",
        "tables_error": engine.tables_error,
        "snapshot": engine.snapshots.saved,
        "log_bytes": engine.log.size(),
        "rss_mb": _rss_mb(),
        "connectors": [connector.report() for connector in engine.connectors],
        "notes": engine.notes[-20:],
    }


def write_report(engine: "Engine", state: str) -> None:
    """Rename a new report into place; a full disk must not stop the engine."""
    path = engine.config.report
    aside = path.with_suffix(".tmp")
    try:
        aside.write_bytes(orjson.dumps(report(engine, state), option=orjson.OPT_INDENT_2))
        aside.rename(path)
    except OSError:
        engine.counters.failed_writes += 1


def read_report(path: Path) -> dict[str, object] | None:
    """The last report, or None where no engine ever ran."""
    try:
        found: dict[str, object] = orjson.loads(path.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
    return found
