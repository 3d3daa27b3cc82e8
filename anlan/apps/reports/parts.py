"""Sections that several reports have: levels and counts, maps, alarms, papers, installations, what comes first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from anlan.apps.enterprises.selectors import Due
from anlan.apps.ledger.selectors import Node
from anlan.apps.monitoring.choices import Limit
from anlan.apps.reports import figures
from anlan.apps.reports.figures import AlarmLine, Installation
from anlan.apps.reports.subject import Subject, sector_name
from anlan.apps.reports.writing import Rows, Writer, at, day, number, why
from anlan.kit.documents import Cell, badge, charts, maps
from anlan.packs.families import levels
from anlan.rules.levels import ORDER, Level

WORST_FIRST = ORDER[::-1]


def word(subject: Subject, level: int) -> str:
    """红 重大风险"""
    found = levels.word_of("core/levels/risk", Level(level), subject.on)
    return f"{found.sign}（{found.text}）"


def counted(subject: Subject, counts: Sequence[int]) -> str:
    """红 2、橙 5 …, of those there are."""
    signs = charts.signs(subject.on)
    return "、".join(f"{signs[level]} {counts[level]}" for level in map(int, WORST_FIRST) if counts[level]) or "无"


def heads(subject: Subject) -> tuple[str, ...]:
    signs = charts.signs(subject.on)
    return tuple(signs[int(level)] for level in WORST_FIRST)


def cells(counts: Sequence[int]) -> list[str | Cell]:
    """Counts from the worst level to the mildest; what there is of the upper two is tinted."""
    return [
        Cell(str(counts[level]), int(level)) if counts[level] and level >= Level.SERIOUS else str(counts[level])
        for level in WORST_FIRST
    ]


# ---------------------------------------------------------------- maps


def folder() -> Path:
    return Path(settings.DATA) / "map"


def source_note(subject: Subject) -> str:
    return f"底图与场所：安澜，CGCS2000；等级截至 {at(subject.now)}"


def level_map(subject: Subject, labelled: Sequence[Node] = ()) -> bytes | None:
    """The four colours: areas tinted, enterprises or risk points as spots, ``labelled`` ones with their number."""
    parts = subject.geometries([subject.place.pk, *(node.id for node in subject.parts)])
    areas = [
        maps.Area(parts[node.id], int(node.shown.level), node.name)
        for node in subject.parts
        if node.id in parts and parts[node.id]["type"] in ("Polygon", "MultiPolygon")
    ]
    spots = list(_spots(subject, labelled))
    outline = parts.get(subject.place.pk)
    if not (areas or spots or outline):
        return None
    box = maps.box_of([outline, *(one.geometry for one in areas)] if outline else [one.geometry for one in areas])
    asked = maps.Map(areas, spots, outline=outline, box=box, note=source_note(subject))
    return maps.draw(asked, folder(), subject.on)


def _spots(subject: Subject, labelled: Sequence[Node]) -> Sequence[maps.Spot]:
    names = {node.id: str(place) for place, node in enumerate(labelled, 1)}
    plain = (
        [node for node in subject.points if node.shown.level >= Level.SERIOUS] + subject.firms
        if subject.is_area
        else subject.points
    )
    found = []
    for node in [*(node for node in plain if node.id not in names), *labelled]:
        position = subject.position(node)
        if position is not None:
            found.append(maps.Spot(*position, int(node.shown.level), names.get(node.id, "")))
    return found


# ---------------------------------------------------------------- levels


def by_part(subject: Subject, writer: Writer, what: str) -> None:
    """Areas (or workshops) side by side: points by level, enterprises, alarms."""
    rows = [(node, node.shown.points) for node in subject.parts if sum(node.shown.points)]
    if len(rows) < 2:
        return
    rows.sort(key=lambda row: tuple(-row[1][level] for level in WORST_FIRST))
    rows = rows[: subject.rules.most.rows]
    chart = charts.stacked([(node.name, counts) for node, counts in rows[:24]], subject.on, "风险点 / 个")
    writer.figure(chart, f"各{what}风险点的等级")


def course(subject: Subject, writer: Writer) -> None:
    """How the counts of risk points went over the period."""
    days, found = figures.course(subject)
    series = {level: found.points[:, level].tolist() for level in range(5)}
    chart = charts.small_multiples(days, series, subject.on, "风险点 / 个，每日末；末点为当前值（与期初之差）")
    writer.figure(chart, f"{day(days[0])} 至 {day(days[-1])} 各级风险点数")
    rows: Rows = []
    for level in WORST_FIRST:
        values = series[int(level)]
        told = (values[0], max(values), min(values), values[-1])
        rows.append(
            [
                badge(level, subject.on),
                *map(str, told),
                f"{values[-1] - values[0]:+d}",
            ]
        )
    writer.table(
        "期初与期末的风险点数", ("等级", "期初", "最多", "最少", "现在", "增减"), rows, (2, 1, 1, 1, 1, 1), range(1, 6)
    )


# ---------------------------------------------------------------- alarms


def alarms(subject: Subject, writer: Writer, found: Sequence[AlarmLine]) -> None:
    """The alarms of the period: by day, by limit, which tags most."""
    values = [one for one in found if not one.silent]
    earlier = figures.before(subject)
    turned = (
        f"前一个 {subject.days} 天为 {earlier} 次，{len(values) - earlier:+d} 次"
        if earlier is not None
        else "前期记录不足，不作比较"
    )
    writer.say(
        f"期间越限报警 {len(values)} 次（{turned}），数据中断 {len(found) - len(values)} 次；"
        f"现有未消除或未确认 {sum(one.open for one in found)} 次。"
    )
    if not found:
        return
    days = figures.days_of(subject)
    writer.figure(charts.by_day(days, figures.by_day(days, found), subject.on, "报警 / 次，按级"), "每日报警次数")
    rows = [
        [str(Limit(limit).label), str(count)]
        for limit, count in sorted(Counter(one.limit for one in found).items(), key=lambda pair: -pair[1])
    ]
    writer.table("按类别", ("类别", "次数"), rows, (3, 1), (1,))
    top = Counter((one.tag_id, one.tag_name, one.place_id) for one in found).most_common(subject.rules.most.top)
    lines = [[name, _where(subject, place), str(count)] for (_, name, place), count in top]
    writer.table("报警最多的监测点", ("监测点", "所在", "次数"), lines, (3, 5, 1), (2,))


def _where(subject: Subject, place_id: int) -> str:
    node = subject.nodes.get(place_id)
    return f"{subject.way(node)} › {node.name}" if node else "—"


# ---------------------------------------------------------------- papers


def papers(subject: Subject, writer: Writer) -> None:
    """Licences, certificates and inspections that ran out or soon will."""
    found = figures.dues(subject)
    over = [one for one in found if one.band == 0]
    writer.say(f"已过期 {len(over)} 项，90 天内到期 {len(found) - len(over)} 项。")
    shown = found[: subject.rules.most.rows]
    rows = [
        [
            one.title,
            one.firm.name if one.firm else one.place_name,
            one.label,
            day(one.due),
            f"过期 {-one.days} 天" if one.days < 0 else f"还有 {one.days} 天",
        ]
        for one in shown
    ]
    if rows:
        caption = f"到期的证照、资质与检验（{_first(len(shown), len(found))}）"
        writer.table(caption, ("名称", "单位", "期限", "日期", "距今"), rows, (4, 4, 2, 2, 2), (4,))


def _first(listed: int, total: int) -> str:
    return f"最急的 {listed} 项，共 {total} 项" if total > listed else f"共 {total} 项"


# ---------------------------------------------------------------- installations


def installations(subject: Subject, writer: Writer, found: Sequence[Installation]) -> None:
    """Identification by GB 18218: each unit with its sum, what it holds and its grade."""
    majors = [one for one in found if one.unit.is_major]
    writer.say(
        f"登记有危险化学品的单元 {len(found)} 个，其中 Σq/Q ≥ 1、构成重大危险源的 {len(majors)} 个（GB 18218-2018）。"
    )
    rows: Rows = []
    for one in found[: subject.rules.most.rows]:
        held = "；".join(f"{line.chemical.name} {number(line.counted_t, 't')}" for line in one.unit.lines[:4])
        grade = one.unit.grade or ("缺数据" if one.unit.is_major else "不构成")
        r = f"{one.unit.r:.1f}" if one.unit.r is not None and one.unit.is_major else "—"
        verdict = Cell(grade, 4 if one.unit.is_major else 1) if one.unit.is_major else grade
        rows.append([_name(one), held, f"{float(one.unit.s):.2f}", r, verdict, str(one.unit.uncounted or "—")])
    if rows:
        head = ("单元", "存量（设计最大量）", "Σq/Q", "R", "级别", "未计物料")
        writer.table("重大危险源辨识", head, rows, (3.6, 5, 1.2, 1.2, 1.5, 1.4), (2, 3, 5))
        writer.note(
            "q 取设计最大量，没有的取现存量；“未计物料”缺临界量或存量，没有计入 Σq/Q。R 与级别需要周边 500 米人数和 β。"
        )


def _name(one: Installation) -> str:
    return one.firm.name if one.unit.place.pk == one.firm.id else f"{one.firm.name} › {one.unit.place.name}"


def trade_rows(
    subject: Subject, found: Sequence[AlarmLine]
) -> list[tuple[str, Sequence[int], Sequence[int], int, int]]:
    """By trade: its name, enterprises by level, points by level, alarms of the period, papers that ran out."""
    lapsed, rung = figures.lapses_by_sector(subject), Counter(one.sector for one in found)
    keys = {node.sector for node in (*subject.firms, *subject.points)}
    rows = [
        (
            sector_name(key, subject.on),
            subject.counts(node for node in subject.firms if node.sector == key),
            subject.counts(node for node in subject.points if node.sector == key),
            rung[key],
            lapsed[key],
        )
        for key in keys
    ]
    return sorted(rows, key=lambda row: (*(-row[2][level] for level in WORST_FIRST), row[0]))


# ---------------------------------------------------------------- what comes first


@dataclass(frozen=True)
class Task:
    """Something to be done first: how many, what, by which rule, and the most urgent of it."""

    text: str
    act: str
    basis: str
    most_urgent: str


def tasks(subject: Subject, found: Sequence[Installation]) -> list[Task]:
    """What to do first, in the order of the pack; what does not exist here is left out."""
    open_ = figures.open_alarms(subject)
    late = figures.overdue(open_, subject.now)
    serious = {one.place_id: one for one in open_ if one.level >= Level.SERIOUS}
    majors = subject.of_level(Level.MAJOR)
    unknown = [node for node in subject.of_level(Level.UNKNOWN) if node.kind == "risk_point"]
    lapsed = [one for one in figures.dues(subject) if one.band == 0]
    counts = figures.lapses(subject)
    lost = figures.silent(subject)
    ungraded = [one for one in found if one.unit.is_major and one.unit.grade is None]
    files = [node for node in subject.firms if node.id not in subject.files] if subject.may("enterprise.view") else []
    told: dict[str, tuple[int, Sequence[str]]] = {
        "overdue": (len(late), [f"{one.place_name} {one.tag_name}" for one in late]),
        "alarms": (len(serious), [f"{one.place_name} {one.tag_name}" for one in serious.values()]),
        "majors": (len(majors), [_named(subject, node) for node in majors]),
        "licences": (counts[figures.LICENCES], _papers(lapsed, "licence")),
        "inspections": (counts[figures.INSPECTIONS], _papers(lapsed, "equipment")),
        "certificates": (counts[figures.CERTIFICATES], _papers(lapsed, "certificate")),
        "silent": (len(lost), [one.name for one in lost]),
        "unknown": (len(unknown), [_named(subject, node) for node in unknown]),
        "grades": (len(ungraded), [_name(one) for one in ungraded]),
        "files": (len(files), [node.name for node in files]),
    }
    more = {"tags": figures.missing(subject)}
    return [
        Task(rule.text.format(n=told[rule.key][0], **more), rule.act, rule.basis, _few(told[rule.key][1]))
        for rule in subject.rules.first
        if told.get(rule.key, (0, ()))[0]
    ]


def _papers(lapsed: Sequence[Due], kind: str) -> list[str]:
    return [f"{one.firm.name if one.firm else one.place_name} {one.title}" for one in lapsed if one.kind == kind]


def _named(subject: Subject, node: Node) -> str:
    firm = subject.firm_of(node)
    return f"{firm.name} {node.name}" if firm and firm.id != node.id and firm.id != subject.place.pk else node.name


def _few(names: Sequence[str]) -> str:
    shown = list(dict.fromkeys(names))
    return "；".join(shown[:3]) + (f" 等 {len(shown)} 项" if len(shown) > 3 else "")


def first(subject: Subject, writer: Writer, found: Sequence[Installation]) -> None:
    """The section that says what to do first."""
    rows = [
        [str(place), one.text, one.act, one.most_urgent, one.basis]
        for place, one in enumerate(tasks(subject, found), 1)
    ]
    if not rows:
        writer.say("没有需要先办的事项：没有超时报警、重大风险点、过期证照、失联数据来源和未评估的风险点。")
        return
    writer.say("按 core/reports 的次序排列，只列有数据支持的事项。")
    writer.table("先办事项", ("序", "情况", "怎么办", "最急的", "依据"), rows, (0.6, 3, 3.4, 4, 2.6), (0,))


# ---------------------------------------------------------------- conclusions


def conclusions(subject: Subject, writer: Writer, found: Sequence[AlarmLine], units: Sequence[Installation]) -> None:
    """What the figures say, one statement each with where its figures come from."""
    shown, points = subject.shown, subject.counts(subject.points)
    since = f"，自 {at(shown.since)} 起" if shown.since else ""
    writer.strong(f"截至 {at(subject.now)}，{subject.place.name}为{word(subject, shown.level)}{since}。")
    for fact in _holding(subject)[:3]:
        writer.point(f"原因：{fact}")
    writer.point(f"风险点 {len(subject.points)} 处：{counted(subject, points)}。（数据：台账等级，{at(shown.as_of)}）")
    if subject.is_area:
        writer.point(
            f"企业 {len(subject.firms)} 家：{counted(subject, subject.counts(subject.firms))}。（数据：台账等级）"
        )
    if subject.may("alarm.view"):
        values = [one for one in found if not one.silent]
        late = figures.overdue(found, subject.now)
        serious = sum(one.level >= Level.SERIOUS for one in values)
        writer.point(
            f"{subject.days} 天内越限报警 {len(values)} 次，其中红色、橙色 {serious} 次；"
            f"超过确认时限未确认 {len(late)} 次。（数据：报警记录）"
        )
    lapsed = figures.lapses(subject)
    if subject.may("enterprise.view"):
        writer.point(
            f"过期：证照 {lapsed[figures.LICENCES]} 项、检验 {lapsed[figures.INSPECTIONS]} 项、"
            f"人员资质 {lapsed[figures.CERTIFICATES]} 本。（数据：企业档案，core/lapse_facts）"
        )
        majors = [one for one in units if one.unit.is_major]
        writer.point(
            f"危险化学品单元 {len(units)} 个，构成重大危险源 {len(majors)} 个。（数据：企业档案，GB 18218-2018）"
        )


def _holding(subject: Subject) -> list[str]:
    """The newest facts that hold the colour of the whole."""
    if subject.shown.level == Level.UNKNOWN or not subject.may("fact.view"):
        return []
    found = subject.facts(levels=[int(subject.shown.level)])
    return [
        f"{subject.way(node)} › {node.name}：{why(one)}（自 {at(one.since)}）"
        for one in found
        if (node := subject.nodes.get(one.place_id))
    ]
