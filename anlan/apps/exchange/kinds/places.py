"""Places: of any kind below what the viewer keeps, with codes, trades and shapes; also as GeoJSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.apps.core import actions
from anlan.apps.core import selectors as core
from anlan.apps.core.actions import NewPlace
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.exchange.choices import LineState
from anlan.apps.exchange.finding import Finder, Hit, pieces
from anlan.apps.exchange.kinds import trades
from anlan.apps.exchange.kinds.base import Field, Kind, Row, Stager, Values, attempt
from anlan.apps.exchange.models import ImportLine
from anlan.apps.ledger.models import Fact
from anlan.kit.grants import Viewer
from anlan.kit.sheets import values
from anlan.rules import codes, geometry, paths
from anlan.rules import places as rules
from anlan.rules.refusal import Refusal

_POINT_MOVED = 1e-6  # [degree]


class Places(Kind):
    key = "places"
    label = gettext_lazy("场所")
    capability = "place.edit"
    subject = "place"
    geojson = True

    def fields(self) -> Sequence[Field]:
        kinds = {kind.value: str(kind.label) for kind in PlaceKind}
        above = _("上级的编码或名称；同名时写完整位置，如“城关镇/东岸化工”。可以是本文件中的另一行。")
        code = _("行政区划代码（GB/T 2260）、统一社会信用代码（GB 32100）或自编号，不超过 24 个字符")
        return (
            Field("name", _("名称"), _("现场叫得出的名字，1 至 120 字"), required=True, width=28, example="3 号储罐区"),
            Field("kind", _("类别"), _("从下拉列表选择"), required=True, choices=kinds, example="区域"),
            Field("parent", _("上级"), above, required=True, width=28, example="东岸化工"),
            Field("code", _("编码"), code, read=values.code, width=22),
            Field("sector", _("行业"), _("企业和公共对象填写；企业之下随企业"), read=trades.read),
            Field("longitude", _("经度"), _("CGCS2000，十进制度"), read=values.number, unit="°", width=12),
            Field("latitude", _("纬度"), _("CGCS2000，十进制度"), read=values.number, unit="°", width=12),
        )

    def stager(self, viewer: Viewer) -> Stager:
        return _PlaceStager(viewer)

    def publish(self, viewer: Viewer, lines: Sequence[ImportLine], above: Mapping[int, int]) -> list[int]:
        fresh = [line for line in lines if line.state == LineState.NEW]
        specs = [_spec(line, above) for line in fresh]
        added = {line.number: place.pk for line, place in zip(fresh, actions.add_places(viewer, specs), strict=True)}
        for line in lines:
            if line.state == LineState.CHANGED:
                assert line.target is not None
                actions.edit_place(viewer, line.target, **line.data["changes"])
                added[line.number] = line.target
        return [added[line.number] for line in lines]

    def undo(self, viewer: Viewer, lines: Sequence[ImportLine]) -> None:
        actions.retire_places(viewer, [line.target for line in lines if line.state == LineState.NEW and line.target])
        for line in lines:
            if line.state == LineState.CHANGED and line.target:
                actions.edit_place(viewer, line.target, **line.before)

    def hindered(self, viewer: Viewer, lines: Sequence[ImportLine]) -> Iterator[tuple[ImportLine, str]]:
        """What has come to lie in a new place since."""
        fresh = {line.target: line for line in lines if line.state == LineState.NEW and line.target}
        own = set(ImportLine.objects.filter(run=lines[0].run_id, done=True).values_list("target", flat=True))
        for place in Place.objects.filter(parent__in=list(fresh), retired=None).defer("geometry"):
            if place.pk not in own and place.parent_id is not None:
                seen = viewer.may("place.view", place.path, place.sector)  # whoever handed it in may see less by now
                words = _("其下已有“{name}”").format(name=place.name) if seen else _("其下已有别的场所")
                yield fresh[place.parent_id], words
        for place_id in Fact.objects.filter(place__in=list(fresh)).values_list("place_id", flat=True).distinct():
            yield fresh[place_id], _("已有风险事实")

    def rows(self, viewer: Viewer) -> Iterator[Values]:
        return (row for row, _shape in self.geometries(viewer))

    def geometries(self, viewer: Viewer) -> Iterator[tuple[Values, Mapping[str, Any] | None]]:
        names: dict[str, str] = {}  # of what lies above, by path: rows come in the order of the tree
        kinds, sectors = {kind.value: str(kind.label) for kind in PlaceKind}, trades.names()
        for place in core.places(viewer).iterator(chunk_size=500):
            names = {path: name for path, name in names.items() if paths.covers(path, place.path)}
            row = {
                "name": place.name,
                "kind": kinds[place.kind],
                "parent": "/".join(names.values()),
                "code": place.code,
                "sector": sectors.get(place.sector, place.sector),
                "longitude": _middle(place.west, place.east),
                "latitude": _middle(place.south, place.north),
            }
            names[place.path] = place.name
            yield row, place.geometry


def _spec(line: ImportLine, above: Mapping[int, int]) -> NewPlace:
    given = dict(line.data["spec"])
    if line.above is not None:
        given["parent"] = above[line.above]
    return NewPlace(**given)


def _middle(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else round((low + high) / 2, 6)


class _PlaceStager(Stager):
    """Knows the names and codes of the file itself, as a row may lie in another one."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._finder = Finder(viewer, "place.edit")
        self._own: dict[str, list[int]] = {}  # name or code → rows of the file
        self._seen: dict[tuple[str, ...], int] = {}  # what a row is → the first row that is it
        self._hits: dict[int, Hit] = {}  # rows of the file as places to be
        self._waiting: dict[int, Row] = {}
        self._bad: dict[int, str] = {}
        self._above: dict[int, int] = {}

    def survey(self, rows: Iterable[Row]) -> None:
        for row in rows:
            for name in {row.text("name"), row.text("code")} - {""}:
                self._own.setdefault(name, []).append(row.number)
            self._waiting[row.number] = Row(row.number, {key: row.values.get(key) for key in
                                                          ("name", "kind", "parent", "code", "sector")})  # fmt: skip

    def look(self, rows: Sequence[Row]) -> None:
        self._finder.load({row.text("parent") for row in rows})
        existing = _Existing(self._viewer, rows)
        for row in rows:
            self._look_at(row, existing)

    def finish(self) -> Mapping[int, str]:
        """Rows that lie in a row that is bad are bad too, however deep."""
        late: dict[int, str] = {}
        fresh = set(self._bad)
        while fresh:
            fell = {number for number, above in self._above.items() if above in fresh and number not in late}
            late |= {number: _("上级所在的第 {n} 行有错").format(n=self._above[number]) for number in fell}
            fresh = fell
        return {number: words for number, words in late.items() if number not in self._bad}

    def _look_at(self, row: Row, existing: "_Existing") -> None:
        row.title = row.text("name")
        parent = attempt(row, lambda: self._parent(row))
        shape = attempt(row, lambda: _shape(row))
        place = existing.find(row, parent)
        self._once(row, parent)
        if place is not None and not row.problems:
            self._compare(row, place, shape)
        elif parent is not None:
            self._check_new(row, parent, shape)
        if row.problems:
            self._bad[row.number] = row.problems[0]

    def _parent(self, row: Row) -> Hit | None:
        """The place above: one of the file's own rows, else one that exists."""
        text = row.text("parent")
        if not text:
            return None
        own = [number for number in self._own.get(text, ()) if number != row.number]
        if len(own) == 1 and not self._finder.known(text):
            row.above = own[0]
            self._above[row.number] = own[0]
            hit = self._future(own[0], set())
            row.rank = self._rank(own[0])
            return hit
        if len(own) > 1 and not self._finder.known(text):
            numbers = "、".join(str(number) for number in own[:3])
            raise values.Unreadable(_("上级“{name}”在本文件第 {n} 行都有，请写编码").format(name=text[:60], n=numbers))
        return self._finder.find(text)

    def _future(self, number: int, way: set[int]) -> Hit | None:
        """A row of this file as the place that it will be; its path stands for where it will lie."""
        if number in self._hits:
            return self._hits[number]
        row = self._waiting[number]
        if number in way:
            raise values.Unreadable(_("第 {n} 行的上级绕成了一圈").format(n=number))
        text = row.text("parent")
        own = [other for other in self._own.get(text, ()) if other != number]
        self._finder.load([text])
        here = self._finder.known(text)
        inside = len(own) == 1 and not here
        above = self._future(own[0], way | {number}) if inside else next(iter(here), None)
        if above is None:
            raise values.Unreadable(_("上级所在的第 {n} 行有错").format(n=number))
        sector = rules.inherited_sector(row.text("kind"), row.text("sector"), above.kind, above.sector)
        hit = Hit(0, row.text("name"), row.text("kind"), above.path, sector, row.text("code"))
        self._hits[number] = hit
        return hit

    def _rank(self, number: int) -> int:
        rank = 1
        while (above := self._parent_row(number)) is not None and rank < 40:
            rank, number = rank + 1, above
        return rank

    def _parent_row(self, number: int) -> int | None:
        text = self._waiting[number].text("parent")
        own = [other for other in self._own.get(text, ()) if other != number]
        return own[0] if len(own) == 1 and not self._finder.known(text) else None

    def _once(self, row: Row, parent: Hit | None) -> None:
        """The same place may stand in the file once."""
        keys: list[tuple[str, ...]] = [("code", row.text("code"))] if row.text("code") else []
        if parent is not None:
            keys.append(("name", row.text("name"), row.text("kind"), f"{parent.path}|{row.above or ''}"))
        for key in keys:
            first = self._seen.setdefault(key, row.number)
            if first != row.number:
                row.refuse(_("与第 {n} 行重复").format(n=first))
                return

    def _check_new(self, row: Row, parent: Hit, shape: Mapping[str, Any] | None) -> None:
        name, kind, code = row.text("name"), row.text("kind"), row.text("code")
        row.refuse(rules.name_is_good(name) if name else None)
        row.refuse(_lies(kind, parent.kind))
        row.refuse(rules.may_go_deeper(parent.path))
        row.refuse(codes.check(kind, code, parent.code, parent.kind) if kind else None)
        sector = rules.inherited_sector(kind, row.text("sector"), parent.kind, parent.sector)
        if not self._viewer.may("place.edit", parent.path, sector):
            row.refuse(_("您不能在“{name}”之下登记场所").format(name=parent.name))
        spec = {"kind": kind, "name": name, "parent": parent.id, "code": code, "sector": sector}
        row.data = {"spec": {**spec, "geometry": shape}}

    def _compare(self, row: Row, place: Place, shape: Mapping[str, Any] | None) -> None:
        """An existing place: what differs. What the file leaves empty stays as it is."""
        row.target = place.pk
        row.above = None
        if not self._viewer.may("place.edit", place.path, place.sector):
            row.refuse(_("您不能维护“{name}”").format(name=place.name))
        given = {key: row.text(key) for key in ("name", "code", "sector") if row.text(key)}
        changes: dict[str, Any] = {key: value for key, value in given.items() if getattr(place, key) != value}
        if shape is not None and _moved(place.geometry, shape, exact=row.geometry is not None):
            changes["geometry"] = shape
        if "name" in changes:
            row.refuse(rules.name_is_good(changes["name"]))
        row.before = {key: getattr(place, key) for key in changes}
        row.data = {"changes": changes}
        row.state = LineState.CHANGED if changes else LineState.SAME


