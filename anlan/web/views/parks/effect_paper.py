"""What a project adds to the risk around it, on paper and as sheets of a workbook."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from anlan.kernels.qra.criteria import Line
from anlan.kit import documents, sheets
from anlan.kit.documents import charts
from anlan.kit.documents.charts import Stairs

Effect = Mapping[str, Any]
LISTED = 30  # targets on paper


def _target_head() -> list[str]:
    return [_("防护目标"), _("类别"), _("现在"), _("项目增加"), _("建成后"), _("新建基准"), _("在役基准"), _("判定")]


def _target_rows(effect: Effect) -> list[list[str]]:
    columns = ("name", "category", "before", "own", "after", "new", "in_service", "word")
    return [[str(one[name]) for name in columns] for one in effect["all"]]


def _level_head() -> list[str]:
    return [_("个人风险，每年"), _("现在，公顷"), _("建成后，公顷"), _("现在，居民"), _("建成后，居民")]


def _level_rows(effect: Effect) -> list[list[str]]:
    return [
        [one["name"], f"{one['before']:g}", f"{one['after']:g}", _people(one["residents_before"]),
         _people(one["residents_after"])]
        for one in effect["levels"]
    ]  # fmt: skip


def _people(number: float | None) -> str:
    return "—" if number is None else f"{number:,.0f}"


def _figures(effect: Effect) -> list[tuple[str, str]]:
    society, loss, room = effect["society"], effect["loss"], effect["room"]
    domino = _("计入多米诺效应") if effect["study"]["domino"] else _("未计入多米诺效应")
    made = [
        (_("叠加在"), f"{effect['study']['name']}（{domino}）"),
        (_("不符合基准的防护目标"), f"{effect['broken']} / {effect['reached']}"),
        (_("社会风险"), f"{society['before']['zone']} → {society['after']['zone']}"),
        (_("潜在生命损失，人/年"), f"{loss['before']} → {loss['after']}"),
        (_("园区风险还可以增加到"), " → ".join(_room(room[when]) for when in ("before", "after"))),
    ]
    named = [f"{name} {share}" for name, share in effect["installations"].items()]
    return [*made, (_("会泄漏的装置，占新增生命损失"), "；".join(named))]


def _room(told: Mapping[str, str] | None) -> str:
    return _("{factor} 倍（{governs}）").format(**told) if told else "—"


def blocks(effect: Effect) -> list[documents.Block]:
    """The chapter of a document."""
    rows = _target_rows(effect)
    made: list[documents.Block] = [
        documents.Heading(_("对周边风险的影响")),
        documents.Pairs(_figures(effect)),
        documents.Grid(
            _target_head(), rows[:LISTED], (2.4, 2.2, 1, 1, 1, 1, 1, 1.4), range(2, 7),
            _("防护目标的个人风险，每年"),
        ),
    ]  # fmt: skip
    if len(rows) > LISTED:
        made.append(documents.Words(_("其余 {n} 处影响更小，见 Excel。").format(n=len(rows) - LISTED), "note"))
    if effect["elsewhere"]:
        made.append(documents.Words(_("读者权限范围以外也有防护目标不符合基准。"), "note"))
    made.append(documents.Picture(_chart(effect["chart"]), _("社会风险曲线：现在与建成后")))
    made.append(documents.Grid(_level_head(), _level_rows(effect), (), range(1, 5), _("等值线以内的面积")))
    if effect["pairs"]:
        pairs = [[one["source"], one["target"], f"{one['percent']}%", one["frequency"]] for one in effect["pairs"]]
        head = (_("起因"), _("被波及"), _("概率"), _("每年"))
        made.append(documents.Grid(head, pairs, (3, 3, 1, 1.2), (2, 3), _("项目与邻近设备相互波及")))
    said = _("项目增加的个人风险与新建、改建、扩建的基准比，建成后的总风险与在役的基准比。")
    return [*made, documents.Words(said, "note")]


def _chart(chart: Mapping[str, Any]) -> bytes:
    after = Stairs(_("建成后"), chart["number"], chart["frequency"])
    before = Stairs(_("现在"), chart["before"]["number"], chart["before"]["frequency"])
    lines = {}
    for name, key in ((_("上限"), "upper"), (_("下限"), "lower")):
        if chart.get(key):
            line = Line(**chart[key])
            lines[name] = lambda n, line=line: float(line.at(n))
    return charts.societal([before, after], lines, float(chart.get("end") or 1000.0))


def sheets_of(effect: Effect) -> list[sheets.Sheet]:
    """The same as sheets of a workbook."""
    figures = sheets.Sheet(
        _("风险影响"), [sheets.SheetColumn(_("项目"), 30), sheets.SheetColumn(_("内容"), 60)], _figures(effect)
    )
    columns = [sheets.SheetColumn(one, 22) for one in _target_head()]
    targets = sheets.Sheet(_("防护目标"), columns, _target_rows(effect), wrapped=True)
    areas = sheets.Sheet(_("等值线面积"), [sheets.SheetColumn(one, 18) for one in _level_head()], _level_rows(effect))
    return [figures, targets, areas]
