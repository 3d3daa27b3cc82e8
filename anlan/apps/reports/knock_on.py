"""次生衍生事故及影响范围分析: how far the accidents of a place reach, who is there, and what they would set off."""

from collections.abc import Sequence
from math import ceil

from anlan.apps.consequences.selectors import LaidZone
from anlan.apps.consequences.sites import Site
from anlan.apps.core import selectors as core
from anlan.apps.reports import accidents, parts
from anlan.apps.reports.accidents import Case, Hit, Left, Reach
from anlan.apps.reports.subject import Subject, sector_name
from anlan.apps.reports.writing import Rows, Writer, at, number
from anlan.kit.documents import Cell, maps
from anlan.kit.errors import Refused
from anlan.kit.jobs import Progress
from anlan.rules.refusal import Refusal

PACKS = (
    "core/accident",
    "chemicals/substances",
    "chemicals/toxic_thresholds",
    "core/domino_thresholds",
    "chemicals/park_study",
)
EFFECTS = {
    "toxic": "中毒",
    "flash_fire": "闪火",
    "explosion": "蒸气云爆炸",
    "jet_fire": "喷射火",
    "pool_fire": "池火",
    "fireball": "火球",
    "vessel_burst": "容器爆裂",
}
SITES = 14
Laid = tuple[Case, list[LaidZone], list[Site]]


def check(subject: Subject) -> None:
    """Refuse where nothing is stored that could be computed."""
    if not any(accidents.stores(subject)):
        fix = "在“后果”中登记事故情景，或在企业档案的“企业危险化学品”中登记名称、CAS 号和储存量。"
        told = {"name": subject.place.name}
        raise Refused(Refusal("report.no_scenario", "“{name}”没有事故情景，也没有可推定情景的化学品储存。", fix, told))


def compose(subject: Subject, progress: Progress) -> tuple[Writer, Sequence[str], None]:
    writer = Writer()
    cases, left, total = accidents.cases(subject, lambda done, of: progress(done, of * 2))
    laid = [(case, *case.laid(subject)) for case in cases]
    _look(subject, laid)
    hits = accidents.hits(subject, cases)
    progress(3, 4)
    writer.head("结论")
    _conclusion(subject, writer, laid, hits)
    writer.head("计算依据")
    _basis(subject, writer, cases, total)
    writer.head("影响范围")
    _overview(subject, writer, laid)
    reaches(writer, cases)
    _exposed(subject, writer, laid)
    writer.head("次生与连锁")
    _hits(subject, writer, hits, cases)
    writer.head("逐个情景")
    for row in laid[: subject.rules.most.maps]:
        _case(subject, writer, row)
    if len(laid) > subject.rules.most.maps:
        writer.note(f"其余 {len(laid) - subject.rules.most.maps} 个情景见上文各表，不单独出图。")
    _left(writer, left)
    progress(4, 4)
    return writer, PACKS, None


def _look(subject: Subject, laid: Sequence[Laid]) -> None:
    """Sites beyond the place are looked at too: who reads the report must be allowed to see them."""
    ids = {site.place_id for _, _, sites in laid for site in sites} - set(subject.nodes)
    subject.looked_at |= set(core.places(subject.viewer).filter(pk__in=ids).values_list("path", flat=True))


# ---------------------------------------------------------------- the sections


