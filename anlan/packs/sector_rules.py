"""What the linter asks of the packs of a trade beyond their shape: enough of everything, references within the trade
that lead somewhere, and no sentence written twice, in one trade or in two.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from anlan.packs.families.accident_types import AccidentTypes
from anlan.packs.families.checklists import Checklists
from anlan.packs.families.criteria import Criteria
from anlan.packs.families.hazards import MEASURES, Hazards
from anlan.packs.families.plans import Plans
from anlan.packs.families.sector import Sector
from anlan.packs.families.tags import Tags
from anlan.packs.model import Pack, Problem

Body = TypeVar("Body")

#: Where rows and mappings stand, by their id(): file and line.
Places = Mapping[int, tuple[Path, int]]

_PARTS = ("hazards", "checklists", "plans")
_OBJECTS = 8
_STEPS = (8, 14)

#: Shorter texts ("佩戴安全帽") may stand anywhere; longer ones are sentences.
_SENTENCE = 12

#: Two sentences whose pairs of characters agree by more than this say the same with a word exchanged.
_ALIKE = 0.7

_NOISE = re.compile(r"[\s，。；、：:,;.（）()“”\"'·—-]+")


@dataclass(frozen=True)
class _Least:
    """The least that a trade has: hazards, and checklists of so many items."""

    hazards: int
    checklists: int
    items: int


_LEAST = {True: _Least(30, 3, 15), False: _Least(10, 1, 10)}


@dataclass(frozen=True)
class _Text:
    """A sentence in a pack, and where."""

    words: str
    pack_id: str
    spot: tuple[Path, int]

    def bare(self) -> str:
        return _NOISE.sub("", self.words)


def problems(own: list[Pack[object]], others: list[Pack[object]], places: Places) -> Iterable[Problem]:
    """Every problem of the trades among a folder's own packs; ``others`` may be referred to."""
    everything = [*own, *others]
    for pack in own:
        trade = _trade_of(pack)
        if trade is not None:
            yield from _of_pack(pack, _Trade(trade, everything), places)
    yield from _reused(own, places)


class _Trade:
    """The packs of one trade, whichever folder they lie in; the last version of each."""

    def __init__(self, name: str, packs: list[Pack[object]]) -> None:
        self.name = name
        self._packs = sorted(packs, key=lambda pack: pack.header.valid_from)

    def find(self, shape: type[Body], part: str) -> Body | None:
        bodies = [pack.body for pack in self._packs if pack.header.id == f"sectors/{self.name}/{part}"]
        return next((body for body in reversed(bodies) if isinstance(body, shape)), None)

    def objects(self) -> set[str]:
        sector = self.find(Sector, "sector")
        return {template.code for template in sector.objects} if sector else set()

    def criteria(self) -> set[str]:
        criteria = self.find(Criteria, "criteria")
        return {one.code for one in criteria.criteria} if criteria else set()

    def tags(self) -> set[str]:
        tags = self.find(Tags, "tags")
        return {tag.code for tag in tags.tags} if tags else set()

    def least(self) -> _Least:
        sector = self.find(Sector, "sector")
        return _LEAST[sector.heavy if sector else False]

    def accident_types(self) -> set[str]:
        """Names in the newest edition of the standard."""
        bodies = [pack.body for pack in self._packs if isinstance(pack.body, AccidentTypes)]
        return set(bodies[-1].names()) if bodies else set()


def _trade_of(pack: Pack[object]) -> str | None:
    parts = pack.header.id.split("/")
    return parts[1] if len(parts) == 3 and parts[0] == "sectors" else None


def _of_pack(pack: Pack[object], trade: _Trade, places: Places) -> Iterator[Problem]:
    match pack.body:
        case Sector() as body:
            yield from _of_sector(pack, body, trade, places)
        case Hazards() as body:
            yield from _of_hazards(pack, body, trade, places)
        case Checklists() as body:
            yield from _of_checklists(pack, body, trade, places)
        case Plans() as body:
            yield from _of_plans(pack, body, trade, places)
    yield from _marks(pack)


def _of_sector(pack: Pack[object], sector: Sector, trade: _Trade, places: Places) -> Iterator[Problem]:
    shapes: dict[str, type] = dict(zip(_PARTS, (Hazards, Checklists, Plans), strict=True))
    for part, shape in (shapes | ({"tags": Tags} if sector.heavy else {})).items():
        if trade.find(shape, part) is None:
            yield Problem(pack.file, 1, f"行业 {trade.name} 还缺 {part}.yaml，请补上")
    if len(sector.objects) < _OBJECTS:
        yield Problem(pack.file, 1, f"对象模板只有 {len(sector.objects)} 个，至少 {_OBJECTS} 个，请补充")
    tags = trade.tags()
    for template in sector.objects:
        for code in template.measured:
            if code not in tags:
                yield Problem(
                    *places[id(template)], f"{trade.name} 的点位目录里没有 {code}，请更正 measured 或补上点位"
                )


def _of_hazards(pack: Pack[object], body: Hazards, trade: _Trade, places: Places) -> Iterator[Problem]:
    least = trade.least().hazards
    if len(body.hazards) < least:
        yield Problem(pack.file, 1, f"危险只有 {len(body.hazards)} 条，至少 {least} 条，请补充")
    objects, known = trade.objects(), trade.accident_types()
    for hazard in body.hazards:
        if hazard.object not in objects:
            yield Problem(*places[id(hazard)], _no_object(hazard.object))
        for name in hazard.accidents:
            if name not in known:
                yield Problem(*places[id(hazard)], f"core/accident_types 里没有 {name}，请用现行标准的类别名称")


