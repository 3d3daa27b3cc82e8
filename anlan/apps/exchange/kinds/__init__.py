"""The kinds of things that come and go as files."""

from collections.abc import Mapping
from functools import cache

from anlan.apps.exchange.kinds.base import Field, Kind, Row, Stager
from anlan.apps.exchange.kinds.enterprises import Enterprises
from anlan.apps.exchange.kinds.items import all_kinds
from anlan.apps.exchange.kinds.people import People
from anlan.apps.exchange.kinds.places import Places
from anlan.apps.exchange.kinds.tags import Tags

__all__ = ["Field", "Kind", "Row", "Stager", "known"]


@cache
def known() -> Mapping[str, Kind]:
    """Every kind by its key, in the order in which a county would import them."""
    return {kind.key: kind for kind in (Places(), Enterprises(), *all_kinds(), People(), Tags())}
