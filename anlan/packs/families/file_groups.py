"""The groups of an enterprise's file: their branch, their name, and where their rows come from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Ref, Unique

IDS = "core/file_groups"

Kind = Literal["enterprise", "licence", "certificate", "chemical", "equipment", "contractor", "record"]
#: When a group may not be empty: always, where the enterprise holds hazardous chemicals, or never.
Needed = Literal["always", "chemicals", "no"]


@dataclass(frozen=True)
class Where:
    """What rows of one kind must be to belong to a group; what is not said does not matter."""

    subject: str = ""
    category: str = ""
    site: str = ""
    hazardous: bool = False

    def constants(self) -> dict[str, str | bool]:
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True)
class Group:
    """``title``: the field that names a row; ``beyond``: not one of the groups that the platform asks for."""

    key: Annotated[str, Unique()]
    branch: Annotated[str, Ref("", "branches")]
    name: Annotated[str, Unique()]
    kind: Kind
    title: str
    where: Where = Where()
    needed: Needed = "no"
    beyond: bool = False


@dataclass(frozen=True)
class FileGroups:
    branches: Mapping[str, str]
    groups: tuple[Group, ...]

    def group(self, key: str) -> Group | None:
        return next((each for each in self.groups if each.key == key), None)

    def of_branch(self, branch: str) -> list[Group]:
        return [each for each in self.groups if each.branch == branch]

    def home(self, kind: str, values: Mapping[str, object]) -> Group:
        """The first group that a row of a kind belongs to; for chemicals the one that asks for most."""
        fitting = [g for g in self.groups if g.kind == kind and belongs(g, values)]
        return max(fitting, key=lambda g: len(g.where.constants()))

    def problems(self) -> Iterable[str]:
        for branch in self.branches:
            if not self.of_branch(branch):
                yield f"分支 {branch} 没有任何组，请补上或删去"


def belongs(group: Group, values: Mapping[str, object]) -> bool:
    """Whether a row with these values belongs to a group of its kind."""
    return all(values.get(name) == value for name, value in group.where.constants().items())


SHAPE = FileGroups


def load(on: date) -> FileGroups:
    return load_as(FileGroups, IDS, on).body
