"""综合风险评估报告: the colours and their course, areas and trades beside each other, what comes first."""

from collections import Counter
from collections.abc import Sequence

from anlan.apps.ledger.selectors import Node
from anlan.apps.reports import figures, parts
from anlan.apps.reports.figures import AlarmLine
from anlan.apps.reports.subject import Subject
from anlan.apps.reports.writing import Rows, Writer, share
from anlan.kit.documents import Cell, badge, charts
from anlan.kit.jobs import Progress
from anlan.rules.levels import Level

PACKS = ("core/lapse_facts", "core/alarm_facts", "chemicals/gb18218")


def compose(subject: Subject, progress: Progress) -> tuple[Writer, Sequence[str], None]:
    writer = Writer()
    rung = figures.alarms(subject)
    units = figures.installations(subject)
    progress(1, 4)
    writer.head("结论")
    parts.conclusions(subject, writer, rung, units)
    _comparison_said(subject, writer)
    writer.head("先办什么")
    parts.first(subject, writer, units)
    progress(2, 4)
    writer.head("风险分布")
    if picture := parts.level_map(subject):
        writer.figure(picture, "安全风险四色分布（大点为较大以上风险点，小点为企业或风险点）")
    _levels(subject, writer)
    writer.head(f"{subject.days} 天的变化")
    parts.course(subject, writer)
    progress(3, 4)
    _compared(subject, writer, rung)
    _trades(subject, writer, rung)
    if subject.may("alarm.view"):
        writer.head("报警")
        parts.alarms(subject, writer, rung)
    if subject.may("enterprise.view"):
        writer.head("证照、资质与检验")
        _lapsed(subject, writer)
        parts.papers(subject, writer)
        writer.head("重大危险源")
        parts.installations(subject, writer, units)
    progress(4, 4)
    return writer, PACKS, None


def _levels(subject: Subject, writer: Writer) -> None:
    points, firms = subject.counts(subject.points), subject.counts(subject.firms)
    rows: Rows = [
        [
            badge(level, subject.on),
            str(points[level]),
            share(points[level], sum(points)),
            str(firms[level]),
            share(firms[level], sum(firms)),
        ]
        for level in parts.WORST_FIRST
    ]
    head = ("等级", "风险点", "占比", "企业", "占比")
    writer.table("各级风险点与企业", head, rows, (2, 1, 1, 1, 1), range(1, 5))


def _comparison_said(subject: Subject, writer: Writer) -> None:
    """Which part has the most points of the upper two levels, absolutely and by its share."""
    found = [(node, sum(node.shown.points[3:5]), sum(node.shown.points)) for node in subject.parts]
    found = [row for row in found if row[2]]
    if len(found) < 2 or not any(row[1] for row in found):
        return
    most = max(found, key=lambda row: (row[1], row[2]))
    densest = max(found, key=lambda row: (row[1] / row[2], row[1]))
    writer.point(
        f"较大以上风险点最多的是{most[0].name}（{most[1]} 处）；占比最高的是{densest[0].name}"
        f"（{densest[1]}/{densest[2]}，{share(densest[1], densest[2])}）。（数据：各区域风险点等级）"
    )


def _compared(subject: Subject, writer: Writer, rung: Sequence[AlarmLine]) -> None:
    """Towns of a county, grids of a town, workshops of an enterprise side by side."""
    if len(subject.parts) < 2:
        return
    writer.head("各处对比")
    parts.by_part(subject, writer, "处")
    lapsed = _lapsed_paths(subject)
    ranked = sorted(subject.parts, key=lambda node: tuple(-node.shown.points[level] for level in parts.WORST_FIRST))
    rows = [_row(subject, node, rung, lapsed) for node in ranked[: subject.rules.most.rows]]
    head = ("区域", "等级", "企业", *(f"{sign}点" for sign in parts.heads(subject)), "较大以上", "报警", "过期")
    widths = (3.2, 2, 1, 0.9, 0.9, 0.9, 0.9, 0.9, 1.5, 1, 1)
    writer.table("对比", head, rows, widths, range(2, 11))


def _row(subject: Subject, node: Node, rung: Sequence[AlarmLine], lapsed: Sequence[str]) -> list[str | Cell]:
    points = node.shown.points
    return [
        node.name,
        badge(node.shown.level, subject.on),
        str(sum(node.shown.enterprises)),
        *parts.cells(points),
        share(sum(points[3:5]), sum(points)),
        str(sum(one.path.startswith(node.path) for one in rung)),
        str(sum(path.startswith(node.path) for path in lapsed)),
    ]


def _lapsed_paths(subject: Subject) -> list[str]:
    kinds = [figures.LICENCES, figures.INSPECTIONS, figures.CERTIFICATES]
    return [row.place.path for row in subject.facts(kinds=kinds)] if subject.may("fact.view") else []


def _trades(subject: Subject, writer: Writer, rung: Sequence[AlarmLine]) -> None:
    rows = parts.trade_rows(subject, rung)
    if len(rows) < 2:
        return
    writer.head("各行业")
    told = [row for row in sorted(rows, key=lambda row: -row[3]) if row[3]][: subject.rules.most.top]
    if told:
        writer.figure(charts.bars([(row[0], row[3]) for row in told], "期间报警 / 次"), "报警最多的行业")
    head = ("行业", "企业", *(f"{sign}点" for sign in parts.heads(subject)), "较大以上", "报警", "过期")
    lines = [
        [row[0], str(sum(row[1])), *parts.cells(row[2]), share(sum(row[2][3:5]), sum(row[2])), str(row[3]), str(row[4])]
        for row in rows[: subject.rules.most.rows]
    ]
    writer.table("各行业的风险点、报警与过期", head, lines, (3.6, 1, 0.9, 0.9, 0.9, 0.9, 0.9, 1.5, 1, 1), range(1, 10))


def _lapsed(subject: Subject, writer: Writer) -> None:
    counts: Counter[str] = figures.lapses(subject)
    rows = [
        ["许可、证照", str(counts[figures.LICENCES])],
        ["设备检验", str(counts[figures.INSPECTIONS])],
        ["人员资质", str(counts[figures.CERTIFICATES])],
    ]
    worst = subject.facts(kinds=[figures.LICENCES, figures.INSPECTIONS], levels=[int(Level.SERIOUS)])
    writer.table("过期并已计入风险的项数", ("类别", "项数"), rows, (3, 1), (1,))
    if worst:
        places = len({row.place_id for row in worst})
        writer.say(
            f"其中 {len(worst)} 项使 {places} 处场所升为{parts.word(subject, 3)}。（数据：风险事实，core/lapse_facts）"
        )
