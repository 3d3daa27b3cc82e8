"""The result of a check as a workbook or a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.apps.core.actions import audit
from anlan.apps.core.models import Place
from anlan.apps.parks.selectors import FindingLine, Signature
from anlan.kit import clock, documents, sheets
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal
from anlan.web.views.parks import effect_paper

TYPES = {"xlsx": sheets.XLSX, "docx": documents.DOCX, "pdf": documents.PDF}


@dataclass(frozen=True)
class Result:
    """What leaves: facts above, the lines of the check, signatures (none: of a plant), what a project adds."""

    title: str
    name: str
    facts: Sequence[tuple[str, str]]
    lines: Sequence[FindingLine]
    place: Place
    subject: str
    signatures: Sequence[Signature] = ()
    effect: Mapping[str, Any] | None = None  # of a project on the risk around it


def answer(request: HttpRequest, viewer: Viewer, result: Result) -> HttpResponse:
    """The file that ``?format=`` asks for; that it left is written down."""
    suffix = request.GET.get("format", "docx")
    if suffix not in TYPES:
        told = {"format": suffix[:12]}
        raise BadInput(Refusal("export.bad_format", "不能导出为“{format}”。", "可导出：xlsx、docx、pdf。", told))
    content = _excel(result) if suffix == "xlsx" else _document(result, suffix)
    audit(viewer.person_id, "project.export", result.place, result.subject, {"format": suffix})
    response = HttpResponse(content, content_type=TYPES[suffix])
    name = quote(f"{result.title}-{result.name}.{suffix}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def verdict(word: str) -> str:
    return {"pass": _("通过"), "fail": _("不通过"), "unknown": _("查不清"), "none": _("不适用")}[word]


def opinion(word: str) -> str:
    return {"agree": _("同意"), "refuse": _("不同意"), "": _("未签")}[word]


def when(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _rows(result: Result) -> list[list[str]]:
    return [
        [one.title, verdict(one.verdict), _("是") if one.veto else "", one.reason, one.fix, one.clause]
        for one in result.lines
    ]


def _head() -> list[str]:
    return [_("检查项"), _("结果"), _("否决项"), _("理由"), _("怎样才能通过"), _("依据")]


def _excel(result: Result) -> bytes:
    widths = (28, 10, 8, 60, 40, 40)
    columns = [sheets.SheetColumn(title, width) for title, width in zip(_head(), widths, strict=True)]
    facts = sheets.Sheet(_("概况"), [sheets.SheetColumn(_("项目")), sheets.SheetColumn(_("内容"), 60)], result.facts)
    made = [facts, sheets.Sheet(_("检查结果"), columns, _rows(result), wrapped=True)]
    if result.effect:
        made += effect_paper.sheets_of(result.effect)
    if result.signatures:
        heads = [
            sheets.SheetColumn(one, 24) for one in (_("部门"), _("意见"), _("说明"), _("签署人"), _("时间"), _("摘要"))
        ]
        made.append(sheets.Sheet(_("会签"), heads, _signed(result), wrapped=True))
    return b"".join(sheets.xlsx(made))


def _signed(result: Result) -> list[list[str]]:
    return [
        [one.name, opinion(one.verdict), one.text, one.by, when(one.at) if one.at else "", one.digest]
        for one in result.signatures
    ]


def _document(result: Result, suffix: str) -> bytes:
    blocks: list[documents.Block] = [
        documents.Heading(_("概况")),
        documents.Pairs(tuple(result.facts)),
        documents.Heading(_("检查结果")),
        documents.Grid(_head(), _rows(result), (1.6, 0.7, 0.6, 3.2, 2.0, 2.2)),
    ]
    if result.effect:
        blocks += effect_paper.blocks(result.effect)
    if result.signatures:
        head = (_("部门"), _("意见"), _("说明"), _("签署人"), _("时间"))
        blocks += [
            documents.Heading(_("会签")),
            documents.Grid(head, [row[:5] for row in _signed(result)], (1.4, 0.8, 3, 1, 1.4)),
        ]
    blocks.append(
        documents.Words(_("依据各条的出处见规则包；标为凭记忆整理的条款，用于正式审查前须与原文核对。"), "note")
    )
    day = clock.today()
    made = documents.Document(title=result.title, day=day, blocks=tuple(blocks), subtitle=result.name)
    return documents.word(made) if suffix == "docx" else documents.pdf(made)
