"""What is counted and kept together by all web processes: atomic, and gone when its time is over."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from anlan.kit.shared import SharedCache

OTHER = """
import sys
from django.conf import settings
settings.configure()
from anlan.kit.shared import SharedCache
cache = SharedCache(sys.argv[1], {})
cache.add("n", 0)
for _ in range(200):
    cache.incr("n")
print(cache.add("once", True))
"""


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[SharedCache]:
    yield SharedCache(tmp_path / "shared.sqlite3", {})


def test_it_is_the_cache_of_the_product() -> None:
    assert isinstance(settings.CACHES["default"]["BACKEND"], str)
    assert cache.__class__.__name__ == "ConnectionProxy" and cache.add("here", [1.5, True, "汉"])
    assert cache.get("here") == [1.5, True, "汉"]


def test_two_processes_and_their_threads_count_without_losing_one(kept: SharedCache, tmp_path: Path) -> None:
    command = [sys.executable, "-c", OTHER, str(tmp_path / "shared.sqlite3")]
    others = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    kept.add("n", 0)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: kept.incr("n"), range(200)))
    said = sorted(process.communicate(timeout=60)[0].strip() for process in others)
    assert kept.get("n") == 600
    assert said == ["False", "True"]


def test_what_is_over_is_gone_and_may_be_kept_anew(kept: SharedCache, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept.add("code", True, 30)
    assert not kept.add("code", True, 30)
    assert kept.touch("code", 60)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 61)
    assert kept.get("code", "nothing") == "nothing" and not kept.touch("code")
    with pytest.raises(ValueError, match="code"):
        kept.incr("code")
    assert kept.add("other", 1) and kept.add("code", True, 30)


def test_delete_clear_and_a_time_of_nothing(kept: SharedCache) -> None:
    kept.set("a", 1, None)
    kept.set("b", 2, 0)
    assert (kept.get("a"), kept.get("b")) == (1, None)
    assert kept.delete("a") and not kept.delete("a")
    kept.set("a", 1)
    kept.clear()
    assert kept.get("a") is None


def test_what_goes_wrong_in_the_middle_changes_nothing(kept: SharedCache) -> None:
    kept.set("a", 1)
    with pytest.raises(TypeError):
        kept.set("a", object())
    assert kept.get("a") == 1 and kept.incr("a") == 2
