"""What a few letters may mean: page, enterprise, place, monitoring point; only what the viewer may open."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.apps.core.choices import PlaceKind
from anlan.apps.monitoring import selectors as monitoring
from anlan.kit.grants import Viewer
from anlan.web import navigation
from anlan.web.atlas import finding as atlas
from anlan.web.atlas.look import Look, look
from anlan.web.atlas.question import Question

WEIGHED = 300  # places of which the best of either kind are shown
EACH = 6  # hits of one kind: more would push the other kinds out of sight
LONGEST = 80


@dataclass(frozen=True)
class Hit:
    """One line: what it is called, where it is, where it leads; ``level`` None = has no colour."""

    text: str
    note: str
    url: str
    level: int | None = None
    icon: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    hits: tuple[Hit, ...]


def find(viewer: Viewer, text: str) -> list[Group]:
    """Groups with at least one hit. Without a text: the pages."""
    text = text.strip()[:LONGEST]
    found = [Group(_("页面"), tuple(pages(viewer, text)))]
    if text:
        seen = look(viewer, Question())
        found += [*_places(seen, text), Group(_("监测点"), tuple(_tags(seen, viewer, text)))]
    return [group for group in found if group.hits]


def as_json(groups: Iterable[Group]) -> dict[str, object]:
    return {"groups": [asdict(group) for group in groups]}


def pages(viewer: Viewer, text: str) -> list[Hit]:
    wanted = text.casefold()
    open_to = navigation.entries(viewer)
    return [Hit(page.title, "", page.url, icon=page.icon) for page in open_to if _about(page, wanted)]


def _about(page: navigation.Entry, wanted: str) -> bool:
    words = page.keys.casefold().split()
    return wanted in page.title.casefold() or any(word.startswith(wanted) for word in words)


def _places(seen: Look, text: str) -> list[Group]:
    """From the places that the map holds in memory: a scan of all names in the database takes too long."""
    found = atlas.find(seen, text, WEIGHED)
    enterprises = [one for one in found if one.kind == PlaceKind.ENTERPRISE]
    others = [one for one in found if one.kind != PlaceKind.ENTERPRISE]
    groups = ((_("企业"), enterprises), (_("地点"), others))
    return [Group(title, tuple(_place_hit(one) for one in places[:EACH])) for title, places in groups]


def _place_hit(one: atlas.Found) -> Hit:
    way = " › ".join([str(PlaceKind(one.kind).label), *one.path[-3:]])
    return Hit(one.name, way, reverse("web:place", args=[one.id]), one.level)


def places(viewer: Viewer, text: str, limit: int) -> list[int]:
    """Ids of the first places in the order of the tree whose name holds the text or whose code begins with it."""
    seen = look(viewer, Question())
    rows = atlas.rows_saying(seen, text.lower().replace("\n", " "))
    found: list[int] = seen.atlas.ids[rows[:limit]].tolist()
    return found


def tags(seen: Look, viewer: Viewer, text: str, limit: int) -> list[monitoring.TagRow]:
    """Tags whose name, code or place is called so, in the order of the tree. More places than tags cannot count."""
    rows = seen.atlas.lower_names.holding(text.lower().replace("\n", " "))
    measured = rows[(seen.atlas.tags[rows] > 0) & seen.atlas.scope(viewer, "tag.view")[rows]]
    return monitoring.search_tags(viewer, text, seen.atlas.ids[measured[:limit]].tolist(), limit)


def _tags(seen: Look, viewer: Viewer, text: str) -> list[Hit]:
    rows = tags(seen, viewer, text, EACH)
    return [
        Hit(row.name, f"{row.place_name} · {row.code}", reverse("web:tag", args=[row.id]), row.level, "chart")
        for row in rows
    ]
