"""The two processes that the intake benchmark loads: an engine on tags of its own, a server with only the intake."""

import asyncio
import signal
import sys
from pathlib import Path

import numpy as np

from anlan.engine.config import EngineConfig
from anlan.engine.tables import TagRule, TagTable

TAGS = 20_000
SOURCE = 1


class Tables:
    """All rules of limits armed, wide enough for few alarms."""

    def version(self) -> str:
        return "bench"

    def load(self) -> TagTable:
        rules = [
            TagRule(tag, SOURCE, f"T{tag:05}", 53.5, 53.0, 47.0, 46.5, 0.2, 2.0, 2.0, 600.0)
            for tag in range(1, TAGS + 1)
        ]
        return TagTable.build("bench", rules, {"bench": SOURCE})


class Counting:
    """A sink that only counts: the database is measured elsewhere."""

    upto = -1

    def applied(self, shard: int) -> int:
        return self.upto

    def apply(self, shard: int, upto: int, events: np.ndarray, offsets: np.ndarray, arrival_ms: np.ndarray) -> None:
        self.upto = upto


def engine(folder: Path) -> None:
    """An engine with the real history."""
    from anlan.engine.history import HistoryWriter
    from anlan.engine.runner import run

    history = HistoryWriter(folder / "history")
    history.tend()
    run(EngineConfig(folder), Counting(), history, Tables())


async def serve(port: int, folder: Path) -> None:
    """The intake alone, on the server that ``anlan web`` uses."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.embed import Server

    from anlan.web.intake import Intake

    intake = Intake(lambda key: (SOURCE, True) if key == "bench" else None, folder / "engine.sock")
    server = Server(
        intake,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_level=LogLevels.error,
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()


if __name__ == "__main__":
    what, where = sys.argv[1], Path(sys.argv[2])
    engine(where) if what == "engine" else asyncio.run(serve(int(what), where))
