"""Where a place may lie, what it may be called, and what a zone may count."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from anlan.rules import paths
from anlan.rules.refusal import Refusal

DIVISIONS = ("province", "city", "county", "town", "grid")
ZONES = ("park", "zone")
MAX_PATH = 252

_IN_ENTERPRISE = ("enterprise", "area", "unit")
_OWN_SECTOR = ("enterprise", *ZONES)
_HOMES: dict[str, tuple[str, ...]] = {
    "province": (),
    "city": ("province",),
    "county": ("province", "city"),
    "town": ("city", "county"),
    "grid": ("town", "grid"),
    "park": ("province", "city", "county", "town"),
    "zone": ("province", "city", "county", "town", "park"),
    "enterprise": (*DIVISIONS, "park"),
    "area": ("enterprise", "area", "park"),
    "unit": _IN_ENTERPRISE,
    "risk_point": (*_IN_ENTERPRISE, "park", "public_object", "segment", "mobile"),
    "public_object": (*DIVISIONS, "park", "zone"),
    "segment": (*DIVISIONS, "park", "zone", "enterprise", "area"),
    "mobile": (*DIVISIONS, "park", "enterprise"),
}
_ROOTS = ("province", "city", "county")


def may_lie(kind: str, under: str | None) -> Refusal | None:
    """Whether a place of ``kind`` may lie directly under one of kind ``under`` (None = at the top of the tree)."""
    allowed = kind in _ROOTS if under is None else under in _HOMES.get(kind, ())
    if allowed:
        return None
    homes = "、".join(_HOMES.get(kind, ())) or "-"
    return Refusal(
        "place.wrong_parent",
        "“{kind}”不能放在“{under}”之下。",
        "请放在这些类型之一之下：{homes}。",
        {"kind": kind, "under": under or "-", "homes": homes},
    )


def name_is_good(name: str) -> Refusal | None:
    """A name has 1 to 120 printable characters and does not begin or end with a space."""
    if name and name == name.strip() and len(name) <= 120 and name.isprintable():
        return None
    return Refusal(
        "place.bad_name", "名称“{name}”不可用。", "名称为 1 至 120 个可见字符，首尾无空格。", {"name": name[:130]}
    )


def asset_is_good(kind: str, asset: str) -> Refusal | None:
    """Only a segment is a piece of a line, and says so in 48 printable characters at most."""
    if not asset or (kind == "segment" and len(asset) <= 48 and asset.isprintable()):
        return None
    fix = "只有区段属于一条线，线的编号不超过 48 个可见字符。"
    return Refusal("place.bad_asset", "所属的线“{asset}”不可用。", fix, {"asset": asset[:60]})


def may_go_deeper(parent_path: str) -> Refusal | None:
    """Whether one more step fits below ``parent_path``."""
    if len(parent_path) + paths.STEP <= MAX_PATH:
        return None
    levels = str(MAX_PATH // paths.STEP)
    return Refusal("place.too_deep", "层级超过 {levels} 级。", "请放在更高的一级之下。", {"levels": levels})


def inherited_sector(kind: str, own: str, parent_kind: str | None, parent_sector: str) -> str:
    """The sector of a place: none for a division, its own for an enterprise, else that of the thing it lies in."""
    if kind in DIVISIONS:
        return ""
    if kind in _OWN_SECTOR or parent_kind in (None, *DIVISIONS, *ZONES):
        return own
    return parent_sector


def hands_sector_down(kind: str) -> bool:
    """Whether everything below a place of this kind has the sector of that place."""
    return kind == "enterprise" or kind not in (*DIVISIONS, *_OWN_SECTOR)


@dataclass(frozen=True)
class Spot:
    """A place as the rules of moving and joining see it."""

    id: int
    kind: str
    path: str
    retired: bool = False


def may_move(place: Spot, under: Spot, counting: AbstractSet[int]) -> Refusal | None:
    """Whether a subtree may move under a new parent. ``counting``: ids of all that count ``under`` (see may_join)."""
    if paths.covers(place.path, under.path):
        return Refusal("place.under_itself", "不能移到自己或自己的下级之下。", "请选择另一个上级。")
    if under.retired:
        return retired("place.parent_retired")
    if place.id in counting:
        return _circle()
    return may_lie(place.kind, under.kind)


def may_join(member: Spot, zone: Spot, counting: AbstractSet[int]) -> Refusal | None:
    """Whether ``zone`` may count ``member``.

    ``counting`` holds the ids of all places that count ``zone`` already, by the tree or through zones, and ``zone``
    itself: were ``member`` among them, it would count itself.
    """
    if zone.kind not in ZONES:
        return Refusal("zone.not_a_zone", "只有园区和专题区域可以统计其他场所。", "请选择园区或专题区域。")
    if zone.retired or member.retired:
        return retired("zone.retired")
    if member.id in counting:
        return _circle()
    if paths.covers(zone.path, member.path):
        return Refusal("zone.already_below", "该场所本来就在此区域之下，已计入。", "无需再加入。")
    return None


def retired(code: str) -> Refusal:
    """What is said when something is asked of a place that is no longer in use."""
    return Refusal(code, "该场所已停用。", "请选择在用的场所。")


def _circle() -> Refusal:
    return Refusal("zone.circle", "该场所已经统计此区域，形成循环。", "请先把此区域移出该场所。")