class _Existing:
    """Places that rows may already be: by their code, else by kind and name in the same parent."""

    def __init__(self, viewer: Viewer, rows: Sequence[Row]) -> None:
        self._by_code: dict[str, Place] = {}
        self._by_name: dict[tuple[int | None, str, str], Place] = {}
        here = core.places(viewer)
        for some in pieces({row.text("code") for row in rows} - {""}):
            self._by_code |= {place.code: place for place in here.filter(code__in=some)}
        for some in pieces({row.text("name") for row in rows} - {""}):
            for place in here.filter(name__in=some):
                self._by_name[place.parent_id, place.kind, place.name] = place

    def find(self, row: Row, parent: Hit | None) -> Place | None:
        found = self._by_code.get(row.text("code"))
        if found is not None and found.kind != row.text("kind"):
            kind = str(PlaceKind(found.kind).label)
            words = _("编码 {code} 已属于{kind}“{name}”")
            row.refuse(words.format(code=found.code, kind=kind, name=found.name))
            return None
        if found is None and parent is not None and parent.id:
            found = self._by_name.get((parent.id, row.text("kind"), row.text("name")))
            if found is not None and found.code and row.text("code"):
                return None  # another place of the same name
        return found


def _shape(row: Row) -> Mapping[str, Any] | None:
    """The shape of a row: of its feature, or the point of its two columns."""
    if row.geometry is not None:
        row.refuse(geometry.check(row.geometry))
        return row.geometry
    longitude, latitude = row.values.get("longitude"), row.values.get("latitude")
    if longitude is None and latitude is None:
        return None
    if row.problems and (longitude is None or latitude is None):
        return None  # one of the two could not be read, which is said already
    if longitude is None or latitude is None:
        raise values.Unreadable(_("经度和纬度要一起填"))
    point = {"type": "Point", "coordinates": [longitude, latitude]}
    row.refuse(geometry.check(point))
    return point


def _moved(before: Mapping[str, Any] | None, after: Mapping[str, Any], *, exact: bool) -> bool:
    """Whether a shape is another one. Two columns are no reason to give up a drawn area."""
    if before is None or exact:
        return before != after
    if before.get("type") != "Point":
        return False
    pairs = zip(before["coordinates"][:2], after["coordinates"], strict=True)
    return any(abs(old - new) > _POINT_MOVED for old, new in pairs)


def _lies(kind: str, under: str) -> Refusal | None:
    """Where a place may lie, with kinds in words."""
    refusal = rules.may_lie(kind, under) if kind else None
    if refusal is None:
        return None
    names = {one.value: str(one.label) for one in PlaceKind}
    homes = "、".join(names.get(home, home) for home in refusal.params["homes"].split("、"))
    told = {"kind": names.get(kind, kind), "under": names.get(under, under), "homes": homes}
    return Refusal(refusal.code, refusal.message, refusal.fix, told)
