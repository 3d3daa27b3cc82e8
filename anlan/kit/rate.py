"""How many requests one sender has sent in this minute, counted by all web processes together."""

from django.core.cache import cache

from anlan.kit import clock
from anlan.kit.errors import TooMany

_WINDOW_S = 60


def spend(who: str, most: int) -> None:
    """Count one request of ``who``. Raises TooMany, which says how long to wait, beyond ``most`` in a minute."""
    moment = int(clock.now().timestamp())
    key = f"rate:{who}:{moment // _WINDOW_S}"
    cache.add(key, 0, 2 * _WINDOW_S)
    if cache.incr(key) > most:
        raise TooMany(most, retry_after_s=_WINDOW_S - moment % _WINDOW_S)
