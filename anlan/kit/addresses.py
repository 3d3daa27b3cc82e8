"""Addresses of things by their number, for pages that show hundreds of links: found once, filled in for each."""

from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

_NUMBER = 987_654_321


def of(name: str, number: int) -> str:
    """The address of the page ``name`` for the thing with this id; empty where this installation has no such page."""
    before, after = _around(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    return f"{before}{number}{after}" if before else ""


@cache
def _around(name: str, urlconf: str, prefix: str) -> tuple[str, str]:
    """What stands before and after the number; ``prefix`` tells installations below a path of a server apart."""
    try:
        before, _, after = reverse(name, urlconf, [_NUMBER]).partition(str(_NUMBER))
    except NoReverseMatch:
        return "", ""
    return before, after
