"""What enterprises of the demo's county have registered in their files, and how dangerous substances are handled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Ref

IDS = "demo/files"

Values = Mapping[str, str]


@dataclass(frozen=True)
class Resident:
    """A plant that stands in the county already, by its unified social credit code.

    Its file is made as that of an enterprise of ``trade``, but what it holds is listed under ``own``.
    """

    code: str
    trade: str
    own: str
    size: Literal["L", "M", "S"]
    staff: int
    road: str


@dataclass(frozen=True)
class Registered:
    """A row that enterprises of these trades or sectors (``of``, parted by spaces; ``*`` = all) and sizes have.

    ``share`` [%]: how many of them. In ``values`` ``a|b`` is a choice, ``20..60`` a number between, for a date so many
    days ago, for a date that a clock runs to so many days ahead; names in braces are filled in from the enterprise.
    """

    group: Annotated[str, Ref("core/file_groups", "groups.key")]
    values: Values
    of: str = "*"
    sizes: str = "LMS"
    share: int = 100


@dataclass(frozen=True)
class DemoFiles:
    """``disposal``: by the name of the substance, or what stands in it."""

    residents: tuple[Resident, ...]
    records: tuple[Registered, ...]
    disposal: tuple[Values, ...]


SHAPE = DemoFiles


def load(on: date) -> DemoFiles:
    return load_as(DemoFiles, IDS, on).body
