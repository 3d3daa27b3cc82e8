"""Tokens of programs: how long they may live, and who may make one for whom."""

from collections.abc import Collection
from datetime import datetime, timedelta

from anlan.rules.refusal import Refusal

#: No token lives longer; a program that is still needed gets a new one.
LONGEST = timedelta(days=366)
#: Tokens that one person may have at a time.
MOST = 50


def may_have(name: str, until: datetime, now: datetime, others: int) -> Refusal | None:
    """Whether a new token is named, ends in time, and is not one too many."""
    if not name.strip():
        return Refusal("token.no_name", "令牌没有名称。", "请写明哪个程序使用它，例如“市平台同步”。")
    if not now < until <= now + LONGEST:
        fix = "请选择从现在起不超过 {days} 天的到期时间。"
        return Refusal("token.bad_end", "令牌的到期时间不可用。", fix, {"days": str(LONGEST.days)})
    if others >= MOST:
        return Refusal("token.too_many", "有效令牌已达 {most} 个。", "请先撤销不再使用的令牌。", {"most": str(MOST)})
    return None


def for_another(*, has_password: bool) -> Refusal | None:
    """Nobody makes a token in the name of somebody who signs in themselves."""
    if not has_password:
        return None
    fix = "请由本人在“接口令牌”中创建；程序使用的账号不设密码。"
    return Refusal("token.not_yours", "此人自己登录，不能代其创建令牌。", fix)


def known(capabilities: Collection[str], all_of_them: Collection[str]) -> Refusal | None:
    """Whether every capability that was chosen exists."""
    strange = sorted(set(capabilities) - set(all_of_them))
    if not strange:
        return None
    fix = "请从 /api/roles 所列的权限中选择。"
    return Refusal("token.no_such_capability", "没有权限“{name}”。", fix, {"name": strange[0][:48]})
