"""The intake on the real server, with two keys: ``python -m tests.intake.serve PORT FOLDER``."""

import asyncio
import signal
import sys
from pathlib import Path

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from anlan.web import intake
from tests.engine.plant import NORTH, SOUTH

intake.KEY_KNOWN_S = 0.3
KEYS = {"north-key": (NORTH, True), "south-key": (SOUTH, True), "old-key": (99, False)}


class Sources:
    """Finds sources by key; the database is away while the file ``away`` is there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, key: str) -> tuple[int, bool] | None:
        if (self.folder / "away").exists():
            raise ConnectionError("the database is away")
        return KEYS.get(key)


async def serve(port: int, folder: Path) -> None:
    server = Server(
        intake.Intake(Sources(folder), folder / "engine.sock"),
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_level=LogLevels.error,
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
