"""Many places at once: a county, or a sheet of an import. The rules, audit rows and events are those of one place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from anlan.apps.core.actions.places import Details, added, draft
from anlan.apps.core.actions.record import Entry, audit_many, emit_many
from anlan.apps.core.models import Place
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from anlan.kit.grants import Viewer
from anlan.kit.locks import lock_tree
from anlan.rules import paths
from anlan.rules.refusal import Refusal

_AT_ONCE = 500


@dataclass(frozen=True)
class NewPlace:
    """A place to be. ``parent``: the id of a place, the ``key`` of one earlier in the batch, or None for the top."""

    kind: str
    name: str
    parent: int | str | None
    key: str = ""
    code: str = ""
    sector: str = ""
    asset: str = ""
    geometry: Mapping[str, Any] | None = None

    @property
    def details(self) -> Details:
        return {"code": self.code, "sector": self.sector, "asset": self.asset, "geometry": self.geometry}


def add_places(viewer: Viewer, specs: Sequence[NewPlace]) -> list[Place]:
    """Add places, parents before children, all or none; returns them in the order of ``specs``.

    A refusal carries the number of its spec as parameter ``row``, from 1.
    """
    with transaction.atomic():
        lock_tree(whole=False)
        batch = _Batch(viewer, specs)
        for level in _levels(specs):
            batch.add(level)
        places = batch.in_order()
        audit_many(
            Entry(viewer.person_id, "place.add", place.pk, f"place:{place.pk}", added(place)) for place in places
        )
        emit_many("places", ((place.pk, {"place": place.pk, "action": "place.add"}) for place in places))
    return places


class _Batch:
    """Adds one depth of the batch after another, as a row needs its parent's id."""

    def __init__(self, viewer: Viewer, specs: Sequence[NewPlace]) -> None:
        self._viewer, self._specs = viewer, specs
        self._above: dict[int | str, Place] = {}
        self._rows: dict[int, Place] = {}
        self._find({spec.parent for spec in specs if isinstance(spec.parent, int)})

    def add(self, level: Sequence[int]) -> None:
        fresh = [self._draft(number) for number in level]
        Place.objects.bulk_create(fresh, batch_size=_AT_ONCE)
        for number, place in zip(level, fresh, strict=True):
            place.path = (place.parent.path if place.parent else "") + paths.step(place.pk)
            self._rows[number] = place
            if key := self._specs[number].key:
                self._above[key] = place
        _write_paths(fresh)

    def in_order(self) -> list[Place]:
        return [self._rows[number] for number in range(len(self._specs))]

    def _draft(self, number: int) -> Place:
        spec = self._specs[number]
        parent = self._above[spec.parent] if spec.parent is not None else None
        try:
            place = draft(parent, spec.kind, spec.name, spec.details)
        except Refused as refused:
            raise refused.in_row(number + 1) from None
        if not self._viewer.may("place.edit", parent.path if parent else "", place.sector):
            raise NotAllowed("place.edit")
        return place

    def _find(self, ids: set[int]) -> None:
        """The parents that exist, each of which the viewer must see."""
        visible = Place.objects.filter(self._viewer.scope("place.view"))
        wanted = sorted(ids)
        for first in range(0, len(wanted), _AT_ONCE):
            self._above.update(visible.in_bulk(wanted[first : first + _AT_ONCE]))
        if not ids <= self._above.keys():
            raise NotInScope


def _levels(specs: Sequence[NewPlace]) -> list[list[int]]:
    """Numbers of the specs by how deep in the batch they lie."""
    depth: dict[str, int] = {}
    levels: list[list[int]] = []
    for number, spec in enumerate(specs):
        if isinstance(spec.parent, str) and spec.parent not in depth:
            raise Refused(_no_such_key(spec.parent, number + 1))
        at = depth[spec.parent] + 1 if isinstance(spec.parent, str) else 0
        if spec.key in depth:
            raise Refused(_key_twice(spec.key, number + 1))
        if spec.key:
            depth[spec.key] = at
        levels += [[] for _ in range(at + 1 - len(levels))]
        levels[at].append(number)
    return levels


def _write_paths(places: Iterable[Place]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            f'UPDATE "{Place._meta.db_table}" SET path = %s WHERE id = %s',  # noqa: S608 - the table's own name
            [(place.path, place.pk) for place in places],
        )


def _no_such_key(key: str, row: int) -> Refusal:
    params = {"key": key[:60], "row": str(row)}
    return Refusal("place.no_such_key", "第 {row} 条的上级“{key}”不在它之前。", "请先写上级，再写下级。", params)


def _key_twice(key: str, row: int) -> Refusal:
    params = {"key": key[:60], "row": str(row)}
    return Refusal("place.key_twice", "第 {row} 条的键“{key}”已经用过。", "请让每个键只出现一次。", params)
