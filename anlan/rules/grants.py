"""Who may give what: nobody gives or takes away more than they hold."""

from collections.abc import Set as AbstractSet
from datetime import datetime

from anlan.rules.refusal import Refusal


def may_give(wanted: AbstractSet[str], held: AbstractSet[str]) -> Refusal | None:
    """Whether somebody who holds ``held`` may give, change or withdraw a role of capabilities ``wanted``.

    ``held`` counts only what is held at that place, in all of those sectors and for the whole of that time.
    """
    if "grant.give" not in held:
        return Refusal("grant.not_yours", "您在该场所不能授权。", "请由该场所的系统管理员办理。")
    if missing := wanted - held:
        return Refusal(
            "grant.more_than_held",
            "该角色超出您自己的权限：{missing}。",
            "请选择不超过自身范围、行业和期限的角色，或由上级办理。",
            {"missing": "、".join(sorted(missing))},
        )
    return None


def period_is_good(since: datetime, until: datetime | None) -> Refusal | None:
    """A grant ends after it begins."""
    if until is None or since < until:
        return None
    return Refusal("grant.ends_before_it_begins", "授权的结束时间早于开始时间。", "请更正期限。")


def begins_in_time(since: datetime, now: datetime) -> Refusal | None:
    """A grant begins now or later: who held what when is never written afterwards."""
    if since >= now:
        return None
    return Refusal("grant.begins_in_the_past", "授权的开始时间已过。", "请从现在或以后开始。")


def may_withdraw_last(remaining_managers: int) -> Refusal | None:
    """The last person who can give grants at the top keeps that grant, or nobody could ever give one again."""
    if remaining_managers > 0:
        return None
    return Refusal("grant.last_manager", "这是最后一名可授权的管理员。", "请先为另一人授予同样的角色。")
