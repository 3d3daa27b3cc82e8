"""企业安全生产风险分析: an enterprise's or an area's risks, papers, alarms and chemicals, with what they come to."""

from collections.abc import Sequence
from typing import Any

from anlan.apps.enterprises import selectors as enterprises
from anlan.apps.ledger import counting
from anlan.apps.ledger import selectors as ledger
from anlan.apps.ledger.selectors import Node
from anlan.apps.reports import accidents, figures, knock_on, parts
from anlan.apps.reports.subject import Subject, sector_name
from anlan.apps.reports.writing import Rows, Writer, at, day, number, why
from anlan.kit.documents import badge, charts
from anlan.kit.jobs import Progress
from anlan.rules.levels import Level

PACKS = ("core/lapse_facts", "core/alarm_facts", "chemicals/gb18218")
CHANGES = 20


def compose(subject: Subject, progress: Progress) -> tuple[Writer, Sequence[str], None]:
    writer = Writer()
    rung = figures.alarms(subject)
    units = figures.installations(subject)
    progress(1, 4)
    writer.head("结论")
    parts.conclusions(subject, writer, rung, units)
    writer.head("先办事项")
    parts.first(subject, writer, units)
    progress(2, 4)
    (_area if subject.is_area else _enterprise)(subject, writer, rung)
    progress(3, 4)
    if subject.may("enterprise.view"):
        writer.head("证照、资质与检验")
        parts.papers(subject, writer)
        writer.head("危险化学品与重大危险源辨识")
        parts.installations(subject, writer, units)
    if subject.may("alarm.view"):
        writer.head("监测与报警")
        parts.alarms(subject, writer, rung)
    _accidents(subject, writer)
    progress(4, 4)
    trades = {node.sector for node in subject.points if node.sector}
    used = [f"sectors/{key}/hazards" for key in sorted(trades)] if not subject.is_area else []
    return writer, [*PACKS, *used], None


def _accidents(subject: Subject, writer: Writer) -> None:
    """What the registered scenarios would do; the report of knock-on effects tells the rest."""
    registered, _ = accidents.stores(subject)
    if not registered:
        return
    writer.head("事故后果")
    found, left = accidents.registered_cases(subject, registered)
    writer.say(
        f"登记的事故情景 {len(registered)} 个，算出 {len(found)} 个；范围内的单位和人见次生衍生事故及影响范围分析报告。"
    )
    knock_on.reaches(writer, found)
    for one in left:
        writer.note(f"没有算出：{one.name}，{one.why}")


# ---------------------------------------------------------------- an enterprise


def _enterprise(subject: Subject, writer: Writer, rung: Sequence[figures.AlarmLine]) -> None:
    writer.head("企业概况")
    _basics(subject, writer)
    writer.head("风险分级管控")
    writer.say(f"共 {len(subject.points)} 处风险点：{parts.counted(subject, subject.counts(subject.points))}。")
    if picture := parts.level_map(subject, _serious(subject)[:20]):
        writer.figure(picture, "风险点分布（编号见表“重大、较大风险点”）")
    parts.by_part(subject, writer, "区域")
    _points(subject, writer)
    _tree(subject, writer)


def _basics(subject: Subject, writer: Writer) -> None:
    kept = subject.files.get(subject.place.pk)
    if kept is None:
        writer.say("没有建立档案。" if subject.may("enterprise.view") else "编制人没有查看企业档案的权限。")
        return
    told = [
        ("统一社会信用代码", subject.place.code),
        ("行业", sector_name(subject.place.sector, subject.on)),
        ("状态", kept.status),
        ("地址", kept.address),
        ("法定代表人", kept.legal_representative),
        ("主要负责人", f"{kept.principal} {kept.principal_phone}".strip()),
        ("安全负责人", f"{kept.safety_head} {kept.safety_head_phone}".strip()),
        ("值班电话", kept.duty_phone),
        ("从业人员", number(kept.employees, "人") if kept.employees is not None else ""),
        ("专职安全员", number(kept.safety_staff, "人") if kept.safety_staff is not None else ""),
        ("标准化等级", _standardised(kept)),
        ("成立日期", day(kept.founded) if kept.founded else ""),
    ]
    writer.pairs([(name, value or "未登记") for name, value in told])
    place = enterprises.file_place(subject.viewer, subject.place.pk)
    gaps = enterprises.gaps(enterprises.tree(subject.viewer, place), kept)
    if gaps:
        lacking = "、".join(
            f"{one.group.name}{'（' + '、'.join(one.fields) + '）' if one.fields else ''}" for one in gaps
        )
        writer.note(f"档案还缺：{lacking}。")


def _standardised(kept: Any) -> str:
    until = f"（有效期至 {day(kept.standardisation_until)}）" if kept.standardisation_until else ""
    return f"{kept.standardisation}{until}" if kept.standardisation else ""


def _serious(subject: Subject) -> list[Node]:
    return [node for node in subject.points if node.shown.level >= Level.SERIOUS]


