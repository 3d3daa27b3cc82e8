"""Streams end with the sessions they were opened in, and with nobody else's."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from anlan.kit.grants import NOBODY
from anlan.web.live import hub
from anlan.web.live.client import Client


def client(key: str) -> Client:
    return Client(key, NOBODY, np.zeros(0, np.uint32))


def test_a_browser_that_comes_while_sessions_are_looked_at_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look() -> tuple[str, str, str]:
        live = hub.Hub(tmp_path)
        gone, staying, coming = client("gone"), client("staying"), client("coming")
        loop = asyncio.get_running_loop()

        def standing(keys: set[str]) -> set[str]:
            asyncio.run_coroutine_threadsafe(live.join(coming, None), loop).result(10)
            return keys - {"gone"}

        monkeypatch.setattr(hub, "_standing", standing)
        monkeypatch.setattr(live, "_look_again", lambda clients: asyncio.sleep(0))
        await live.join(gone, None)
        await live.join(staying, None)
        await live._check_sessions()
        await live.stop()
        return gone.closing, staying.closing, coming.closing

    gone, staying, coming = asyncio.run(look())
    assert (gone, staying, coming) == ("signed_out", "restart", "restart")
