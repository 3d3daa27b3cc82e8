"""Packs of a trade: too few, torn references, sentences used twice and marks that claim too much are told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from anlan.packs import linter
from tests.packs.conftest import Write

OBJECTS = "code,name,class,parent_kind,measured\n" + "".join(f"o{n},对象{n},equipment,area,\n" for n in range(8))
HAZARD_HEAD = (
    "code,object,activity,hazard,factor,accidents,consequence,engineering,management,training,protection,emergency,"
    "basis,clause,verified\n"
)
ITEM_HEAD = "code,object,item,standard,method,basis,clause,verified,major\n"
STEP_HEAD = "order,phase,action,who,within_min,resources\n"

#: Ten sentences that have nothing in common.
STORIES = [
    "泵的机封磨穿后甲苯沿轴喷出遇热表面起火",
    "吊钩保险卡脱落使钢卷从车上滚下砸中挂钩工",
    "下雨时临时电箱进水外壳带电把搬料的人击倒",
    "仓顶人孔没有盖好清扫的人踩空跌进粮堆被埋",
    "冷库门从里面打不开值夜班的人被冻伤",
    "叉车倒车时看不见货架后面走出来的拣货员",
    "窑尾结皮突然垮落热料从观察孔喷到看火工脸上",
    "氯瓶称重器失准超装后在太阳下升压破裂",
    "风把没有锚定的门机吹离轨道末端倾倒",
    "钻杆接头未拧紧就起钻甩出的扳手击中副钻",
]


def hazard(code: str, text: str, **cells: str) -> str:
    row = {
        "code": code, "object": "o1", "activity": "运行", "hazard": text, "factor": "thing", "accidents": "火灾 中毒",
        "consequence": "伤亡", "engineering": "联锁", "management": "巡检", "training": "", "protection": "手套",
        "emergency": "", "basis": "试验标准", "clause": "3.1", "verified": "false",
    }  # fmt: skip
    return ",".join((row | cells).values()) + "\n"


@pytest.fixture
def trade(write: Write, tmp_path: Path) -> Callable[..., str]:
    """Writes a small whole trade, with what the test replaces, and gives all messages of the linter."""

    def put(*, heavy: str = "false", confidence: str = "product", **files: str) -> str:
        tables = {
            "objects": OBJECTS,
            "hazards": HAZARD_HEAD + "".join(hazard(f"h{n}", text) for n, text in enumerate(STORIES)),
            "checklist-day": ITEM_HEAD + "".join(f"i{n},o1,项目{n},完好,look,试验标准,,false,\n" for n in range(10)),
            "plan-fire": STEP_HEAD + "".join(f"{n},处置,动作{n},班长,{n},\n" for n in range(1, 9)),
        } | {name.replace("_", "-"): text for name, text in files.items()}
        bodies = {
            "sector": f"name: 试验\nheavy: {heavy}\nindustries: ['2614']\nobjects: objects.csv\n",
            "hazards": "hazards: hazards.csv\n",
            "checklists": "checklists:\n  day: {title: 日查, for: daily, items: checklist-day.csv}\n",
            "plans": "plans:\n  fire: {title: 火, accident: 火灾, levels: [Ⅰ], roles: [班长], steps: plan-fire.csv}\n",
        }
        for name, body in bodies.items():
            path = write(f"sectors/toy/{name}.yaml", body)
            path.write_text(
                path.read_text("utf-8").replace("confidence: product", f"confidence: {confidence}"), "utf-8"
            )
        for name, text in tables.items():
            (tmp_path / "sectors" / "toy" / f"{name}.csv").write_text(text, encoding="utf-8")
        return "\n".join(str(problem) for problem in linter.check(tmp_path))

    return put


def with_row(row: str) -> str:
    return HAZARD_HEAD + "".join(hazard(f"h{n}", text) for n, text in enumerate(STORIES)) + row


def test_a_whole_trade_has_no_problem(trade: Callable[..., str]) -> None:
    assert trade() == ""


def test_a_heavy_trade_needs_more_and_tags(trade: Callable[..., str]) -> None:
    told = trade(heavy="true")
    assert "还缺 tags.yaml" in told
    assert "危险只有 10 条，至少 30 条" in told
    assert "15 项以上的检查表只有 0 张，至少 3 张" in told


BROKEN = {
    "a hazard of no object": (hazard("x", "管架基础下沉把法兰拉开漏出热油", object="o99"), "没有 o99"),
    "an accident of the old standard": (
        hazard("x", "管架基础下沉把法兰拉开漏出热油", accidents="瓦斯爆炸"),
        "没有 瓦斯爆炸",
    ),
    "a hazard too short": (hazard("x", "漏油"), "太短"),
    "two measures only": (hazard("x", "管架基础下沉把法兰拉开漏出热油", protection=""), "还应有一类措施"),
    "a verified row without a clause": (
        hazard("x", "管架基础下沉把法兰拉开漏出热油", clause="", verified="true"),
        "没有条款",
    ),
    "a sentence used twice, punctuation aside": (hazard("x", STORIES[2] + "。"), "已用过"),
    "a hazard that differs by one word": (hazard("x", STORIES[5].replace("拣货员", "检修工")), "几乎相同"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_told_at_its_line(case: str, trade: Callable[..., str]) -> None:
    row, words = BROKEN[case]
    told = trade(hazards=with_row(row))
    assert words in told
    assert "hazards.csv:12:" in told


def test_a_sentence_of_a_checklist_may_not_stand_in_the_plan(trade: Callable[..., str]) -> None:
    sentence = "关闭储罐根部阀并启动水喷淋"
    items = ITEM_HEAD + "".join(
        f"i{n},o1,{sentence if n == 3 else n},完好,look,试验标准,,false,\n" for n in range(10)
    )  # fmt: skip
    steps = STEP_HEAD + "".join(f"{n},处置,{sentence if n == 5 else n},班长,,\n" for n in range(1, 9))
    assert "plan-fire.csv:6:" in trade(checklist_day=items, plan_fire=steps)


def test_a_criterion_that_is_not_there(trade: Callable[..., str]) -> None:
    items = ITEM_HEAD + "".join(f"i{n},o1,项目{n},完好,look,试验标准,,false,m7\n" for n in range(10))
    assert "criteria 里没有 m7" in trade(checklist_day=items)


def test_a_plan_has_8_to_14_steps(trade: Callable[..., str]) -> None:
    assert "步骤有 2 步" in trade(plan_fire=STEP_HEAD + "1,报警,呼叫,班长,1,\n2,处置,关阀,班长,,\n")


def test_a_tag_that_is_not_in_the_catalogue(trade: Callable[..., str]) -> None:
    told = trade(objects=OBJECTS.replace("o3,对象3,equipment,area,", "o3,对象3,equipment,area,T1"))
    assert "objects.csv:5:" in told
    assert "点位目录里没有 T1" in told


def test_a_header_that_claims_more_than_its_rows(trade: Callable[..., str]) -> None:
    assert "10 行未核实" in trade(confidence="read")
