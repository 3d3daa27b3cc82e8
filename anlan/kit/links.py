"""Where the source of a fact, a notice or an audit row is opened, and which capability opens it.

The apps that own the pages register them when they are ready, so that the ledger need not know them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    capability: str
    url: str  # with {id}


_LINKS: dict[str, Link] = {}


def register(kind: str, capability: str, url: str) -> None:
    """Things of ``kind`` are opened at ``url`` (with ``{id}``) by whoever holds ``capability`` at their place."""
    _LINKS[kind] = Link(capability, url)


def find(kind: str) -> Link | None:
    return _LINKS.get(kind)
