"""The file of one enterprise: its tree with counts, the rows of a group, their history, what is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.enterprises import forms
from anlan.apps.enterprises.models import Attachment, Chemical, Enterprise, FileRecord, Item, Revision
from anlan.apps.enterprises.selectors.enterprises import KINDS, facts_of
from anlan.kit import clock, lookups
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.kit.prepared import prepared
from anlan.packs.families.file_groups import Group, belongs

RECENT = 20
LONGEST_ID = 18


@dataclass(frozen=True)
class GroupCount:
    """A group of a file: how many rows, how many of them have run out, and the first date to come."""

    group: Group
    count: int
    lapsed: int
    due: date | None

    @property
    def missing(self) -> bool:
        return self.count == 0 and self.group.needed != "no"


@dataclass(frozen=True)
class Branch:
    key: str
    name: str
    groups: tuple[GroupCount, ...]

    @property
    def filled(self) -> int:
        return sum(each.count > 0 for each in self.groups)


@dataclass(frozen=True)
class Gap:
    """What the file lacks: a group without a row, or fields of the basic facts."""

    group: Group
    fields: tuple[str, ...] = ()


def file_place(viewer: Viewer, place_id: int) -> Place:
    """The place whose file this is. Raises NotInScope, NotAllowed."""
    place = core.place(viewer, place_id, "enterprise.view")
    if place.kind not in KINDS:
        raise NotInScope
    return place


def tree(viewer: Viewer, place: Place) -> list[Branch]:
    """The branches of the file with every group, empty ones too."""
    known = forms.groups()
    counts = _counts(viewer, place)
    counts["basics"] = (int(facts_of(place) is not None), 0, None)
    return [
        Branch(
            key, name, tuple(GroupCount(group, *counts.get(group.key, (0, 0, None))) for group in known.of_branch(key))
        )
        for key, name in known.branches.items()
    ]


def rows(viewer: Viewer, place: Place, group: Group, *, ended: bool = False) -> QuerySet[Any]:
    """The rows of a group at a place and below: those in force, or those that were ended."""
    model = forms.MODELS[group.kind]
    found = below(viewer, model, place).filter(ended__isnull=not ended, **group.where.constants())
    if group.kind == "record":
        found = found.filter(group=group.key)
    return found.select_related("place").order_by("pk")


def below(viewer: Viewer, model: type[Item], place: Place | None) -> QuerySet[Any]:
    """Every row of a kind that the viewer may see, at a place and below or everywhere."""
    return at(viewer, model, *where(place))


def at(viewer: Viewer, model: type[Item], path: str | None, hint: str) -> QuerySet[Any]:
    """The same by what :func:`where` says of the place, for questions whose SQL is kept."""
    found = model._default_manager.filter(viewer.scope("enterprise.view", "place__"), place__retired=None)
    return found if path is None else found.filter(lookups.range_of(path, hint, "place__"))


def where(place: Place | None) -> tuple[str | None, str]:
    """Path of a place, None for everywhere, and a hint how much lies there."""
    return (place.path, lookups.hint(place.kind)) if place else (None, "")


def parts(ref: str) -> tuple[str, int]:
    """Kind and id of a row in an address: ``licence-12``. Raises NotInScope."""
    kind, dash, number = ref.partition("-")
    if not dash or not (number.isascii() and number.isdecimal()) or len(number) > LONGEST_ID:
        raise NotInScope
    return kind, int(number)


def item(viewer: Viewer, kind: str, item_id: int) -> Item:
    """One row, in force or ended. Raises NotInScope."""
    model = forms.kind(kind)
    found = below(viewer, model, None).select_related("place").filter(pk=item_id).first() if model else None
    if found is None:
        raise NotInScope
    row: Item = found
    return row


def attachments(viewer: Viewer, kind: str, item_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """Files of rows, by row, as far as the viewer may open files."""
    found = Attachment.objects.filter(viewer.scope("file.view", "file__place__"), kind=kind, item_id__in=list(item_ids))
    by_row: dict[int, list[Attachment]] = {}
    for one in found.select_related("file").order_by("pk"):
        by_row.setdefault(one.item_id, []).append(one)
    return by_row


def history(viewer: Viewer, kind: str, item_id: int) -> list[Revision]:
    """What was done to a row, newest first."""
    seen = viewer.scope("enterprise.view", "place__")
    return list(Revision.objects.filter(seen, kind=kind, item_id=item_id).select_related("by").order_by("-pk"))


def changes(viewer: Viewer, place: Place | None = None, limit: int = RECENT) -> list[Revision]:
    """The newest changes of files, at a place and below or everywhere."""
    path, hint = where(place)
    return _changes(viewer, path, hint=hint, limit=limit)


@prepared
def _changes(viewer: Viewer, path: str | None, *, hint: str, limit: int) -> QuerySet[Revision]:
    found = Revision.objects.filter(viewer.scope("enterprise.view", "place__"))
    if path is not None:
        found = found.filter(lookups.range_of(path, hint, "place__"))
    return found.select_related("by", "place").defer("place__geometry").order_by("-pk")[:limit]


def gaps(branches: Iterable[Branch], facts: Enterprise | None) -> list[Gap]:
    """What the file lacks by the pack: named, not scored. Groups about chemicals count where some are held."""
    counts = {each.group.key: each for branch in branches for each in branch.groups}
    chemicals = counts["chemicals"].count > 0
    found = [Gap(counts["basics"].group, tuple(basics_missing(facts)))] if basics_missing(facts) else []
    for each in counts.values():
        wanted = each.group.needed == "always" or (each.group.needed == "chemicals" and chemicals)
        if wanted and each.count == 0 and each.group.key != "basics":
            found.append(Gap(each.group))
    return found


def basics_missing(facts: Enterprise | None) -> list[str]:
    """The required basic facts that are not filled in, by their labels."""
    form = forms.form("basics")
    empty = (None, "")
    return [f.label for f in form.fields if f.required and (facts is None or forms.value_of(facts, f.key) in empty)]


def _counts(viewer: Viewer, place: Place) -> dict[str, tuple[int, int, date | None]]:
    """Rows, lapsed rows and first date by group: one question for each kind of rows."""
    found: dict[str, tuple[int, int, date | None]] = {}
    today = clock.today()
    path, hint = where(place)
    for kind, model in forms.MODELS.items():
        own = [group for group in forms.groups().groups if group.kind == kind]
        keys = _keys(model)
        for row in _numbers(viewer, path, hint=hint, model=model, keys=keys, today=today):
            for group in own:
                if _fits(group, row):
                    found[group.key] = _plus(found.get(group.key), (row["n"], row["late"], row["first"]))
    return found


@prepared
def _numbers(
    viewer: Viewer, path: str | None, *, hint: str, model: type[Item], keys: tuple[str, ...], today: date
) -> QuerySet[Item, dict[str, Any]]:
    told: QuerySet[Item, Any] = at(viewer, model, path, hint).filter(ended=None).order_by().values(*keys)
    lapsed = Count("pk", filter=Q(due__lt=today))
    return told.annotate(n=Count("pk"), late=lapsed, first=Min("due"))


def _keys(model: type[Item]) -> tuple[str, ...]:
    """The columns that tell to which group a row belongs."""
    if model is FileRecord:
        return ("group",)
    if model is Chemical:
        return ("hazardous", "site")
    own = forms.columns(model)
    return tuple(key for key in ("subject", "category") if key in own and model.KIND != "certificate") or ("ended",)


def _fits(group: Group, row: Mapping[str, object]) -> bool:
    return row.get("group", group.key) == group.key and belongs(group, row)


def _plus(
    one: tuple[int, int, date | None] | None, other: tuple[int, int, date | None]
) -> tuple[int, int, date | None]:
    if one is None:
        return other
    first = min((day for day in (one[2], other[2]) if day is not None), default=None)
    return one[0] + other[0], one[1] + other[1], first
