"""What a project adds to the risk around it: computed for a check, kept with it, told to each reader as theirs."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from anlan.apps.consequences.parks import adding
from anlan.apps.consequences.parks.models import ParkStudy
from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.parks.models import CheckRun, Project
from anlan.apps.parks.selectors import proposals, room
from anlan.kernels.qra.criteria import INTOLERABLE
from anlan.kit import clock
from anlan.kit.errors import BadInput
from anlan.kit.grants import SYSTEM, Viewer
from anlan.packs.families import admission
from anlan.rules.added_risk import Added, Exposed
from anlan.rules.refusal import Refusal

Told = dict[str, Any]
Progress = Callable[[int, int], None]
_NO_STUDY = Refusal(
    "project.no_study", "{place}还没有定量风险评价。", "请先为它建立评价并添加风险源（后果，定量风险评价）。"
)


@dataclass(frozen=True)
class Computed:
    """What a project adds (``told``, as it is kept), or why that cannot be computed; neither: nothing was written."""

    told: Told | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Seen:
    """A target as a reader may know it. ``broken``: which limit the project breaks there, if any."""

    exposed: Exposed
    place: Place | None
    kind: str
    category: str
    position: tuple[float, float]
    persons: int
    broken: str


def compute(project: Project, progress: Progress = lambda done, total: None) -> Computed:
    """What the installations of a project add to the study of its place."""
    specs = [spec for _, spec in proposals.installations(project)]
    if not specs:
        return Computed()
    study = proposals.study_of(project.place)
    if study is None:
        told = {"place": project.place.name}
        return Computed(refusal=Refusal(_NO_STUDY.code, _NO_STUDY.message, _NO_STUDY.fix, told))
    try:
        found = adding.effect(study, specs, clock.today(), progress)
    except BadInput as error:
        return Computed(refusal=error.refusal)
    return Computed(found | {"room": {when: _room(found, when) for when in ("before", "after")}})


def _room(found: Mapping[str, Any], when: str) -> tuple[float, str] | None:
    """Factor by which the risk may still grow, and the criterion that is reached first."""
    societal, individual = found["societal"][when], found["individual"][when]
    return room.first(math.inf if individual is None else individual, societal["number"], societal["frequency"])


def added(found: Mapping[str, Any]) -> Added:
    """What was computed, as the rule wants it."""
    ids = [one["place"] for one in found["targets"] if one["place"]]
    names = dict(core.places(SYSTEM, retired=True).filter(pk__in=ids).values_list("pk", "name"))
    societal = [found["societal"][when] for when in ("before", "after")]
    rooms = [found["room"][when] for when in ("before", "after")]
    return Added(
        [_exposed(one, names.get(one["place"]) or home_name(one)) for one in found["targets"]],
        (societal[0]["zone"] == INTOLERABLE, societal[1]["zone"] == INTOLERABLE),
        (rooms[0][0] if rooms[0] else None, rooms[1][0] if rooms[1] else None),
        (societal[0]["pll"], societal[1]["pll"]),
        found["study"]["name"],
    )


def home_name(one: Mapping[str, Any]) -> str:
    """What homes are called."""
    return _("约 {n} 人的居民点（{lon}，{lat}）").format(
        n=one["persons"], lon=f"{one['lon']:.4f}", lat=f"{one['lat']:.4f}"
    )


def _exposed(one: Mapping[str, Any], name: str) -> Exposed:
    return Exposed(name, one["before"], one["after"], one["new"], one["in_service"], one["place"])


def targets(viewer: Viewer, found: Mapping[str, Any]) -> list[Seen]:
    """The targets of the viewer's scope and the homes, as far as the project reaches them; the worst first."""
    rows: Sequence[Mapping[str, Any]] = found["targets"]
    places = core.places(viewer).filter(pk__in=[one["place"] for one in rows if one["place"]]).defer("geometry")
    seen = {place.pk: place for place in places}
    least = admission.load(clock.today()).least_added
    made = []
    for one in rows:
        place = seen.get(one["place"])
        if one["place"] and place is None:
            continue
        may = place is None or viewer.may("enterprise.view", place.path, place.sector)
        exposed = _exposed(one, place.name if place else home_name(one))
        made.append(
            Seen(exposed, place, one["kind"], one["category"], (one["lon"], one["lat"]),
                 int(one["persons"]) if may else 0, exposed.broken(least))
        )  # fmt: skip
    return made


def elsewhere(found: Mapping[str, Any], seen: Sequence[Seen]) -> bool:
    """Whether a limit is broken at a target outside the reader's scope; how many is nobody's business."""
    least = admission.load(clock.today()).least_added
    known = {one.place.pk for one in seen if one.place}
    hidden = [one for one in found["targets"] if one["place"] and one["place"] not in known]
    return any(_exposed(one, "").broken(least) for one in hidden)


def may_see(viewer: Viewer, project: Project) -> bool:
    """Whether a reader of the project may read what its effect was computed from."""
    return viewer.may("scenario.view", project.place.path, project.place.sector)


def is_outdated(run: CheckRun) -> bool:
    """Whether the study that a check was computed with has changed or ended since."""
    if run.effect is None:
        return False
    told = run.effect["study"]
    return not ParkStudy.objects.filter(pk=told["id"], revision=told["revision"], ended=None).exists()
