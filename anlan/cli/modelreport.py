"""How ``anlan model`` shows descriptions and checked cases: as text for people, as Markdown for the documents."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from anlan.kit.models.cases import Result
from anlan.kit.models.describe import Description
from anlan.kit.models.running import Json
from anlan.kit.models.shapes import Field
from anlan.kit.models.tolerance import Comparison

_STATUS = {"met": "符合", "not met": "不符", "refused": "被拒绝", "not run": "没有运行"}
_CHINESE = {**_STATUS, "disagrees": "（已说明）", "refusal": "拒绝", "none": "无", "yes": "是", "no": "否"}
_ENGLISH = {
    **{status: status for status in _STATUS},
    **{"disagrees": ", explained", "refusal": "refusal", "none": "none", "yes": "yes", "no": "no"},
}
_HEAD = ("算例", "模型", "输出", "公开值", "计算值", "单位", "偏差", "容差", "结论")
_WIDEST = 32
_DOCUMENT = """\
# Validation

Published cases beside what the models compute; a case that cannot be met stands apart, with the reason. Made by
`anlan model check tests/validation/cases --markdown docs/validation.md`, and run by
`tests/validation/test_published_cases.py`.
"""


def description_text(described: Description) -> str:
    """Everything about a model, to be read."""
    parts = [described.name, "", described.summary]
    if described.text:
        parts += ["", described.text]
    parts += ["", "输入", *_inputs(described.inputs, "  "), "", "输出"]
    parts += [line for each in described.outputs for line in _entry(f"{each.name} [{each.unit}]", each.text, "  ")]
    return "\n".join(parts)


def _inputs(fields: Iterable[Field], indent: str) -> Iterator[str]:
    for field in fields:
        unit = f" [{field.unit}]" if field.unit and field.shape.measured() else ""
        default = "可省略" if field.default in (None, "") else f"默认 {_shown(field.default)}"
        need = "必填" if field.required else default
        yield from _entry(f"{field.name}{unit}：{field.shape.words()}，{need}", field.text, indent)
        for shape in (field.shape, field.shape.items):
            yield from _inputs(shape.fields, indent + "    ") if shape else ()


def _entry(head: str, text: str, indent: str) -> Iterator[str]:
    yield indent + head
    if text:
        yield f"{indent}    {text}"


def check_table(results: Sequence[Result]) -> str:
    """Every compared value in a row, then why cases were refused, not run or disagree, then the counts."""
    rows = [_HEAD, *((*map(_short, row[:-1]), row[-1]) for result in results for row in _rows(result, _CHINESE))]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(_HEAD) - 1)]
    lines = ["  ".join([*map(_padded, row[:-1], widths), row[-1]]) for row in rows]
    reasons = [f"{result.case.id}：{said}" for result in results if (said := _reason(result))]
    return "\n".join([*lines, "", *reasons, *([""] if reasons else []), _counted(results)])


def _rows(result: Result, words: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    head = (result.case.id, result.case.model)
    for each in result.comparisons:
        yield (*head, *_cells(each, words), _verdict(result, words, met=each.met))
    if not result.comparisons or result.message:
        refusal = words["refusal"] if result.case.expected is None and result.status == "met" else ""
        yield (*head, "", refusal, refusal, "", "", "", _verdict(result, words, met=result.status == "met"))


def _reason(result: Result) -> str:
    """Why a case was refused, not run, or disagrees."""
    refused = result.message if result.status != "met" else ""
    return "；".join(filter(None, (refused, result.case.disagrees)))


def _verdict(result: Result, words: Mapping[str, str], *, met: bool) -> str:
    if met:
        return words["met"]
    said = words[result.status if result.status != "met" else "not met"]
    return said + words["disagrees"] if result.case.disagrees else said


def _cells(each: Comparison, words: Mapping[str, str]) -> tuple[str, ...]:
    deviation = "" if each.deviation is None else f"{each.deviation:.2%}" if each.deviation >= 1e-4 else "<0.01%"
    if each.deviation == 0:
        deviation = "0"
    return (each.name, _shown(each.expected, words), _shown(each.computed, words), each.unit, deviation, each.allowed)


def summary(results: Sequence[Result]) -> dict[str, int]:
    """How many cases there are, and how many of each kind."""
    counts = Counter[str](result.status for result in results)
    return {
        "cases": len(results),
        **{status: counts[status] for status in _STATUS},
        "disagrees": sum(bool(result.case.disagrees) for result in results),
        "failed": sum(result.failed for result in results),
    }


def _counted(results: Sequence[Result]) -> str:
    found = summary(results)
    parts = [f"{_STATUS[status]} {found[status]}" for status in _STATUS if found[status]]
    parts += [f"写明与来源不一致 {found['disagrees']}"] if found["disagrees"] else []
    return f"算例 {found['cases']}：{'，'.join(parts)}；失败 {found['failed']}"


def markdown(results: Sequence[Result]) -> str:
    """The validation page."""
    found = summary(results)
    counts = f"{found['cases']} cases: {found['met']} met, {found['disagrees']} disagree, {found['failed']} failed."
    agreed = [result for result in results if not result.case.disagrees]
    parts = [_DOCUMENT, counts, ""]
    for family in dict.fromkeys(result.case.model.partition("/")[0] for result in agreed):
        members = [result for result in agreed if result.case.model.partition("/")[0] == family]
        parts += [f"## {family}", "", *_table(members), ""]
    disagreeing = [result for result in results if result.case.disagrees]
    if disagreeing:
        parts += ["## Cases that disagree", "", *_table(disagreeing), ""]
        parts += [f"- `{result.case.id}`: {result.case.disagrees}" for result in disagreeing] + [""]
    parts += ["## Sources", "", *_sources(results)]
    return "\n".join(parts).rstrip() + "\n"


def _sources(results: Sequence[Result]) -> Iterator[str]:
    """Every source once, with the cases that are taken from it."""
    by_source: dict[str, list[str]] = {}
    for result in results:
        by_source.setdefault(result.case.source, []).append(f"`{result.case.id}`")
    for source, cases in by_source.items():
        yield f"- {source}: {', '.join(cases)}"


def _table(results: Iterable[Result]) -> Iterator[str]:
    yield "| case | model | output | published | computed | unit | deviation | tolerance | verdict |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for result in results:
        for row in _rows(result, _ENGLISH):
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def _shown(value: Json | object, words: Mapping[str, str] = _CHINESE) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return "[" + ", ".join(_shown(each, words) for each in value) + "]"
    if value is None:
        return words["none"]
    return words["yes" if value else "no"] if isinstance(value, bool) else str(value)


def _short(cell: str) -> str:
    return cell if len(cell) <= _WIDEST else cell[: _WIDEST - 1] + "…"


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
