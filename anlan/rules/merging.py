"""When two places may become one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anlan.rules import paths
from anlan.rules.refusal import Refusal


@dataclass(frozen=True)
class Candidate:
    """One of the two places."""

    id: int
    kind: str
    path: str
    code: str
    sector: str
    retired: bool


def may_merge(gone: Candidate, kept: Candidate) -> Iterator[Refusal]:
    """Every reason why ``gone`` may not be merged into ``kept``."""
    if gone.id == kept.id:
        yield Refusal("merge.itself", "不能把场所并入它自己。", "请选择另一个场所。")
        return
    if gone.retired or kept.retired:
        yield Refusal("merge.retired", "已停用的场所不能合并。", "请先恢复使用，或选择在用的场所。")
    if gone.kind != kept.kind:
        yield Refusal("merge.other_kind", "两处的类型不同，不能合并。", "只能合并同一类型的场所；不同类型请用“移动”。")
    if paths.covers(gone.path, kept.path) or paths.covers(kept.path, gone.path):
        yield Refusal("merge.one_above_the_other", "一处在另一处之内，不能合并。", "请先把里面的一处移出来。")
    yield from _identities(gone, kept)


def _identities(gone: Candidate, kept: Candidate) -> Iterator[Refusal]:
    if gone.sector != kept.sector:
        yield Refusal("merge.other_sector", "两处的行业不同，合并会改变谁能看见。", "请先把两处的行业改为一致。")
    if gone.kind == "enterprise" and gone.code and kept.code and gone.code != kept.code:
        yield Refusal(
            "merge.two_legal_entities",
            "两家企业的统一社会信用代码不同（{gone} 与 {kept}），是两个主体。",
            "企业变更时请停用旧主体；登记有误时请先更正代码。",
            {"gone": gone.code, "kept": kept.code},
        )


def nobody_speaks_for(tables: Sequence[str]) -> Refusal:
    """Rows at the place that no part of the product would take over."""
    return Refusal(
        "merge.rows_left_behind",
        "还有记录不能转移：{tables}。",
        "请先把这些记录改到另一处，或改用“移动”。",
        {"tables": "、".join(tables)},
    )