def _points(subject: Subject, writer: Writer) -> None:
    """Every major and serious point: what may happen, what is done about it."""
    found = _serious(subject)
    if not found:
        writer.say("没有重大、较大风险点。")
        return
    shown = found[: subject.rules.most.rows]
    rows: Rows = [
        [
            str(place),
            f"{node.name}（{subject.way(node)}）",
            badge(node.shown.level, subject.on),
            _reason(subject, node),
            figures.measures(figures.hazard(subject, node), node),
        ]
        for place, node in enumerate(shown, 1)
    ]
    writer.table(
        "重大、较大风险点", ("号", "风险点", "等级", "危险源与原因", "管控措施"), rows, (0.6, 2.8, 1.6, 4.6, 5.4)
    )
    writer.note("管控措施取自行业规则包中与该危险源相同的一条，是行业通用措施；企业自己登记的措施以企业档案为准。")


def _reason(subject: Subject, node: Node) -> str:
    assessed = subject.assessments.get(node.id)
    if assessed is not None and assessed.level >= node.shown.level:
        return why(assessed)
    lines = ledger.explain(subject.viewer, node.id).lines
    return "；".join(line.reason for line in lines[:2]) or (why(assessed) if assessed else "—")


def _tree(subject: Subject, writer: Writer) -> None:
    """Every risk point under its workshop."""
    most = subject.rules.most.tree
    ordered = sorted(subject.points, key=lambda node: node.path)[:most]
    rows: Rows = []
    for node in ordered:
        assessed = subject.assessments.get(node.id)
        rows.append(
            [
                subject.way(node),
                node.name,
                badge(node.shown.level, subject.on),
                why(assessed) if assessed else "没有评估",
            ]
        )
    said = f"风险点（前 {most} 处，共 {len(subject.points)} 处）" if len(subject.points) > most else "全部风险点"
    if rows:
        writer.table(said, ("所在", "风险点", "等级", "评估"), rows, (3.2, 2.6, 1.7, 7))


# ---------------------------------------------------------------- an area


def _area(subject: Subject, writer: Writer, rung: Sequence[figures.AlarmLine]) -> None:
    writer.head("范围与分布")
    writer.say(
        f"企业 {len(subject.firms)} 家，风险点 {len(subject.points)} 处；"
        f"风险点 {parts.counted(subject, subject.counts(subject.points))}。"
    )
    if picture := parts.level_map(subject):
        writer.figure(picture, "安全风险四色分布（大点为较大以上风险点，小点为企业）")
    parts.by_part(subject, writer, "区域")
    writer.head("按行业")
    trades = parts.trade_rows(subject, rung)
    writer.figure(
        charts.stacked([(row[0], row[2]) for row in trades[:24]], subject.on, "风险点 / 个"), "各行业风险点的等级"
    )
    rows = [[row[0], str(sum(row[1])), *parts.cells(row[2]), str(row[3]), str(row[4])] for row in trades]
    head = ("行业", "企业", *(f"{sign}点" for sign in parts.heads(subject)), "报警", "过期")
    writer.table("各行业的企业、风险点、报警与过期证照", head, rows, (4, 1, 1, 1, 1, 1, 1, 1, 1), range(1, 9))
    writer.head("重点企业")
    _top(subject, writer, rung)
    writer.head(f"{subject.days} 天的变化")
    _changes(subject, writer)


def _top(subject: Subject, writer: Writer, rung: Sequence[figures.AlarmLine]) -> None:
    """Enterprises by the colour they show, then by how many points of the worst levels, then by alarms."""
    ranked = []
    for firm in subject.firms:
        alarms = sum(one.path.startswith(firm.path) for one in rung) if firm.shown.level >= Level.SERIOUS else 0
        ranked.append((tuple(-firm.shown.points[level] for level in (4, 3)), -alarms, firm))
    ranked.sort(key=lambda row: (-row[2].shown.level, row[0], row[1], row[2].name))
    rows: Rows = [
        [
            firm.name,
            sector_name(firm.sector, subject.on),
            badge(firm.shown.level, subject.on),
            parts.counted(subject, firm.shown.points),
            str(-alarms),
            subject.answers(firm),
        ]
        for _, alarms, firm in ranked[: subject.rules.most.top]
    ]
    writer.table(
        f"最重的 {len(rows)} 家，共 {len(subject.firms)} 家",
        ("企业", "行业", "等级", "风险点", "报警", "负责人"),
        rows,
        (3.6, 2.4, 1.8, 3.2, 1, 3.6),
        (4,),
    )


def _changes(subject: Subject, writer: Writer) -> None:
    parts.course(subject, writer)
    known = counting.known_since(subject.viewer)
    if known and known > subject.start:
        writer.note(f"等级变化自 {at(known)} 起有记录，此前的值按最早的记录推得。")
    found = [
        change
        for change in ledger.recent_changes(subject.viewer, subject.start, 4000)
        if change.place.id in subject.nodes
        and change.after >= Level.SERIOUS
        and change.after > change.before
        and change.place.kind in ("risk_point", "enterprise", "public_object")
    ]
    rows: Rows = [
        [
            at(change.at),
            change.place.name,
            subject.way(subject.nodes[change.place.id]),
            badge(change.after, subject.on),
            change.reason,
        ]
        for change in found[:CHANGES]
    ]
    if rows:
        said = f"升为较大以上的最近 {len(rows)} 次，期间共 {len(found)} 次"
        writer.table(said, ("时间", "场所", "所在", "升为", "原因"), rows, (2.2, 2.6, 3.4, 1.8, 5))
    else:
        writer.say("期间没有场所升为较大以上等级。")
