"""One report: what it is about is gathered, put together by its kind, written as Word and PDF (a list: Excel too)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from anlan.apps.core.models import Place
from anlan.apps.reports import analysis, assessment, basis, figures, knock_on, major_list, selectors
from anlan.apps.reports.choices import EXCEL, PDF, WORD, ReportKind
from anlan.apps.reports.models import Report
from anlan.apps.reports.subject import POINTS, Subject, sector_name
from anlan.apps.reports.writing import Writer, at, day
from anlan.kit import clock, documents
from anlan.kit.documents import Document
from anlan.kit.errors import Refused
from anlan.kit.grants import Viewer
from anlan.kit.jobs import Progress
from anlan.packs import loader
from anlan.packs.model import PackError
from anlan.rules.refusal import Refusal

CONFIDENCE = {
    "verified": "已与官方文本核对",
    "read": "读自公开文本",
    "memory": "凭通识录入，待核对",
    "product": "产品默认",
}


@dataclass(frozen=True)
class Made:
    """The files by suffix, the moment that they are right for, and what their reader must be allowed to see."""

    files: Mapping[str, bytes]
    as_of: datetime
    needs: Sequence[basis.Need] = field(default=())


Compose = Callable[[Subject, Progress], tuple[Writer, Sequence[str], bytes | None]]
_KINDS: dict[str, Compose] = {
    ReportKind.ANALYSIS: analysis.compose,
    ReportKind.MAJOR_LIST: major_list.compose,
    ReportKind.ASSESSMENT: assessment.compose,
    ReportKind.KNOCK_ON: knock_on.compose,
}
#: Steps of a job that come after the kind's own: Word, PDF.
_STEPS = 10


def check(subject: Subject, kind: str) -> None:
    """Refuse what would be an empty report."""
    told = {"name": subject.place.name}
    if subject.place.retired is not None:
        raise Refused(Refusal("report.retired", "“{name}”已停用，不能再出报告。", "可查看停用前的报告。", told))
    if not any(node.kind in (*POINTS, "enterprise") for node in subject.nodes.values()):
        fix = "登记企业或风险点后再生成；也可对上级区域生成。"
        raise Refused(Refusal("report.empty", "“{name}”范围内没有企业，也没有风险点。", fix, told))
    if kind == ReportKind.KNOCK_ON:
        knock_on.check(subject)


def make(viewer: Viewer, place: Place, report: Report, progress: Progress) -> Made:
    """The report's files."""
    subject = Subject(viewer, place, report.days)
    check(subject, report.kind)
    written, excel = document(subject, report, progress)
    files = {WORD: documents.word(written)}
    progress(9, _STEPS)
    files[PDF] = documents.pdf(written)
    if excel is not None:
        files[EXCEL] = excel
    progress(10, _STEPS)
    return Made(files, subject.now, basis.needs(viewer, sorted(subject.looked_at)))


def document(subject: Subject, report: Report, progress: Progress) -> tuple[Document, bytes | None]:
    """What a report says, and its workbook where it is a list."""
    writer, packs, excel = _KINDS[report.kind](subject, lambda done, total: progress(round(8 * done / total), _STEPS))
    _gaps(subject, writer)
    _sources(subject, writer, packs)
    written = Document(
        title=selectors.title(report.kind, subject.place),
        day=subject.on,
        blocks=tuple(writer.blocks),
        cover=_cover(subject, report),
        mark="演示数据：澜县及其企业、人员均为虚构" if settings.DEMO else "",
        contents=True,
    )
    return written, excel


def _cover(subject: Subject, report: Report) -> list[tuple[str, str]]:
    place, viewer = subject.place, subject.viewer
    above = " › ".join(one.name for one in subject.above)
    zones = "；另计入 " + "、".join(root.name for root in subject.roots[1:]) if subject.roots[1:] else ""
    seen = selectors.covered(viewer, place) or "全部场所"
    told = [
        ("对象", f"{place.name}（{place.get_kind_display()}）"),
        ("所在", above or "—"),
        ("行业", sector_name(place.sector, subject.on) if place.sector else ""),
        ("编码", place.code),
        ("数据时点", at(subject.now)),
        ("统计期间", f"{day(subject.start)} 至 {day(subject.now)}（{subject.days} 天）"),
        ("编制人", viewer.name or "—"),
        ("编制时间", at(clock.now())),
        ("报告编号", f"{report.kind}-{report.pk}" if report.pk else "（命令生成）"),
        (
            "范围",
            f"{place.name}及其以下各处{zones}；限于编制人在“{seen}”的权限所见",
        ),
    ]
    return [pair for pair in told if pair[1]]


def _gaps(subject: Subject, writer: Writer) -> None:
    writer.head("数据缺口")
    found = figures.gaps(subject)
    if not found:
        writer.say("没有发现缺口：范围内的风险点都已评估，数据来源都有数据，企业都有档案。")
        return
    writer.say("下列情况没有数据，报告不作推断；补齐后重新生成即可。")
    writer.table("数据缺口", ("缺什么", "对本报告的影响"), found, (1, 1))


def _sources(subject: Subject, writer: Writer, packs: Sequence[str]) -> None:
    """The rules that were used, in the version that holds today."""
    writer.head("依据的规则")
    rows = []
    for pack_id in dict.fromkeys(("core/levels", *packs, "core/reports")):
        try:
            header = loader.load(pack_id, subject.on).header
        except PackError:
            continue
        until = f"{header.valid_to}" if header.valid_to else "今"
        rows.append(
            (
                header.title,
                pack_id,
                _short(header.standard),
                f"{header.valid_from} 至 {until}",
                CONFIDENCE[header.confidence],
            )
        )
    writer.say(
        "等级、到期、辨识和后果都按下列规则包计算，规则包注明出处和有效期；标“待核对”的用于正式文件前须对照官方文本。"
    )
    writer.table("规则包及其版本", ("名称", "规则包", "标准", "有效期", "可信程度"), rows, (3.2, 2.4, 4, 2.4, 2))
    writer.note(
        "本报告由安澜按上述数据和规则自动生成；每一条结论后注明其数据。报告内容限于编制人的权限，只有具有同样权限的人可以下载。"
    )


def _short(text: str, most: int = 48) -> str:
    """The first of a pack's many standards."""
    return text if len(text) <= most else text[:most].rsplit("；", 1)[0] + " 等"
