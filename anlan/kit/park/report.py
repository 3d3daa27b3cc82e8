"""The report of a run, once as text blocks, written as Word and as PDF."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import numpy as np
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from reportlab.lib import colors  # type: ignore[import-untyped]  # ships no types
from reportlab.lib.enums import TA_CENTER  # type: ignore[import-untyped]  # ships no types
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]  # ships no types
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]  # ships no types
from reportlab.lib.units import cm  # type: ignore[import-untyped]  # ships no types
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]  # ships no types
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]  # ships no types
from reportlab.platypus import (  # type: ignore[import-untyped]  # ships no types
    Flowable,
    Image,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from anlan.kernels.qra.criteria import ACCEPTABLE, INTOLERABLE, PRACTICABLE
from anlan.kernels.qra.uncertainty import Uncertain
from anlan.kit.park.assembly import KIND_NAMES, Scene
from anlan.kit.park.conclusions import Conclusions
from anlan.kit.park.domino import Escalation
from anlan.kit.park.findings import Findings, JudgedTarget
from anlan.kit.park.knock_on import KnockOn
from anlan.kit.park.pictures import fn_picture, map_picture
from anlan.kit.park.relocation import PlantToMove, TargetToMove

ZONES = {INTOLERABLE: "不可容许区", PRACTICABLE: "尽可能降低区", ACCEPTABLE: "可容许区"}
_FONT = "STSong-Light"
_LISTED = 20


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Words:
    text: str


@dataclass(frozen=True)
class Grid:
    """A table: head and rows of text."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Picture:
    png: bytes
    caption: str


Block = Heading | Words | Grid | Picture


@dataclass(frozen=True)
class Report:
    title: str
    day: date
    blocks: tuple[Block, ...]


def compose(
    scene: Scene,
    found: Findings,
    domino: Sequence[Escalation],
    day: date,
    concluded: Conclusions | None = None,
    knock: KnockOn | None = None,
) -> Report:
    """The report's content; both formats show the same."""
    blocks = [
        *_basis(scene),
        *_individual(scene, found),
        *_societal(scene, found),
        *_what(scene, found),
        *_domino(domino),
        *(_chains(knock) if knock is not None and domino else ()),
        *(_broken(concluded) if concluded is not None else ()),
    ]
    return Report(scene.run.title, day, tuple(blocks))


def _basis(scene: Scene) -> Iterator[Block]:
    run, grid = scene.run, scene.grid
    yield Heading("一、范围与输入")
    crs = f"EPSG:{run.grid.epsg}" if run.grid.epsg else "局部坐标"
    size = f"{grid.columns} × {grid.rows} 格，每格 {grid.cell:g} m"
    count = f"风险源 {len(run.sources)} 处，结果 {len(scene.cases)} 个"
    persons = float(scene.people[:, 2].sum())
    yield Words(f"坐标系：{crs}（米）；网格：{size}；{count}；人口 {persons:g} 人。")
    rows = [(case.source.name, case.name, KIND_NAMES[case.outcome.kind()], _f(case.frequency)) for case in scene.cases]
    yield Grid(("风险源", "场景", "后果", "频率（/年）"), rows)
    yield Words("气象：")
    if scene.models:
        yield Words(models_used(scene))
    skies = [(one.name, one.stability, f"{one.wind:g}", f"{one.share:.1%}") for one in run.weather.classes]
    yield Grid(("气象条件", "稳定度", "风速（m/s）", "占比"), skies)


def models_used(scene: Scene) -> str:
    """How many footprints of vapour clouds each model made, and why where it was chosen."""
    clouds = [one for one in scene.models if one.why]
    counts = Counter((one.model, one.why) for one in clouds)
    told = "；".join(f"{model} {count} 个足迹（{why}）" for (model, why), count in counts.most_common())
    return f"气体扩散模型：{told}。" if told else "没有气体扩散足迹。"


