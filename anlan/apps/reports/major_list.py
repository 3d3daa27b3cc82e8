"""重大安全生产风险清单: every major risk point and every major hazard installation, with all that is known of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from anlan.apps.ledger import selectors as ledger
from anlan.apps.ledger.selectors import Node
from anlan.apps.reports import figures, parts
from anlan.apps.reports.figures import Installation
from anlan.apps.reports.subject import Subject, sector_name
from anlan.apps.reports.writing import Writer, at, number, why
from anlan.kit import sheets
from anlan.kit.documents import badge
from anlan.kit.jobs import Progress
from anlan.rules.levels import Level

PACKS = ("chemicals/gb18218", "core/accident_types")


@dataclass(frozen=True)
class Entry:
    """One line of the list."""

    number: int
    name: str
    kind: str
    firm: str
    way: str
    sector: str
    longitude: float | None
    latitude: float | None
    since: str
    why: str
    hazard: str
    accidents: str
    measures: str
    answers: str
    node: Node


HEAD = (
    "序号",
    "名称",
    "类别",
    "企业",
    "所在",
    "行业",
    "经度",
    "纬度",
    "何时起",
    "为什么",
    "危险源",
    "事故类型",
    "管控措施",
    "责任人",
)
WIDTHS = (6, 24, 12, 26, 32, 14, 12, 12, 18, 48, 40, 22, 60, 28)


def compose(subject: Subject, progress: Progress) -> tuple[Writer, Sequence[str], bytes]:
    writer = Writer()
    points = [node for node in subject.points if node.shown.level == Level.MAJOR]
    units = [one for one in figures.installations(subject) if one.unit.is_major]
    progress(1, 3)
    entries = [_point(subject, place, node) for place, node in enumerate(points, 1)]
    entries += [_unit(subject, place, one) for place, one in enumerate(units, len(entries) + 1)]
    progress(2, 3)
    _summary(subject, writer, entries, len(points))
    if entries:
        _overview(subject, writer, entries)
        writer.head("逐项说明")
        for entry in entries:
            _entry(subject, writer, entry)
    else:
        writer.head("清单")
        writer.say("没有重大风险点，也没有构成重大危险源的单元。等级未知的风险点不在此列，见数据缺口。")
    progress(3, 3)
    trades = sorted({entry.node.sector for entry in entries if entry.node.sector})
    return writer, [*PACKS, *(f"sectors/{key}/hazards" for key in trades)], excel(subject, entries)


def _point(subject: Subject, place: int, node: Node) -> Entry:
    found, firm = figures.hazard(subject, node), subject.firm_of(node)
    x, y = subject.position(node) or (None, None)
    since = at(node.shown.since)
    return Entry(
        place,
        node.name,
        "重大风险点",
        firm.name if firm else "—",
        subject.way(node),
        sector_name(node.sector, subject.on),
        x,
        y,
        since,
        _why(subject, node),
        found.hazard if found else _assessed(subject, node),
        "、".join(found.accidents) if found else "未登记",
        figures.measures(found, node),
        subject.answers(node),
        node,
    )


def _why(subject: Subject, node: Node) -> str:
    """Every fact that holds the colour."""
    told = [
        f"{line.reason}（{at(line.since)} 起）"
        for line in ledger.explain(subject.viewer, node.id).lines
        if line.in_scope
    ]
    return "；".join(told[:3]) or "原因在编制人的权限范围之外"


def _assessed(subject: Subject, node: Node) -> str:
    fact = subject.assessments.get(node.id)
    return why(fact) if fact else "未登记"


def _unit(subject: Subject, place: int, one: Installation) -> Entry:
    node = subject.nodes.get(one.unit.place.pk, one.firm)
    x, y = subject.position(node) or (None, None)
    held = "；".join(
        f"{line.chemical.name} {number(line.counted_t, 't')}（临界量 {number(line.threshold_t, 't')}）"
        for line in one.unit.lines
        if line.ratio is not None
    )
    r = f"，R = {one.unit.r:.1f}" if one.unit.r is not None else ""
    way = subject.way(node) if node is not one.firm else "全厂"
    grade = one.unit.grade or "缺数据未定级"
    return Entry(
        place,
        f"{node.name}（重大危险源）",
        "重大危险源",
        one.firm.name,
        way,
        sector_name(one.firm.sector, subject.on),
        x,
        y,
        "—",
        f"Σq/Q = {float(one.unit.s):.2f} ≥ 1{r}，{grade}（GB 18218-2018）",
        held,
        "未登记",
        "未登记",
        subject.answers(one.firm),
        node,
    )


def _summary(subject: Subject, writer: Writer, entries: Sequence[Entry], points: int) -> None:
    writer.head("概要")
    writer.strong(
        f"截至 {at(subject.now)}，{subject.place.name}有重大风险点 {points} 处、"
        f"构成重大危险源的单元 {len(entries) - points} 个。"
    )
    counts = subject.counts(subject.points)
    writer.point(f"范围内风险点共 {len(subject.points)} 处：{parts.counted(subject, counts)}。（数据：台账等级）")
    if subject.is_area and entries:
        firms = {entry.firm for entry in entries}
        writer.point(f"分布在 {len(firms)} 家企业。（数据：场所树）")
    lacking = [entry for entry in entries if entry.measures == "未登记"]
    if lacking:
        writer.point(f"其中 {len(lacking)} 项没有登记可对照的措施。（数据：行业规则包对照）")
    nobody = [entry for entry in entries if entry.answers == "未登记"]
    if nobody:
        writer.point(f"其中 {len(nobody)} 项没有登记责任人。（数据：企业档案）")


def _overview(subject: Subject, writer: Writer, entries: Sequence[Entry]) -> None:
    writer.head("清单")
    if picture := parts.level_map(subject, [entry.node for entry in entries]):
        writer.figure(picture, "重大风险点与重大危险源的位置（号码为序号）")
    rows = [
        [
            str(one.number),
            one.name,
            one.way if one.firm in one.way else f"{one.firm} {one.way}",
            one.accidents,
            one.since,
            one.answers,
        ]
        for one in entries
    ]
    writer.table(
        "重大安全生产风险清单",
        ("序", "名称", "企业与位置", "事故类型", "何时起", "责任人"),
        rows,
        (0.6, 3, 4, 2.4, 2, 3),
    )


def _entry(subject: Subject, writer: Writer, one: Entry) -> None:
    writer.sub(f"{one.name}")
    spot = f"东经 {one.longitude:.6f}°，北纬 {one.latitude:.6f}°" if one.longitude is not None else "没有画在图上"
    told = [
        ("类别", one.kind),
        ("行业", one.sector),
        ("企业", one.firm),
        ("位置", spot),
        ("所在", one.way),
        ("何时起", one.since),
        ("为什么", one.why),
        ("危险源", one.hazard),
        ("事故类型", one.accidents),
        ("管控措施", one.measures),
        ("责任人", one.answers),
    ]
    writer.pairs(told, f"序号 {one.number}")


def excel(subject: Subject, entries: Sequence[Entry]) -> bytes:
    """The list as a workbook, and a sheet that says what it is of."""
    columns = [sheets.SheetColumn(name, width) for name, width in zip(HEAD, WIDTHS, strict=True)]
    rows = [
        (
            one.number,
            one.name,
            one.kind,
            one.firm,
            one.way,
            one.sector,
            one.longitude,
            one.latitude,
            one.since,
            one.why,
            one.hazard,
            one.accidents,
            one.measures,
            one.answers,
        )
        for one in entries
    ]
    about: list[tuple[str, str | int]] = [
        ("对象", subject.place.name),
        ("数据时点", at(subject.now)),
        ("编制人", subject.viewer.name),
        ("条数", len(rows)),
        ("等级", badge(Level.MAJOR, subject.on).text),
    ]
    said = sheets.Sheet("说明", [sheets.SheetColumn("项", 14), sheets.SheetColumn("内容", 40)], about)
    return b"".join(sheets.xlsx([sheets.Sheet("重大风险清单", columns, rows), said]))
