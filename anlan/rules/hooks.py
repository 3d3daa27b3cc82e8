"""Web hooks: where they may point, when an attempt is made again, when one is paused."""

import ipaddress
from collections.abc import Collection, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from anlan.rules.refusal import Refusal

#: How long to wait after the first, second … failed attempt; after the last the event is given up.
RETRIES: Sequence[timedelta] = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 720))
#: Failed attempts in a row after which a hook is paused. It rests longer after each, so this is a day and a half.
MOST_FAILURES = 8
#: Events that may wait for one hook; a receiver that falls so far behind is paused.
MOST_WAITING = 5_000
#: Hooks that one person may have.
MOST = 20

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def next_try(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None: no more."""
    return RETRIES[attempts - 1] if attempts <= len(RETRIES) else None


def rest(failures: int) -> timedelta:
    """How long a receiver is left alone after so many failures in a row, so that events keep their order."""
    return RETRIES[min(failures, len(RETRIES)) - 1]


def url_is_good(url: str) -> Refusal | None:
    """Whether an address has the form of one that events can be sent to."""
    fix = "请填写以 https:// 开头、不含用户名和 # 的完整地址。"
    bad = Refusal("hook.bad_url", "地址“{url}”不可用。", fix, {"url": url[:80]})
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return bad
    strange = any(ord(c) <= 32 or ord(c) == 127 for c in url) or not url.isascii()
    if parts.scheme not in ("https", "http") or not parts.hostname or strange or len(url) > 500:
        return bad
    return bad if parts.username is not None or parts.fragment or port == 0 else None


def may_reach(address: str, allowed: Collection[Network]) -> Refusal | None:
    """Whether events may be sent to an address of the network: a public one, or one of an allowed network."""
    ip = _inner(ipaddress.ip_address(address.partition("%")[0]))
    if any(ip in network for network in allowed):
        return None
    if ip.is_global and not ip.is_multicast and not ip.is_reserved:
        return None
    fix = "请使用公网地址，或请系统管理员在 ANLAN_HOOK_NETWORKS 中允许该网段。"
    return Refusal("hook.private_address", "地址 {address} 在内网，不能发送。", fix, {"address": str(ip)})


def _inner(ip: _Address) -> _Address:
    """The IPv4 address that an IPv6 address only wraps."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    teredo = ip.teredo[1] if ip.teredo else None
    return ip.ipv4_mapped or ip.sixtofour or teredo or ip


def may_have(name: str, events: Collection[str], known: Collection[str], others: int) -> Refusal | None:
    """Whether a new hook is named, asks for something, and is not one too many."""
    if not name.strip():
        return Refusal("hook.no_name", "推送没有名称。", "请写明接收的系统，例如“市平台”。")
    if not events or set(events) - set(known):
        return Refusal("hook.no_events", "没有选中要推送的事件。", "请至少选择一种已有的事件。")
    if others >= MOST:
        return Refusal("hook.too_many", "推送已达 {most} 个。", "请先删除不再使用的。", {"most": str(MOST)})
    return None
