"""Which capabilities a role gives. A grant gives a role at a place and below it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Ref

IDS = "core/roles"


@dataclass(frozen=True)
class Role:
    name: str
    capabilities: frozenset[Annotated[str, Ref("", "capabilities")]]
    second_factor: bool = False  # may sign in only with one


@dataclass(frozen=True)
class Roles:
    """``capabilities``: key (``alarm.acknowledge``) → what it lets a person do; ``roles``: key → role."""

    capabilities: Mapping[str, str]
    roles: Mapping[str, Role]

    def capabilities_of(self, role: str) -> frozenset[str]:
        """What a role lets a person do; nothing for a role that the pack no longer knows."""
        return self.roles[role].capabilities if role in self.roles else frozenset()


SHAPE = Roles


def load(on: date) -> Roles:
    return load_as(Roles, IDS, on).body