def _of_checklists(pack: Pack[object], body: Checklists, trade: _Trade, places: Places) -> Iterator[Problem]:
    least = trade.least()
    full = [one for one in body.checklists.values() if len(one.items) >= least.items]
    if len(full) < least.checklists:
        message = f"有 {least.items} 项以上的检查表只有 {len(full)} 张，至少 {least.checklists} 张，请补充"
        yield Problem(pack.file, 1, message)
    objects, criteria = trade.objects(), trade.criteria()
    for item in (item for one in body.checklists.values() for item in one.items):
        if item.object not in objects:
            yield Problem(*places[id(item)], _no_object(item.object))
        if item.major and item.major not in criteria:
            yield Problem(*places[id(item)], f"criteria 里没有 {item.major}，请更正 major 或补上判定标准")


def _of_plans(pack: Pack[object], body: Plans, trade: _Trade, places: Places) -> Iterator[Problem]:
    known = trade.accident_types()
    if not body.plans:
        yield Problem(pack.file, 1, "没有预案，至少一个，请补充")
    for plan in body.plans.values():
        if plan.accident not in known:
            yield Problem(*places[id(plan)], f"core/accident_types 里没有 {plan.accident}，请用现行标准的类别名称")
        if not _STEPS[0] <= len(plan.steps) <= _STEPS[1]:
            yield Problem(*places[id(plan)], f"步骤有 {len(plan.steps)} 步，应为 {_STEPS[0]} 至 {_STEPS[1]} 步，请增减")


def _no_object(code: str) -> str:
    return f"对象模板里没有 {code}，请写 objects.csv 里的 code"


def _marks(pack: Pack[object]) -> Iterator[Problem]:
    """A header that says all was read must not cover rows that were not."""
    unverified = [row for row in _marked(pack.body) if not row]
    if unverified and pack.header.confidence in ("verified", "read"):
        message = f"confidence 是 {pack.header.confidence}，却有 {len(unverified)} 行未核实，请改为 memory 或逐行核实"
        yield Problem(pack.file, 1, message)


def _marked(body: object) -> list[bool]:
    """The mark ``verified`` of each row."""
    match body:
        case Hazards():
            return [row.verified for row in body.hazards]
        case Checklists():
            return [row.verified for one in body.checklists.values() for row in one.items]
        case Criteria():
            return [row.verified for row in body.criteria]
    return []


def _reused(packs: list[Pack[object]], places: Places) -> Iterator[Problem]:
    """Sentences that stand twice, and those that differ from another by a word only."""
    first: dict[str, _Text] = {}
    for text in (text for pack in packs for text in _sentences(pack, places)):
        bare = text.bare()
        if len(bare) < _SENTENCE:
            continue
        known = first.setdefault(bare, text)
        if known is not text and not _versions(known, text):
            yield Problem(*text.spot, f"这句话已用过（{_spot(known)}），请写出本行业自己的情形：{text.words}")
    yield from _alike([text for pack in packs for text in _sentences(pack, places) if not _of_law(pack)])


def _alike(texts: list[_Text]) -> Iterator[Problem]:
    """Sentences that agree in most pairs of characters with an earlier one, found by an index of the pairs."""
    known: list[tuple[_Text, int]] = []
    index: dict[str, list[int]] = defaultdict(list)
    for text in texts:
        bare = text.bare()
        pairs = {bare[n : n + 2] for n in range(len(bare) - 1)}
        if len(bare) < _SENTENCE:
            continue
        for number, shared in Counter(number for pair in pairs for number in index[pair]).items():
            other, size = known[number]
            if shared > _ALIKE * (size + len(pairs) - shared) and other.bare() != bare and not _versions(other, text):
                yield Problem(*text.spot, f"与另一条几乎相同（{_spot(other)}），请写出自己的情形：{text.words}")
        for pair in pairs:
            index[pair].append(len(known))
        known.append((text, len(pairs)))


def _of_law(pack: Pack[object]) -> bool:
    """Criteria of two trades may say nearly the same: they stand in one regulation."""
    return isinstance(pack.body, Criteria)


def _versions(one: _Text, other: _Text) -> bool:
    """Whether two texts stand in two versions of one pack, which may say the same."""
    return one.pack_id == other.pack_id and one.spot[0] != other.spot[0]


def _spot(text: _Text) -> str:
    return f"{text.pack_id} 第 {text.spot[1]} 行"


def _sentences(pack: Pack[object], places: Places) -> Iterator[_Text]:
    for row, words in _texts(pack.body):
        yield _Text(words, pack.header.id, places[id(row)])


def _texts(body: object) -> Iterator[tuple[object, str]]:
    """Every text of a body that may be a sentence, with the row it stands in."""
    match body:
        case Hazards():
            for row in body.hazards:
                yield row, row.hazard
                for kind in MEASURES:
                    yield row, getattr(row, kind)
        case Checklists():
            for item in (item for one in body.checklists.values() for item in one.items):
                yield item, item.item
                yield item, item.standard
        case Criteria():
            for criterion in body.criteria:
                yield criterion, criterion.text
        case Plans():
            for step in (step for plan in body.plans.values() for step in plan.steps):
                yield step, step.action
