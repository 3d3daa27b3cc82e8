"""What ponds' keys are called on pages."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from anlan.apps.tailings.choices import PondState
from anlan.apps.tailings.models import Pond
from anlan.apps.tailings.words import condition, kept, said
from anlan.kit.listing import cells
from anlan.rules.levels import Level

__all__ = ["DRAINS", "WAN", "condition", "kept", "level", "said"]

WAN = 1e4  # 万
DRAINS = {
    "tower": _("排水井、隧洞"),
    "weir": _("溢洪道、侧槽"),
    "orifice": _("孔口、涵管"),
    "pump": _("水泵"),
    "rated": _("实测泄流曲线"),
}


def level(pond: Pond) -> SafeString | str:
    """The badge of the last judgement; nothing where a pond is not judged any more."""
    rank = getattr(pond, "judged_level", None)
    if rank is None or pond.state in (PondState.CLOSED, PondState.CANCELLED):
        return ""
    return cells.level(Level(rank))
