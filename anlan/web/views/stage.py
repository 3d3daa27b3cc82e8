"""故事台: start, stop and hasten the demo's stories. The addresses exist in the demo only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.apps.core import selectors as core
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotAllowed
from anlan.kit.grants import Viewer
from anlan.packs.families import demo_stories
from anlan.rules.refusal import Refusal
from anlan.web import stage
from anlan.web.views.parts import is_part, layout, page

NEEDS = "health.view"  # who looks after the running product also directs its stories


@dataclass(frozen=True)
class Step:
    """One line of a script; ``state``: over, now or ahead. ``tags``: what moves, by name."""

    at: str
    text: str
    tags: tuple[str, ...]
    state: str


@dataclass(frozen=True)
class Story:
    """A story as the page shows it; ``place_id`` 0: the viewer may not see where it plays."""

    key: str
    title: str
    about: str
    place: str
    place_id: int
    state: str
    recorded: bool
    now: str
    length: str
    clock_s: int
    length_s: int
    speed: float
    begins_in: str
    next: Step | None
    next_in: str
    steps: tuple[Step, ...]


@page
def stage_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    _require(viewer)
    told = stage.read(settings.DATA)
    at = clock.now().timestamp()
    alive = told is not None and at - float(told["at"]) < stage.FRESH_S
    context = {
        **layout(request),
        "alive": alive,
        "stories": _stories(viewer, told or {}, at),
        "speeds": demo_stories.load(clock.today()).speeds,
        "weather": (told or {}).get("weather", {}),
        "feed": told or {},
    }
    return render(request, "web/stage.html", context)


@require_POST
@page
def direct(request: HttpRequest, viewer: Viewer, key: str, do: str) -> HttpResponse:
    """Leave an order for the demo: it is taken up within a second."""
    _require(viewer)
    known = {str(one["key"]): one for one in (stage.read(settings.DATA) or {}).get("stories", ())}
    if key not in known or do not in stage.DOINGS or not _sees(viewer, known[key]):
        raise BadInput(Refusal("stage.unknown", "没有这个故事。", "请刷新页面后再试。"))
    stage.give(settings.DATA, stage.Order(key, do, _speed(request) if do == "speed" else 1.0))
    if is_part(request):
        return HttpResponse(status=204)
    messages.success(request, _("已吩咐，一秒内生效。"))
    return redirect("web:stage")


@page
def month(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """How far the making of the past month is, for the strip at the foot of the demo's pages."""
    return JsonResponse(stage.read(settings.DATA, stage.MONTH) or {})


def _require(viewer: Viewer) -> None:
    if not viewer.may_anywhere(NEEDS):
        raise NotAllowed(NEEDS)


def _speed(request: HttpRequest) -> float:
    text = request.POST.get("speed", "")
    speeds = demo_stories.load(clock.today()).speeds
    found = next((speed for speed in speeds if f"{speed:g}" == text), None)
    if found is None:
        told = {"speed": text[:12], "speeds": "、".join(f"{speed:g}" for speed in speeds)}
        raise BadInput(Refusal("stage.speed", "速度“{speed}”不能用。", "请选 {speeds} 倍之一。", told))
    return found


def _sees(viewer: Viewer, told: Mapping[str, Any]) -> bool:
    return core.places(viewer).filter(pk=int(told.get("place_id") or 0)).exists()


def _stories(viewer: Viewer, told: Mapping[str, Any], at: float) -> list[Story]:
    """Those that play where the viewer may look."""
    stories = list(told.get("stories", ()))
    ids = [one.get("place_id") or 0 for one in stories]
    seen = set(core.places(viewer).filter(pk__in=ids).values_list("pk", flat=True))
    since = at - float(told.get("begun", at))
    return [_story(one, since) for one in stories if one.get("place_id") in seen]


def _story(told: Mapping[str, Any], since_s: float) -> Story:
    clock_s, running = float(told["clock_s"]), told["state"] == "running"
    raw = list(told["steps"])
    current = max((n for n, step in enumerate(raw) if step["at_s"] <= clock_s), default=-1) if running else -1
    ended = told["state"] == "ended"
    steps = tuple(_step(step, n, current, ended=ended) for n, step in enumerate(raw))
    ahead = steps[current + 1] if running and current + 1 < len(steps) else None
    speed = float(told["speed"])
    wait = (raw[current + 1]["at_s"] - clock_s) / speed if ahead else 0.0
    begins = told.get("begin_min")
    waits = told["state"] == "waiting" and begins is not None
    return Story(
        key=str(told["key"]),
        title=str(told["title"]),
        about=str(told["about"]),
        place=str(told["place"]),
        place_id=int(told.get("place_id") or 0),
        state=str(told["state"]),
        recorded=bool(told.get("recorded")),
        now=_minutes(clock_s),
        length=_minutes(float(told["length_s"])),
        clock_s=round(clock_s),
        length_s=round(float(told["length_s"])),
        speed=speed,
        begins_in=_minutes(max(0.0, float(begins or 0) * 60 - since_s)) if waits else "",
        next=ahead,
        next_in=_minutes(wait) if ahead else "",
        steps=steps,
    )


def _step(told: Mapping[str, Any], number: int, current: int, *, ended: bool) -> Step:
    state = "over" if ended or number < current else "now" if number == current else "ahead"
    return Step(_minutes(float(told["at_s"])), str(told["text"]), tuple(told.get("tags", ())), state)


def _minutes(seconds: float) -> str:
    """m:ss"""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
