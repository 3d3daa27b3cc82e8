"""What a project adds to the risk around it, in words and figures: for its page, its documents and the API."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.apps.parks import selectors
from anlan.apps.parks.models import CheckRun, Project
from anlan.apps.parks.selectors import Seen
from anlan.kit.grants import Viewer
from anlan.rules.added_risk import IN_SERVICE, NEW, WORSE
from anlan.rules.figures import power, times
from anlan.web.views.consequences import park_words

SHOWN = 12
BROKEN = {
    NEW: gettext_lazy("超过新建基准"),
    IN_SERVICE: gettext_lazy("越过在役基准"),
    WORSE: gettext_lazy("已超在役基准，再增加"),
    "": gettext_lazy("符合"),
}


def shown(viewer: Viewer, project: Project, run: CheckRun | None) -> dict[str, Any] | None:
    """The effect that a check computed; None without one, or for who may not read what it was computed from."""
    if run is None or run.effect is None or not selectors.may_see(viewer, project):
        return None
    found = run.effect
    seen = selectors.effect_targets(viewer, found)
    broken = [one for one in seen if one.broken]
    return {
        "study": found["study"],
        "seconds": found["seconds"],
        "rows": [row(one) for one in seen[:SHOWN]],
        "all": [row(one) for one in seen],
        "more": max(len(seen) - SHOWN, 0),
        "reached": len(seen),
        "broken": len(broken),
        "elsewhere": selectors.effect_elsewhere(found, seen),
        "levels": [_level(one) for one in reversed(found["levels"])],
        "society": _society(found["societal"]),
        "loss": _loss(found["societal"]),
        "room": {when: _room(found["room"][when]) for when in ("before", "after")},
        "pairs": [_pair(one) for one in found["pairs"]],
        "installations": _shares(found),
        "left_out": found["left_out"],
        "chart": chart(found),
    }


def row(one: Seen) -> dict[str, Any]:
    """A target as a line: numbers as people write them."""
    exposed = one.exposed
    return {
        "name": exposed.name, "place": one.place, "category": one.category, "persons": one.persons,
        **{name: power(getattr(exposed, name)) for name in ("before", "own", "after", "new", "in_service")},
        "of_new": f"{times(100 * exposed.own / exposed.new)}%",
        "of_in_service": f"{times(100 * exposed.after / exposed.in_service)}%",
        "word": _word(one), "broken": bool(one.broken),
    }  # fmt: skip


def _word(one: Seen) -> str:
    """How a target is judged; beyond its limit already, where the project adds nothing to speak of, is no "kept"."""
    if not one.broken and one.exposed.after > one.exposed.in_service:
        return _("现已超在役基准，项目没有明显增加")
    return str(BROKEN[one.broken])


def _level(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, "name": power(one["level"]), "more": round(one["after"] - one["before"], 2)}


def _society(found: Mapping[str, Any]) -> dict[str, Any]:
    """The zone before and with the project, and how near the upper line is."""
    told = {}
    for when, one in found.items():
        beyond = one.get("beyond") and one.get("ratio", 0) < 1
        told[when] = {
            "zone": str(park_words.ZONES[one["zone"]]),
            "ratio": f"{times(100 * one.get('ratio', 0.0))}%",
            "beyond": _("一次可能死亡约 {n} 人，超出风险图范围").format(n=_two(one["most"])) if beyond else "",
        }
    return told


def _two(value: float) -> str:
    """A number of people, to two figures."""
    return f"{float(f'{value:.2g}'):,.0f}"


def _loss(found: Mapping[str, Any]) -> dict[str, str]:
    before, after = found["before"]["pll"], found["after"]["pll"]
    more = park_words.percent(after - before, before) if before > 0 else ""
    return {"before": power(before), "after": power(after), "more": more}


def _room(found: Any) -> dict[str, str] | None:
    """What is left of the capacity; None: nothing bounds it."""
    return {"factor": times(found[0]), "governs": _(found[1])} if found else None


def _pair(one: Mapping[str, Any]) -> dict[str, str]:
    percent = f"{100 * one['probability']:.2g}"
    return {"source": one["from"], "target": one["to"], "percent": percent, "frequency": power(one["frequency"])}


def _shares(found: Mapping[str, Any]) -> dict[str, str]:
    """Each installation's share of the potential loss of life that the project adds."""
    whole = sum(one["loss"] for one in found["installations"])
    return {one["name"]: park_words.percent(one["loss"], whole) for one in found["installations"]}


def chart(found: Mapping[str, Any]) -> dict[str, Any]:
    """Both F-N curves and the criterion."""
    after, before = found["societal"]["after"], found["societal"]["before"]
    told = {key: after.get(key) for key in ("number", "frequency", "upper", "lower", "end")}
    return {**told, "before": {key: before[key] for key in ("number", "frequency")}}
