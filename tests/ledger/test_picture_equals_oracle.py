"""Whatever facts come and go over whatever tree, the picture in memory is the one that the plain definition gives."""

from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anlan.apps.ledger.picture import BUCKET_OF, FACT, FOREVER, LEVEL_OF, Picture, by_level
from anlan.kernels import rollup
from tests.ledger import oracle
from tests.ledger.oracle import Said, Spot
from tests.thorough import examples

KINDS = ("county", "zone", "park", "enterprise", "unit", "risk_point", "public_object", "mobile")


@st.composite
def shapes(draw: st.DrawFn) -> tuple[dict[int, Spot], list[tuple[int, int]]]:
    """A forest in preorder with ids out of order, and members of zones (also in circles, which rules forbid)."""
    size = draw(st.integers(1, 14))
    ids = draw(st.permutations(range(1, size + 1)))
    depth: list[int] = []
    for _ in range(size):
        depth.append(draw(st.integers(0, (depth[-1] + 1) if depth else 0)))
    spots: dict[int, Spot] = {}
    way: list[int] = []
    for place, step in zip(ids, depth, strict=True):
        way = [*way[:step], place]
        spots[place] = Spot(way[-2] if step else None, draw(st.sampled_from(KINDS)))
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(ids))
    members = draw(st.lists(pairs, max_size=5, unique=True))
    return spots, [(place, zone) for place, zone in members if place != zone]


#: place (by rank), level, reaches, start, end after start (None = for ever), number of the fact it clears after
facts_of = st.tuples(
    st.integers(0, 13), st.integers(0, 4), st.booleans(), st.integers(0, 8), st.none() | st.integers(1, 8)
)
steps_of = st.one_of(
    st.tuples(st.just("raise"), facts_of),
    st.tuples(st.just("clear"), st.tuples(st.integers(0, 9), st.integers(-2, 3))),
    st.tuples(st.just("wait"), st.integers(1, 4)),
    st.tuples(st.just("tidy"), st.just(0)),
)


def plant(spots: dict[int, Spot], members: list[tuple[int, int]]) -> rollup.Tree:
    ids = list(spots)
    at = {place: position for position, place in enumerate(ids)}
    depth = [_depth(place, spots) for place in ids]
    kinds = [spots[place].kind for place in ids]
    return rollup.plant(
        ids=np.array(ids, np.int64),
        depth=np.array(depth, np.int16),
        points=np.array([kind in oracle.POINTS for kind in kinds]),
        enterprises=np.array([kind == "enterprise" for kind in kinds]),
        members=np.array([at[place] for place, _ in members], np.int32),
        zones=np.array([at[zone] for _, zone in members], np.int32),
    )


def _depth(place: int, spots: dict[int, Spot]) -> int:
    above = spots[place].parent
    return 1 if above is None else 1 + _depth(above, spots)


class Ledger:
    """Facts as rows, next to the picture that folds them."""

    def __init__(self, picture: Picture, places: list[int]) -> None:
        self.picture = picture
        self.places = places
        self.rows: dict[int, list[int]] = {}  # id -> place, level, reaches, start, end
        self.now = 10
        self.shown = read(picture)

    def do(self, step: tuple[str, object]) -> None:
        for moved in getattr(self, f"do_{step[0]}")(step[1]):
            for at, was in zip(moved.touched.at.tolist(), moved.touched.was.tolist(), strict=True):
                place = int(self.picture.tree.ids[at])
                assert self.shown[place][0] == LEVEL_OF[was], "a change says from where"
                self.shown[place] = read_one(self.picture, at)

    def do_raise(self, fact: tuple[int, int, bool, int, int | None]) -> Iterator[object]:
        rank, level, reaches, ahead, lasts = fact
        start = self.now + ahead - 4
        end = FOREVER if lasts is None else start + lasts
        place = self.places[rank % len(self.places)]
        fact_id = 100 - len(self.rows) if rank % 3 else 100 + len(self.rows)  # also out of order
        self.rows[fact_id] = [place, level, reaches, start, end]
        row = (fact_id, place, int(BUCKET_OF[level]), reaches, start, int(end))
        yield from self.picture.add(row, self.now)
        yield from self.picture.add(row, self.now)  # seen twice

    def do_clear(self, what: tuple[int, int]) -> Iterator[object]:
        if self.rows:
            fact_id = sorted(self.rows)[what[0] % len(self.rows)]
            at = self.now + what[1]
            self.rows[fact_id][4] = min(self.rows[fact_id][4], at)
            yield from self.picture.end(fact_id, at, self.now)

    def do_wait(self, ticks: int) -> Iterator[object]:
        self.now += ticks
        yield from self.picture.pass_time(self.now)

    def do_tidy(self, _: int) -> Iterator[object]:
        self.picture._pack(self.now)
        yield from ()

    def holders(self) -> dict[int, int]:
        return dict(zip(self.picture.tree.ids.tolist(), self.picture.holders().tolist(), strict=True))

    def numbered(self) -> dict[int, Said]:
        return {
            fact_id: Said(row[0], row[1], bool(row[2]))
            for fact_id, row in self.rows.items()
            if row[3] <= self.now < row[4]
        }

    def live(self) -> list[Said]:
        return list(self.numbered().values())


def read(picture: Picture) -> oracle.Picture:
    return {place: read_one(picture, at) for at, place in enumerate(picture.tree.ids.tolist())}


def read_one(picture: Picture, at: int) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    points, enterprises = picture.rollup.counts(at)
    return int(LEVEL_OF[picture.rollup.level[at]]), by_level(points), by_level(enterprises)


@examples(80, proof=1_000)
@given(shapes(), st.lists(steps_of, max_size=12), st.sampled_from([0, 256]))
def test_every_step_shows_what_the_definition_says(
    shape: tuple[dict[int, Spot], list[tuple[int, int]]], steps: list[tuple[str, object]], few: int
) -> None:
    spots, members = shape
    kept, rollup.FEW = rollup.FEW, few  # 0: every change is summed anew instead of walked up
    try:
        ledger = Ledger(Picture(plant(spots, members), np.zeros(0, FACT), 10), list(spots))
        for step in steps:
            ledger.do(step)
            assert ledger.shown == read(ledger.picture), "whatever moved was said to have moved"
            assert ledger.shown == oracle.picture(spots, members, ledger.live())
            assert ledger.holders() == oracle.holders(spots, members, ledger.numbered())
    finally:
        rollup.FEW = kept


@examples(20, proof=300)
@given(shapes(), shapes(), st.lists(steps_of, max_size=10))
def test_a_new_tree_keeps_the_facts(
    before: tuple[dict[int, Spot], list[tuple[int, int]]],
    after: tuple[dict[int, Spot], list[tuple[int, int]]],
    steps: list[tuple[str, object]],
) -> None:
    ledger = Ledger(Picture(plant(*before), np.zeros(0, FACT), 10), list(before[0]))
    for step in steps:
        ledger.do(step)
    ledger.picture.stand_on(plant(*after), ledger.now)
    facts = [fact for fact in ledger.live() if fact.place in after[0]]
    assert read(ledger.picture) == oracle.picture(*after, facts)