def _individual(scene: Scene, found: Findings) -> Iterator[Block]:
    yield Heading("二、个人风险")
    yield Picture(map_picture(scene, found), "图 1 个人风险等值线（方块为风险源，菱形为防护目标）")
    sources = "；".join(f"{number} {one.name}" for number, one in enumerate(scene.run.sources, 1))
    targets = "；".join(f"T{number} {one.name}" for number, one in enumerate(scene.run.targets, 1))
    yield Words(f"图中：{sources}{'；' + targets if targets else ''}。")
    rows = [(_f(one.level), f"{one.area / 1e4:.2f}", "是" if one.open_at_edge else "否") for one in found.contours]
    yield Grid(("等值线（/年）", "面积（公顷）", "超出网格"), rows)
    if found.targets:
        yield Grid(
            ("防护目标", "类别", "个人风险（/年）", "限值（/年）", "结论"), [_target_row(one) for one in found.targets]
        )
    if found.uncertain is not None:
        yield from _uncertainty(scene, found.uncertain)
    if found.room.governs >= 0:
        yield Words(f"风险容量：全部频率乘以 {found.room.value:.3g} 时，最紧的防护目标达到限值（小于 1 表示已超出）。")
    farthest = [
        (
            name,
            _f(level),
            f"{one.distance.max():.0f}",
            f"{one.bearing[int(one.distance.argmax())]:.0f}°",
            "是" if one.cut.any() else "否",
        )
        for name, level, one in found.distances
    ]
    yield Words("外部安全防护距离（自风险源起，取各方向中最大者；方向自北顺时针）：")
    yield Grid(("风险源", "风险值（/年）", "最大距离（m）", "方向", "受网格截断"), farthest)


def _uncertainty(scene: Scene, found: Uncertain) -> Iterator[Block]:
    yield Words(f"不确定性（蒙特卡罗 {found.draws} 次，频率、泄漏速率与毒性概率单位）：")
    names = [*(one.name for one in scene.run.targets), "PLL"]
    values = np.column_stack((found.risk, found.potential_loss)).T.tolist()
    head = ("位置", *(f"{percentile:g}% 分位（/年）" for percentile in found.percentiles.tolist()))
    yield Grid(head, [(name, *map(_f, row)) for name, row in zip(names, values, strict=True)])


def _target_row(one: JudgedTarget) -> tuple[str, ...]:
    verdict = {None: "未给限值", True: "符合", False: "不符合"}[one.kept]
    limit = "—" if one.limit is None else _f(one.limit)
    return one.target.name, one.target.category or "—", _f(one.risk), limit, verdict


def _societal(scene: Scene, found: Findings) -> Iterator[Block]:
    curve = found.societal
    total = float(curve.loss.sum())
    yield Heading("三、社会风险")
    yield Picture(fn_picture(curve), "图 2 F-N 曲线（虚线为准则的上线与下线）")
    largest = f"最大预期死亡人数 {curve.number[-1]:.3g} 人" if len(curve.number) else "没有人员伤亡的结果"
    yield Words(f"潜在生命损失 PLL {_f(total)} 人/年；{largest}。")
    if curve.judgement is not None:
        zone, worst = ZONES[curve.judgement.zone], curve.judgement
        yield Words(
            f"按 {scene.run.criteria.societal} 判定：{zone}。"
            f"与上线之比最大 {worst.upper:.3g}（N = {worst.upper_at:.3g}）。"
        )
    ranked = sorted(zip(scene.cases, curve.loss.tolist(), strict=True), key=lambda pair: -pair[1])[:_LISTED]
    rows = [
        (case.source.name, case.name, _f(loss), f"{loss / total:.1%}" if total > 0 else "—")
        for case, loss in ranked
        if loss > 0
    ]
    yield Grid(("风险源", "场景", "PLL（/年）", "占比"), rows)