def _conclusion(subject: Subject, writer: Writer, laid: Sequence[Laid], hits: Sequence[Hit]) -> None:
    if not laid:
        writer.strong("没有一个情景算出影响范围，原因见“没有算出的”。")
        return
    case = laid[0][0]
    writer.strong(
        f"{subject.place.name}影响最远的是{case.firm.name}“{case.name}”：{EFFECTS[case.governing]}，"
        f"严重伤害以上的范围达 {_farthest(case)}。"
    )
    worst = max(laid, key=lambda row: _people(row)[0])
    workers, residents, unsaid = _of(worst)
    told = f"从业人员 {workers:.0f} 人" + (f"（另有 {unsaid} 家没有登记人数）" if unsaid else "")
    told += f"、居民约 {residents:.0f} 人" if residents is not None else "；居民人数没有数据"
    writer.point(f"范围内人最多的是{worst[0].firm.name}“{worst[0].name}”：{told}。（数据：企业档案从业人数、人口格网）")
    publics = {site.name for _, _, sites in laid for site in sites if site.public}
    names = "、".join(sorted(publics)[:6])
    writer.point(
        f"学校、医院等公共场所在任一情景范围内的 {len(publics)} 处{'：' + names if names else ''}"
        f"{' 等' if len(publics) > 6 else ''}。（数据：场所台账）"
    )
    chains = accidents.chains(hits, subject.rules.most.chain)
    pairs = {(hit.source.firm.name, hit.target.firm.name) for hit in hits if hit.source.firm is not hit.target.firm}
    writer.point(
        f"火灾或爆炸达到相邻储存点升级阈值的 {len(hits)} 对，其中跨企业 {len(pairs)} 对；"
        f"两步以上的连锁 {len(chains)} 条。"
        f"（数据：core/domino_thresholds）"
    )
    assumed = sum(row[0].assumed for row in laid)
    if assumed:
        writer.point(f"{assumed} 个情景由档案储存量推定，不是登记的情景，只用于筛查。（数据：企业档案）")


def _basis(subject: Subject, writer: Writer, cases: Sequence[Case], total: int) -> None:
    skies = "、".join(f"{name}（{sky.stability} 类，{sky.wind:g} m/s）" for name, sky in accidents.skies(subject))
    rules = subject.rules
    writer.say(
        f"气象取 {skies}，气温 {rules.air:g} ℃、相对湿度 {rules.humidity:.0%}，各取最远；"
        f"风向不定，范围画成以泄漏点为圆心的圆，"
        f"圆内任一处在某个风向下都可能受到该级伤害，不是同时受到。"
    )
    writer.say(f"最远算到 {rules.horizon / 1000:g} km，更远处以“>”表示：那里风向和稳定度难以不变，模型不再可信。")
    writer.say("伤害阈值见 core/accident（热辐射、超压）和 chemicals/toxic_thresholds（中毒），红为最重。")
    if total > len(cases):
        writer.say(
            f"储存点和情景共 {total} 个，按登记在先、再按存量与临界量之比，"
            f"计算了前 {min(total, rules.most.scenarios)} 个。"
        )
    surrogates = sorted({case.note for case in cases if case.note})
    if surrogates:
        writer.say(f"混合物的替代：{'；'.join(surrogates)}。")
    if any(case.assumed for case in cases):
        usual = rules.assumed
        writer.note(f"推定情景：全部储存量一次泄出，围堰 {usual.bund:g} m²，液位高 {usual.head:g} m；{usual.source}。")


def _overview(subject: Subject, writer: Writer, laid: Sequence[Laid]) -> None:
    zones = [
        maps.Zone(_circle(case, reach), reach.level.rank, _rank(reach.level.rank))
        for case, *_ in laid
        for reach in case.of_governing
        if reach.level.rank >= accidents.GRAVE
    ]
    spots = [maps.Spot(row[0].scenario.longitude, row[0].scenario.latitude, 0, str(row[0].number)) for row in laid]
    if not zones:
        writer.say("没有情景达到严重伤害的阈值。")
        return
    outline = subject.geometries([subject.place.pk]).get(subject.place.pk)
    box = maps.box_of([one.geometry for one in zones])
    asked = maps.Map(zones=zones, spots=spots, outline=outline, box=box, note=parts.source_note(subject))
    writer.figure(maps.draw(asked, parts.folder(), subject.on), "各情景严重伤害以上的最大范围（号码为情景序号）")


def _circle(case: Case, reach: Reach) -> dict[str, object]:
    return maps.circle(case.scenario.longitude, case.scenario.latitude, reach.metres)


def _rank(rank: int) -> str:
    return {4: "可能致死", 3: "严重伤害", 2: "可恢复的伤害", 1: "轻微影响"}[rank]


