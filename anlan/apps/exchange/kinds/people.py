"""People and what they may do: one row for each grant; the first row of a user name is the person."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.apps.core import actions
from anlan.apps.core import selectors as core
from anlan.apps.core.actions import Newcomer, NewGrant, NewPerson
from anlan.apps.core.actions.people import may_give, username_is_good
from anlan.apps.core.models import Person
from anlan.apps.exchange.choices import LineState
from anlan.apps.exchange.finding import Finder, Hit, pieces
from anlan.apps.exchange.kinds import trades
from anlan.apps.exchange.kinds.base import Field, Kind, Row, Stager, Values, attempt, said
from anlan.apps.exchange.models import ImportLine
from anlan.kit import clock
from anlan.kit.errors import Refused
from anlan.kit.grants import Viewer
from anlan.kit.sheets import Cell, values
from anlan.packs.families import roles


class People(Kind):
    key = "people"
    label = gettext_lazy("人员与授权")
    capability = "person.edit"
    subject = "person"
    slice = 60

    def fields(self) -> Sequence[Field]:
        named = {key: role.name for key, role in roles.load(clock.today()).roles.items()}
        user = _("2 至 64 个字母、数字或 . _ - 字符；同一人有几项授权时各占一行，用户名相同")
        return (
            Field("username", _("用户名"), user, required=True, read=values.word, example="wangan"),
            Field("name", _("姓名"), required=True, example="王安"),
            Field("phone", _("电话"), width=18),
            Field("role", _("角色"), _("从下拉列表选择；不得超过您自己的权限"), required=True, choices=named),
            Field("place", _("场所"), _("编码、名称或完整位置；授权含其下各级"), required=True, width=28),
            Field("sectors", _("行业"), _("只管某些行业时填写，用顿号隔开；不填为全部"), read=_trades),
            Field("until", _("授权止"), _("最后一天；不填为长期"), read=_day),
        )

    def stager(self, viewer: Viewer) -> Stager:
        return _PeopleStager(viewer)

    def publish(self, viewer: Viewer, lines: Sequence[ImportLine], above: Mapping[int, int]) -> list[int]:
        fresh = [line for line in lines if line.state == LineState.NEW and line.above is None]
        newcomers = [Newcomer(NewPerson(**line.data["person"]), (_grant(line),)) for line in fresh]
        people = actions.add_people(viewer, newcomers)
        ids = {line.number: person.pk for line, person in zip(fresh, people, strict=True)}
        for line in lines:
            if line.number not in ids:
                ids[line.number] = self._extend(viewer, line, {**above, **ids})
        return [ids[line.number] for line in lines]

    def undo(self, viewer: Viewer, lines: Sequence[ImportLine]) -> None:
        """Grants end; people who came with the file can no longer sign in."""
        for line in lines:
            for grant_id in line.data.get("grants", ()):
                actions.withdraw_grant(viewer, grant_id)
        for line in lines:
            if line.state == LineState.NEW and line.above is None and line.target:
                _leave(viewer, line.target)

    def rows(self, viewer: Viewer) -> Iterator[Values]:
        known, sectors = roles.load(clock.today()).roles, trades.names()
        for grant in core.grants(viewer).order_by("person__name", "person", "pk").iterator(chunk_size=500):
            if viewer.person_id != grant.person_id or viewer.may("person.edit", grant.place.path, grant.place.sector):
                yield {
                    "username": grant.person.username,
                    "name": grant.person.name,
                    "phone": grant.person.phone,
                    "role": known[grant.role].name if grant.role in known else grant.role,
                    "place": grant.place.code or grant.place.name,
                    "sectors": "、".join(sectors.get(key, key) for key in grant.sectors),
                    "until": clock.day_of(grant.until) if grant.until else None,
                }

    def _extend(self, viewer: Viewer, line: ImportLine, above: Mapping[int, int]) -> int:
        """One more grant of somebody who is there already."""
        person = core.person(viewer, line.target or above[line.above or 0])
        given = _grant(line)
        place = core.place(viewer, given.place_id)
        grant = actions.give_grant(viewer, person, given.role, place, given.sectors, given.until)
        line.data["grants"] = [grant.pk]
        return person.pk


def _leave(viewer: Viewer, person_id: int) -> None:
    actions.deactivate_person(viewer, person_id)
    for grant in core.grants(viewer).filter(person=person_id):
        actions.withdraw_grant(viewer, grant.pk)


def _grant(line: ImportLine) -> NewGrant:
    given = line.data["grant"]
    until = datetime.fromisoformat(given["until"]) if given["until"] else None
    return NewGrant(given["role"], given["place_id"], tuple(given["sectors"]), until=until)


def _trades(cell: Cell) -> list[str]:
    text = values.text(cell)
    for sign in "，,；;/":
        text = text.replace(sign, "、")
    return sorted({trades.read(one) for one in text.split("、") if one.strip()})


def _day(cell: Cell) -> str | None:
    return None if values.text(cell) in ("长期", "永久", "无") else values.day(cell).isoformat()


def _end_of(day: str | None) -> datetime | None:
    """The last moment of a day."""
    if not day:
        return None
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), time(23, 59, 59)))


class _PeopleStager(Stager):
    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._finder = Finder(viewer, "person.edit")
        self._first: dict[str, Row] = {}  # user name → the row that is the person
        self._grants: set[tuple[Any, ...]] = set()

    def look(self, rows: Sequence[Row]) -> None:
        self._finder.load({row.text("place") for row in rows})
        known = self._known(rows)
        for row in rows:
            self._look_at(row, known.get(row.text("username").lower()))

    def _known(self, rows: Sequence[Row]) -> dict[str, Person]:
        found: dict[str, Person] = {}
        for some in pieces({row.text("username").lower() for row in rows} - {""}):
            found |= {one.username.lower(): one for one in Person.objects.filter(username__in=[*some, *_spelled(rows)])}
        return found

    def _look_at(self, row: Row, known: Person | None) -> None:
        row.title = f"{row.text('name')}（{row.text('username')}）"
        hit = attempt(row, lambda: self._finder.find(row.text("place")) if row.text("place") else None)
        first = self._first.setdefault(row.text("username").lower(), row)
        if first is not row and first.text("name") != row.text("name"):
            row.refuse(_("用户名与第 {n} 行相同，姓名却不同").format(n=first.number))
        if known is not None:
            self._of_somebody(row, known)
        elif first is row:
            row.refuse(username_is_good(row.text("username"), taken=False))
        elif first.problems:
            row.refuse(_("同一用户名的第 {n} 行有错").format(n=first.number))
        else:
            row.above, row.rank = first.number, 1
        if hit is not None and row.text("role"):
            self._of_grant(row, hit, known)

    def _of_somebody(self, row: Row, known: Person) -> None:
        if not core.people(self._viewer).filter(pk=known.pk).exists():
            row.refuse(_("用户名“{name}”已被使用").format(name=known.username))
        elif known.name != row.text("name"):
            row.refuse(_("用户名“{username}”已属于{name}").format(username=known.username, name=known.name))
        row.target = known.pk
        row.state = LineState.CHANGED

    def _of_grant(self, row: Row, hit: Hit, known: Person | None) -> None:
        role, sectors, until = row.text("role"), row.values.get("sectors") or [], _end_of(row.values.get("until"))
        try:
            may_give(self._viewer, role, core.place(self._viewer, hit.id), sectors, until)
        except Refused as refused:
            row.refuse(said(refused.refusal))
        if until is not None and until <= clock.now():
            row.refuse(_("授权止 {day} 已过").format(day=row.values["until"]))
        key = (row.text("username").lower(), role, hit.id, tuple(sectors))
        if key in self._grants:
            row.refuse(_("与前面的行是同一项授权"))
        self._grants.add(key)
        if known is not None and self._has(known, role, hit, sectors):
            row.state = LineState.SAME
        person = {"username": row.text("username"), "name": row.text("name"), "phone": row.text("phone")}
        grant = {"role": role, "place_id": hit.id, "sectors": sectors, "until": until.isoformat() if until else None}
        row.data = {"person": person, "grant": grant}

    def _has(self, known: Person, role: str, hit: Hit, sectors: Sequence[str]) -> bool:
        held = core.live_grants(clock.now()).filter(person=known, role=role, place=hit.id)
        return any(sorted(grant.sectors) == sorted(sectors) for grant in held)


def _spelled(rows: Sequence[Row]) -> list[str]:
    return [row.text("username") for row in rows]