def _what(scene: Scene, found: Findings) -> Iterator[Block]:
    yield Heading("四、主要风险来源")
    rows = []
    for place in found.places[: len(scene.run.targets) + 1]:
        for share in place.shares[:3]:
            case = scene.cases[share.group]
            rows.append((place.name, _f(place.risk), f"{case.source.name} {case.name}", f"{share.share:.1%}"))
    yield Grid(("位置", "个人风险（/年）", "贡献者", "占比"), rows)


def _domino(domino: Sequence[Escalation]) -> Iterator[Block]:
    yield Heading("五、多米诺效应")
    if not domino:
        yield Words("没有发现达到扩展阈值的热辐射或超压（或未给出设备类）。")
        return
    rows = [
        (
            f"{one.case.source.name} {one.case.name}", one.target.name, one.kind, f"{one.distance:.0f}",
            f"{one.value:.3g}", f"{one.threshold:g}", f"{one.probability:.2g}", _f(one.frequency),
        )
        for one in domino[:_LISTED]
    ]  # fmt: skip
    yield Grid(("初始事故", "受影响设备", "效应", "距离（m）", "强度", "阈值", "扩展概率", "频率（/年）"), rows)
    yield Words("热辐射以 kW/m2 计，超压以 kPa 计。")


def _chains(knock: KnockOn) -> Iterator[Block]:
    if knock.courses:
        yield Words("连锁链（初始事故 → 依次被波及的装置，“＋”为同时，频率为恰好如此发生）：")
        rows = [(one.text, "是" if one.closed else "否", _f(one.frequency)) for one in knock.courses[:_LISTED]]
        yield Grid(("连锁链", "回到初始装置", "频率（/年）"), rows)
    yield Words(f"发生频率低于 {knock.cut_off:g}/年 的链未逐条列出，合计 {_f(knock.left_out)}/年。")
    if knock.fallen:
        yield Words("各装置因邻近事故而失效（两级以内，全部链之和）：")
        fallen = [
            (one.source.name, one.scenario.name, _f(one.own), _f(one.added), _part(one.added, one.own))
            for one in knock.fallen[:_LISTED]
        ]
        yield Grid(("装置", "失效时的场景", "自身频率（/年）", "连锁增加（/年）", "增加比例"), fallen)
    yield Words(in_risk(knock))


def _part(value: float, whole: float) -> str:
    return f"{value / whole:.1%}" if whole > 0 else "—"


def in_risk(knock: KnockOn) -> str:
    """Whether the risk counts what chains add."""
    if knock.in_risk:
        return "本次风险已计入连锁增加的频率。"
    return "本次风险未计入连锁增加的频率（domino.in_risk 为 false）。"


def _broken(concluded: Conclusions) -> Iterator[Block]:
    yield Heading("六、不符合项与搬迁改造清单")
    if not concluded.broken:
        yield Words("没有突破所列准则的项目。")
        return
    rows = [(one.text, one.criterion.standard, one.criterion.clause) for one in concluded.broken[:_LISTED]]
    yield Grid(("不符合项", "标准", "条款"), rows)
    memory = {one.criterion.pack for one in concluded.broken if one.criterion.confidence == "memory"} - {""}
    if memory:
        yield Words(f"规则包 {'、'.join(sorted(memory))} 的限值尚未与标准原文核对，用于正式评价前须核对。")
    targets, plants = concluded.relocation.targets, concluded.relocation.plants
    if targets:
        yield Words("超出限值的防护目标（按超出倍数）：")
        yield Grid(
            ("防护目标", "超出倍数", "主要来自", "占比", "现距（m）", "该方向应距（m）"),
            [_to_move(one) for one in targets],
        )
    if plants:
        yield Words("风险来源企业或装置（按单独造成的超出倍数；“次序”为使各目标达标的搬迁改造先后）：")
        head = ("企业或装置", "超出倍数", "最不利目标", "涉及目标", "单独搬迁后达标", "PLL 占比", "次序", "其后仍超出")
        yield Grid(head, [_plant_row(one) for one in plants])


