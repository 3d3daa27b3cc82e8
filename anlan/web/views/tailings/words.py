"""What ponds' keys are called on pages."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.apps.tailings.choices import PondState
from anlan.apps.tailings.models import Judging, Pond
from anlan.kit import clock
from anlan.kit.listing import cells
from anlan.packs.families import tailings_ponds as pack
from anlan.rules.facts import fill
from anlan.rules.levels import Level
from anlan.rules.tailings import Part

WAN = 1e4  # 万
DRAINS = {
    "tower": _("排水井、隧洞"),
    "weir": _("溢洪道、侧槽"),
    "orifice": _("孔口、涵管"),
    "pump": _("水泵"),
    "rated": _("实测泄流曲线"),
}


def condition(key: str | None) -> str:
    """危库 … 正常库; 未判定 where nobody knows."""
    words = pack.load(clock.now().date()).classes.get(key or "")
    return gettext(words.name) if words else gettext("未判定")


def said(part: Part) -> str:
    """A part of a judgement in words."""
    params = {name: gettext(value) if isinstance(value, str) else value for name, value in part.params.items()}
    return fill(gettext(part.text), params)


def kept(judging: Judging) -> list[dict[str, Any]]:
    """The parts of a stored judgement in words."""
    return [
        {"level": part["level"], "text": fill(gettext(part["text"]), part["params"]), "clause": part["clause"]}
        for part in judging.parts
    ]


def level(pond: Pond) -> SafeString | str:
    """The badge of the last judgement; nothing where a pond is not judged any more."""
    rank = getattr(pond, "judged_level", None)
    if rank is None or pond.state in (PondState.CLOSED, PondState.CANCELLED):
        return ""
    return cells.level(Level(rank))
