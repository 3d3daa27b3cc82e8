"""Two counties of an invented city, with people, for tests that need a world to act in.

Qinghe has two towns, a park with a chemical plant, and a transport company; Linshan, its neighbour, mirrors it. No name
is part of another, so that a name in an answer says whose data it shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection, transaction

from anlan.apps.core import actions
from anlan.apps.core.models import Person, Place
from anlan.kit.grants import SYSTEM

PASSWORD = "江河安澜-Ninghai-2026"


def plot(west: float, south: float, size: float) -> dict[str, object]:
    """A square in GeoJSON, corners in degrees."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@dataclass(frozen=True)
class World:
    """Places and people by the names below; ``places["qinghe"]``, ``people["王安"]``."""

    places: Mapping[str, Place]
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Place:
        try:
            return self.places[name]
        except KeyError:
            raise AttributeError(name) from None

    def person(self, name: str) -> Person:
        return self.people[name]


#: key, parent's key, kind, name, code, sector
PLACES = (
    ("ninghai", None, "city", "宁海市", "990100", ""),
    ("qinghe", "ninghai", "county", "清河县", "990121", ""),
    ("dongguan", "qinghe", "town", "东关镇", "990121100", ""),
    ("xiling", "qinghe", "town", "西岭乡", "990121200", ""),
    ("park", "qinghe", "park", "柳湾化工园", "", ""),
    ("plant", "park", "enterprise", "恒泰化工厂", "91990121MA0000001X", "chemical"),
    ("reactor", "plant", "unit", "聚合反应釜", "", ""),
    ("valve", "reactor", "risk_point", "进料阀组", "", ""),
    ("haulier", "dongguan", "enterprise", "顺达运输行", "", "transport"),
    ("depot", "haulier", "risk_point", "停车场油罐", "", ""),
    ("school", "xiling", "public_object", "西岭小学校", "", ""),
    ("linshan", "ninghai", "county", "临山县", "990122", ""),
    ("nanpo", "linshan", "town", "南坡镇", "990122100", ""),
    ("beigou", "linshan", "town", "北沟乡", "990122200", ""),
    ("mill", "nanpo", "enterprise", "金桥冶炼厂", "", "chemical"),
    ("furnace", "mill", "unit", "转炉平台", "", ""),
    ("ladle", "furnace", "risk_point", "钢包吊运处", "", ""),
    ("ferry", "beigou", "enterprise", "白浪渡船社", "", "transport"),
    ("jetty", "ferry", "risk_point", "渡口栈桥", "", ""),
)

#: name, user name, role, key of the place, sectors
PEOPLE = (
    ("王安", "wangan", "safety_officer", "plant", ()),
    ("李巡", "lixun", "inspector", "qinghe", ()),
    ("赵值", "zhaozhi", "duty_officer", "qinghe", ()),
    ("孙外", "sunwai", "duty_officer", "linshan", ()),
    ("钱领", "qianling", "leader", "qinghe", ()),
    ("周工", "zhougong", "worker", "plant", ()),
    ("吴专", "wuzhuan", "expert", "park", ()),
    ("郑运", "zhengyun", "inspector", "qinghe", ("transport",)),
    ("冯管", "fengguan", "system_manager", "ninghai", ()),
    ("陈县", "chenxian", "system_manager", "qinghe", ()),
    ("何客", "heke", "", "", ()),
)


def build_places() -> World:
    """The two counties, without people."""
    places: dict[str, Place] = {}
    for number, (key, parent, kind, name, code, sector) in enumerate(PLACES):
        shape = plot(120.0 + number / 100, 30.0, 0.01)
        over = places[parent] if parent else None
        places[key] = actions.add_place(SYSTEM, over, kind, name, code=code, sector=sector, geometry=shape)
    return World(places)


def build() -> World:
    """The two counties with people, who all have the same password."""
    world = build_places()
    for name, username, role, place, sectors in PEOPLE:
        new = actions.NewPerson(username, name, PASSWORD)
        world.people[name] = actions.add_person(SYSTEM, new, role, world.places.get(place), sectors)
    return world


class Copy:
    """The rows of a built world, so that the next test of this process need not build it: ids stay the same."""

    def __init__(self) -> None:
        before = set(_filled())
        self.world = build()
        self.rows = {table: _rows(table) for table in _filled() if table not in before}

    def put(self) -> World:
        """The same rows in a database that has rolled them back."""
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA defer_foreign_keys = ON")  # until the transaction's end, as on PostgreSQL
            for table, (columns, rows) in self.rows.items():
                names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join(["%s"] * len(columns))
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
        places = Place.objects.in_bulk([place.pk for place in self.world.places.values()])
        people = Person.objects.in_bulk([person.pk for person in self.world.people.values()])
        return World(
            {key: places[place.pk] for key, place in self.world.places.items()},
            {name: people[person.pk] for name, person in self.world.people.items()},
        )


def _filled() -> list[str]:
    tables = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        return [table for table in tables if cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone()]


def _rows(table: str) -> tuple[list[str], list[tuple[object, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return [column[0] for column in cursor.description], cursor.fetchall()


_copies: dict[str, Copy] = {}


def ready() -> World:
    """:func:`build`, the second time by copying what was built the first time."""
    database = str(connection.settings_dict["NAME"])
    if database in _copies:
        return _copies[database].put()
    _copies[database] = Copy()
    return _copies[database].world
