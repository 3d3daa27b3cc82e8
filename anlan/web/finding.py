"""What a few letters may mean: page, enterprise, place, monitoring point; only what the viewer may open."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.ledger import selectors as ledger
from anlan.apps.monitoring import selectors as monitoring
from anlan.kit.grants import Viewer
from anlan.rules import paths
from anlan.web import navigation

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
        found += [*_places(viewer, text), Group(_("监测点"), tuple(_tags(viewer, text)))]
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


def _places(viewer: Viewer, text: str) -> list[Group]:
    matching = core.search_places(viewer, text).defer("geometry")
    enterprises = list(matching.filter(kind=PlaceKind.ENTERPRISE)[:EACH])
    others = list(matching.exclude(kind=PlaceKind.ENTERPRISE)[:EACH])
    hits = _place_hits(viewer, [*enterprises, *others])
    groups = ((_("企业"), enterprises), (_("地点"), others))
    return [Group(title, tuple(hits[place.pk] for place in places if place.pk in hits)) for title, places in groups]


def _place_hits(viewer: Viewer, places: Sequence[Place]) -> dict[int, Hit]:
    if not places:
        return {}
    shown = ledger.shown(viewer, [place.pk for place in places])
    above = {step for place in places for step in paths.ancestor_ids(place.path)[:-1]}
    names = dict(core.places(viewer, retired=True).filter(pk__in=above).values_list("pk", "name"))
    return {
        place.pk: Hit(place.name, _way(place, names), reverse("web:place", args=[place.pk]), int(shown[place.pk].level))
        for place in places
        if place.pk in shown
    }


def _way(place: Place, names: dict[int, str]) -> str:
    above = [names[step] for step in paths.ancestor_ids(place.path)[:-1] if step in names]
    return " › ".join([str(PlaceKind(place.kind).label), *above[-3:]])


def _tags(viewer: Viewer, text: str) -> list[Hit]:
    rows = monitoring.search_tags(viewer, text, EACH)
    return [
        Hit(row.name, f"{row.place_name} · {row.code}", reverse("web:tag", args=[row.id]), row.level, "chart")
        for row in rows
    ]