def _to_move(one: TargetToMove) -> tuple[str, ...]:
    needed = "20 km 以外" if one.needed is None else f"{one.needed:.0f}"
    return one.judged.target.name, f"{one.excess:.2g}", one.plant, f"{one.share:.0%}", f"{one.distance:.0f}", needed


def _plant_row(one: PlantToMove) -> tuple[str, ...]:
    cured = f"{one.cured} 个" + ("，社会风险" if one.cures_societal else "")
    turn = ("—" if one.order is None else str(one.order), "—" if one.left is None else str(one.left))
    return one.plant, f"{one.excess:.2g}", one.worst or "—", str(one.broken), cured, f"{one.loss:.0%}", *turn


def _f(value: float) -> str:
    return f"{value:.2e}"


# ---------------------------------------------------------------------- Word


def write_word(path: Path, report: Report) -> None:
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.size = Pt(10.5)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    document.add_heading(report.title, 0)
    document.add_paragraph(f"{report.day.year} 年 {report.day.month} 月 {report.day.day} 日")
    for block in report.blocks:
        _add_word(document, block)
    document.save(str(path))


def _add_word(document: Document, block: Block) -> None:
    match block:
        case Heading(text):
            document.add_heading(text, 1)
        case Words(text):
            document.add_paragraph(text)
        case Picture(png, caption):
            document.add_picture(BytesIO(png), width=Cm(15.5))
            document.add_paragraph(caption)
        case Grid(head, rows):
            table = document.add_table(rows=1, cols=len(head), style="Light Grid Accent 1")
            for cell, text in zip(table.rows[0].cells, head, strict=True):
                cell.text = text
            for row in rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
            document.add_paragraph()


# ----------------------------------------------------------------------- PDF


def write_pdf(path: Path, report: Report) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    body = ParagraphStyle("body", fontName=_FONT, fontSize=10, leading=15, wordWrap="CJK")
    title = ParagraphStyle("title", parent=body, fontSize=18, leading=26, alignment=TA_CENTER, spaceAfter=6)
    story: list[Flowable] = [Paragraph(_escaped(report.title), title)]
    day = f"{report.day.year} 年 {report.day.month} 月 {report.day.day} 日"
    story.append(Paragraph(day, ParagraphStyle("day", parent=body, alignment=TA_CENTER)))
    for block in report.blocks:
        story += _pdf_parts(block, body)
    SimpleDocTemplate(
        str(path),
        pagesize=A4,
        title=report.title,
        leftMargin=2 * cm,
        rightMargin=2 * cm,
        topMargin=2 * cm,
        bottomMargin=2 * cm,
    ).build(story)


def _pdf_parts(block: Block, body: ParagraphStyle) -> list[Flowable]:
    match block:
        case Heading(text):
            head = ParagraphStyle(
                "head", parent=body, fontSize=13, leading=20, spaceBefore=10, spaceAfter=4, keepWithNext=1
            )
            return [Paragraph(_escaped(text), head)]
        case Words(text):
            return [Paragraph(_escaped(text), body), Spacer(1, 4)]
        case Picture(png, caption):
            image = Image(BytesIO(png))
            scale = min(16 * cm / image.imageWidth, 12.5 * cm / image.imageHeight)
            image.drawWidth, image.drawHeight = image.imageWidth * scale, image.imageHeight * scale
            return [
                image,
                Paragraph(caption, ParagraphStyle("caption", parent=body, alignment=TA_CENTER)),
                Spacer(1, 6),
            ]
        case Grid(head, rows):
            small = ParagraphStyle("cell", parent=body, fontSize=8.5, leading=11)
            cells = [[Paragraph(_escaped(text), small) for text in row] for row in (head, *rows)]
            table = Table(cells, repeatRows=1, colWidths=[17 * cm / len(head)] * len(head))
            lines = ("GRID", (0, 0), (-1, -1), 0.4, colors.grey)
            table.setStyle(TableStyle([lines, ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]))
            return [table, Spacer(1, 8)]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
