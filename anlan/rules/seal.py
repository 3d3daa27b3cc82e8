"""The chain of audit rows: each link's digest covers the row and the link before, so history cannot be rewritten.

``digest(n) = SM3(digest(n-1) + newline + canonical row)``. The hash is passed in, because the standard library need not
have SM3 (GB/T 32905-2016). Whoever keeps one earlier head outside can prove that nothing before it was changed, cut
or forked.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

Hash = Callable[[bytes], str]
Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]

#: What the first link names as its predecessor.
GENESIS = "0" * 64


@dataclass(frozen=True)
class Row:
    """An audit row as it is sealed."""

    id: int
    at: datetime
    actor: int | None
    action: str
    place: int | None
    subject: str
    detail: Json


@dataclass(frozen=True)
class Link:
    """A link as it is stored, with the row it seals (None = that row is gone)."""

    seq: int
    previous: str
    digest: str
    row_id: int
    row: Row | None


@dataclass(frozen=True)
class Break:
    """Where a chain is broken: ``change``, ``cut`` or ``fork``, at which link and row."""

    kind: str
    seq: int
    row_id: int | None
    says: str


def canonical(row: Row) -> bytes:
    """The one way to write a row as bytes: sorted JSON without spaces, time in UTC to the microsecond."""
    fields: dict[str, Json] = {
        "id": row.id,
        "at": row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": row.actor,
        "action": row.action,
        "place": row.place,
        "subject": row.subject,
        "detail": _plain(row.detail),
    }
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def _plain(value: Json) -> Json:
    """Numbers as every database gives them back: 3.0 and 3 are the same."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def link_digest(previous: str, row: Row, hash_: Hash) -> str:
    """The digest of the link that seals ``row`` after the link ``previous``."""
    return hash_(previous.encode() + b"\n" + canonical(row))


def check(links: Iterable[Link], hash_: Hash, heads: Iterable[str] = ()) -> Iterator[Break]:
    """What is wrong with a chain, link by link in the order of ``seq``; nothing if it is whole.

    ``heads`` are digests that were exported earlier: a chain that does not contain them was cut or written anew.
    """
    wanted = set(heads) - {GENESIS}
    claimed: dict[str, int] = {}
    expected, digest, seq = 1, GENESIS, 0
    for link in links:
        yield from _follows(link, expected, digest, claimed)
        yield from _unchanged(link, hash_)
        claimed[link.previous] = link.row_id
        wanted.discard(link.digest)
        expected, digest, seq = link.seq + 1, link.digest, link.seq
    for head in sorted(wanted):
        yield Break("fork", seq, None, f"链中没有链头 {head}：链被截断或重写")


def _follows(link: Link, expected: int, digest: str, claimed: Mapping[str, int]) -> Iterator[Break]:
    if link.previous in claimed:
        other = claimed[link.previous]
        says = f"留痕 {other} 与留痕 {link.row_id} 都接在 {link.previous} 之后"
        yield Break("fork", link.seq, link.row_id, says)
    elif link.seq > expected:
        missing = f"第 {expected} 环" if link.seq == expected + 1 else f"第 {expected} 至 {link.seq - 1} 环"
        yield Break("cut", expected, None, f"留痕 {link.row_id} 之前缺少{missing}")
    elif link.previous != digest:
        yield Break("fork", link.seq, link.row_id, f"留痕 {link.row_id} 没有接在前一环之后")


def _unchanged(link: Link, hash_: Hash) -> Iterator[Break]:
    if link.row is None:
        yield Break("cut", link.seq, link.row_id, f"留痕 {link.row_id} 不见了")
    elif link_digest(link.previous, link.row, hash_) != link.digest:
        yield Break("change", link.seq, link.row_id, f"留痕 {link.row_id} 在封存之后被更改")
