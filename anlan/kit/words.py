"""Moments and values in words, the same on the server as in ``frontend/time.ts``."""

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86400


def span(seconds: float) -> str:
    """A length of time: 40 秒, 3 分钟, 2 小时 5 分, 4 天."""
    whole = int(seconds)
    if whole < MINUTE:
        return _("{n} 秒").format(n=whole)
    if whole < HOUR:
        return _("{n} 分钟").format(n=whole // MINUTE)
    if whole < DAY:
        return _("{n} 小时 {m} 分").format(n=whole // HOUR, m=whole % HOUR // MINUTE)
    return _("{n} 天").format(n=whole // DAY)


def relative(moment: datetime, now: datetime) -> str:
    """How long ago, in words; from two days on the date."""
    past = (now - moment).total_seconds()
    if abs(past) < 10:
        return _("刚刚")
    if past < 0:
        return _("{span}后").format(span=span(-past))
    if past >= 2 * DAY:
        return short(moment, now)
    if HOUR <= past < DAY:
        return _("{n} 小时前").format(n=int(past) // HOUR)
    return _("{span}前").format(span=span(past))


def remaining(deadline: datetime, now: datetime) -> str:
    """What is left until a deadline, or by how much it has passed."""
    left = (deadline - now) / timedelta(seconds=1)
    return _("还剩 {span}").format(span=span(left)) if left >= 0 else _("已超 {span}").format(span=span(-left))


def short(moment: datetime, now: datetime) -> str:
    """Local date and time; the year only when it is another one."""
    zone = timezone.get_current_timezone()
    local, today = _local(moment, zone), now.astimezone(zone)
    return local.strftime("%m-%d %H:%M" if local.year == today.year else "%Y-%m-%d %H:%M")


def exact(moment: datetime) -> str:
    """Local date and time to the second, for a tooltip."""
    return _local(moment, timezone.get_current_timezone()).strftime("%Y-%m-%d %H:%M:%S")


@lru_cache(maxsize=20_000)
def _local(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone)


def number(value: float, decimals: int) -> str:
    """A number with its decimals as the reader's language writes it: as ``floatformat`` does, which takes its time."""
    return _number(value, decimals, get_language())


@lru_cache(maxsize=20_000)
def _number(value: float, decimals: int, _language: str | None) -> str:
    return str(floatformat(value, decimals))