def reaches(writer: Writer, cases: Sequence[Case]) -> None:
    """How far each accident's worst effect reaches."""
    rows = []
    for case in cases:
        name = f"{case.name}{'（推定）' if case.assumed else ''}"
        by_rank: dict[int, Reach] = {}
        for reach in sorted(case.of_governing, key=lambda one: one.metres):
            by_rank[reach.level.rank] = reach
        rows.append(
            [
                str(case.number),
                case.firm.name,
                name,
                EFFECTS[case.governing],
                *(Cell(_reach(by_rank[rank]), rank) if rank in by_rank else "—" for rank in (4, 3, 2)),
            ]
        )
    if rows:
        head = ("序", "企业", "情景", "最远的后果", "致死", "严重伤害", "可恢复")
        writer.table("各情景的最大影响距离", head, rows, (0.6, 3, 4, 2, 1.5, 1.5, 1.5), (0, 4, 5, 6))


def _exposed(subject: Subject, writer: Writer, laid: Sequence[Laid]) -> None:
    rows = []
    for row in laid:
        workers, residents, unsaid = _of(row)
        sites = [site for site in row[2] if site.rank >= accidents.GRAVE and site.place_id != row[0].firm.id]
        publics = [site.name for site in sites if site.public]
        at_work = f"{workers:.0f}" + (f"（{unsaid} 家未登记）" if unsaid else "")
        rows.append(
            [
                str(row[0].number),
                row[0].firm.name,
                str(sum(not site.public for site in sites)),
                str(len(publics)),
                at_work,
                "—" if residents is None else f"{residents:.0f}",
                "、".join(publics[:3]) + (" 等" if len(publics) > 3 else ""),
            ]
        )
    if rows:
        head = ("序", "企业", "其他企业", "公共场所", "从业人员", "居民", "其中")
        writer.table("严重伤害以上范围内的单位和人", head, rows, (0.6, 3.2, 1.2, 1.2, 2, 1.2, 4.6), (0, 2, 3, 4, 5))
        writer.note(
            "从业人员按厂区面积在范围内的份额计；居民按人口格网计，“—”为没有人口数据。人数是在范围内的人数，不是伤亡预测。"
        )


def _hits(subject: Subject, writer: Writer, hits: Sequence[Hit], cases: Sequence[Case]) -> None:
    same = sum(
        accidents.away(one, other) < accidents.NEAREST
        for place, one in enumerate(cases)
        for other in cases[place + 1 :]
    )
    if same:
        writer.note(f"{same} 对储存点登记在同一位置，没有分别的坐标，不作比较；在图上分别标出后可以算出。")
    if not hits:
        writer.say(f"{len(cases)} 个情景两两比较，没有火灾或爆炸达到另一储存点的升级阈值。")
        return
    shown = hits[: subject.rules.most.rows]
    rows = [
        [
            f"{hit.source.number} {hit.source.firm.name}",
            f"{hit.target.number} {hit.target.firm.name} {hit.target.substance}",
            EFFECTS[hit.effect],
            _metres(hit.metres),
            f"{hit.value:.3g} {hit.unit}",
            f"{hit.threshold:g} {hit.unit}",
        ]
        for hit in shown
    ]
    said = f"达到升级阈值的 {len(hits)} 对" + (f"（列出前 {len(shown)} 对）" if len(hits) > len(shown) else "")
    writer.table(
        said, ("先发生的", "可能被引发的", "因为", "距离", "强度", "阈值"), rows, (3, 4, 2, 1.3, 1.8, 1.8), (3, 4, 5)
    )
    chains = accidents.chains(hits, subject.rules.most.chain)
    if chains:
        lines = [
            [str(place), " → ".join(f"{case.number} {case.firm.name}（{case.substance}）" for case in way)]
            for place, way in enumerate(chains[: subject.rules.most.top], 1)
        ]
        writer.table(f"两步以上的连锁，共 {len(chains)} 条", ("", "次序"), lines, (0.6, 14), (0,))
    _mutual(writer, hits)


def _mutual(writer: Writer, hits: Sequence[Hit]) -> None:
    """Neighbours that endanger each other, one way or both."""
    ways = {(hit.source.firm.id, hit.target.firm.id): hit for hit in hits if hit.source.firm.id != hit.target.firm.id}
    rows = []
    for (one, other), hit in ways.items():
        both = (other, one) in ways
        if both and one > other:
            continue
        rows.append([hit.source.firm.name, "互相" if both else "单向", hit.target.firm.name, _metres(hit.metres)])
    if rows:
        writer.table("相邻企业", ("企业", "影响", "企业", "最近的一对相距"), rows, (5, 1.4, 5, 2), (3,))


