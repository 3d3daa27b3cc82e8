"""What takes a while to find out and changes seldom, kept for a minute for everybody with the same grants."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from anlan.kit.grants import Scope, Viewer

KEPT_S = 60.0
T = TypeVar("T")


class Kept(Generic[T]):
    """At most ``most`` findings, each by the grants of who asked: others never see it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[tuple[Scope, ...], tuple[float, T]] = {}
        self._lock = threading.Lock()

    def get(self, viewer: Viewer, find: Callable[[], T]) -> T:
        """What was found less than a minute ago, else what is found now."""
        with self._lock:
            known = self._found.get(viewer.scopes)
        if known and time.monotonic() - known[0] < KEPT_S:
            return known[1]
        found = find()
        with self._lock:
            if len(self._found) >= self._most:
                self._found.clear()
            self._found[viewer.scopes] = (time.monotonic(), found)
        return found

    def forget(self) -> None:
        with self._lock:
            self._found.clear()