def _case(subject: Subject, writer: Writer, row: Laid) -> None:
    case, zones, sites = row
    writer.sub(f"{case.number}　{case.firm.name}　{case.name}")
    scenario, source = case.scenario, case.studies[0].accident.source
    made_of = f"{case.substance}（{case.note}）" if case.note else case.substance
    writer.pairs(
        [
            ("物质", made_of),
            ("储存量", number(scenario.mass / 1000, "t")),
            ("来源", "由档案储存量推定" if case.assumed else f"登记的情景（{at(scenario.created)}）"),
            ("行业", sector_name(case.firm.sector, subject.on)),
            ("泄出", number(source.released, "kg")),
            ("进入空气", number(source.airborne, "kg")),
        ]
    )
    drawn = [
        maps.Zone(zone.geometry, zone.zone.level.rank, f"{zone.zone.level.name} {_told(case, zone)}") for zone in zones
    ]
    if drawn:
        spots = [maps.Spot(scenario.longitude, scenario.latitude, 0, str(case.number))]
        spots += [maps.Spot(*site.position, site.rank, chr(96 + place)) for place, site in enumerate(sites[:SITES], 1)]
        outline = subject.geometries([case.firm.id]).get(case.firm.id)
        asked = maps.Map(
            zones=drawn,
            spots=spots,
            outline=outline,
            box=maps.box_of([one.geometry for one in drawn]),
            note=parts.source_note(subject),
        )
        picture = maps.draw(asked, parts.folder(), subject.on)
        writer.figure(picture, f"{case.firm.name}{EFFECTS[case.governing]}的最大范围（字母为下表中的单位）")
    rows: Rows = [
        [
            EFFECTS[reach.kind],
            reach.level.name,
            Cell(_rank(reach.level.rank), reach.level.rank),
            _reach(reach),
            reach.level.harm,
        ]
        for reach in case.reaches
    ]
    writer.table("各种后果的最大距离", ("后果", "阈值", "程度", "距离", "伤害"), rows, (2, 2.4, 2, 1.6, 5.6), (3,))
    lines: Rows = [
        [
            chr(96 + place),
            site.name,
            site.sort or sector_name(site.sector, subject.on),
            Cell(_rank(site.rank), site.rank),
            _metres(site.metres),
            number(site.people, "人") if site.people is not None else "未登记",
        ]
        for place, site in enumerate(sites[:SITES], 1)
    ]
    if lines:
        said = (
            f"范围内的单位（最重、最近的 {len(lines)} 个，共 {len(sites)} 个）"
            if len(sites) > SITES
            else "范围内的单位"
        )
        writer.table(said, ("", "名称", "类别", "程度", "最近", "从业人员"), lines, (0.6, 5, 2.6, 2, 1.6, 1.8), (4, 5))


def _left(writer: Writer, left: Sequence[Left]) -> None:
    if left:
        writer.head("没有算出的")
        writer.table("没有算出影响范围的情景", ("情景", "原因"), [[one.name, one.why] for one in left], (2, 3))


# ---------------------------------------------------------------- people


def _of(row: Laid) -> tuple[float, float | None, int]:
    """Workers, residents (None: not counted) and enterprises that do not say, within grave harm."""
    grave = [zone for zone in row[1] if zone.zone.level.rank >= accidents.GRAVE]
    if not grave:
        return 0.0, None, 0
    widest = max(grave, key=lambda zone: zone.zone.reach)
    return widest.workers, widest.residents, widest.unsaid


def _people(row: Laid) -> tuple[float, float]:
    workers, residents, _ = _of(row)
    return workers + (residents or 0.0), row[0].farthest


def _reach(one: Reach) -> str:
    return f"> {_metres(one.metres)}" if one.beyond else _metres(one.metres)


def _told(case: Case, zone: LaidZone) -> str:
    """The reach of a level as the table says it."""
    return next((_reach(one) for one in case.of_governing if one.level.key == zone.zone.level.key), "")


def _farthest(case: Case) -> str:
    return _reach(max(case.grave or case.of_governing, key=lambda one: one.metres))


def _metres(value: float) -> str:
    """Rounded up: a zone is never told smaller than it is."""
    return f"{ceil(value / 10) * 10 if value >= 100 else ceil(value):,} m"
