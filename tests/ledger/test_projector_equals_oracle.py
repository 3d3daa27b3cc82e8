"""Whatever is done to places and facts, once the projector rests the database shows what the definition says."""

from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.apps.core import actions as core
from anlan.apps.core.models import Place
from anlan.apps.ledger import actions
from anlan.apps.ledger.models import LevelChange, PlaceLevel
from anlan.apps.ledger.projector import Projector
from anlan.kit.errors import Refused
from anlan.kit.grants import SYSTEM
from tests import world as worlds
from tests.ledger import oracle
from tests.ledger.conftest import Clock, new_projector, settle
from tests.thorough import examples

number = st.integers(0, 30)
steps_of = st.one_of(
    st.tuples(st.just("add"), number, st.sampled_from(["zone", "enterprise", "unit", "risk_point", "public_object"])),
    st.tuples(st.just("retire"), st.integers(12, 30), number),
    st.tuples(st.just("move"), number, number),
    st.tuples(st.just("join"), number, number),
    st.tuples(st.just("leave"), number, number),
    st.tuples(st.just("fact"), number, st.tuples(number, st.booleans(), st.integers(-3, 3), st.integers(0, 6))),
    st.tuples(st.just("fact"), number, st.tuples(number, st.booleans(), st.integers(-3, 3), st.integers(0, 6))),
    st.tuples(st.just("clear"), number, st.integers(-2, 4)),
    st.tuples(st.just("wait"), st.integers(1, 4), st.just(0)),
    st.tuples(st.just("restart"), st.just(0), st.just(0)),
)


class History:
    """Does one thing after another, as people and alarms would; what a rule refuses is not done."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        worlds.build_places()
        self.facts: list[int] = []
        self.projector: Projector = new_projector()

    def do(self, verb: str, *args: object) -> None:
        try:
            with transaction.atomic():
                getattr(self, verb)(*args)
        except Refused:
            pass

    def place(self, rank: int) -> Place:
        places = list(Place.objects.order_by("pk"))
        return places[rank % len(places)]

    def add(self, rank: int, kind: str) -> None:
        core.add_place(SYSTEM, self.place(rank), kind, f"新{rank}")

    def retire(self, rank: int, _: int) -> None:
        core.retire_place(SYSTEM, self.place(rank).pk)

    def move(self, what: int, under: int) -> None:
        core.move_place(SYSTEM, self.place(what).pk, self.place(under).pk)

    def join(self, what: int, zone: int) -> None:
        zones = list(Place.objects.filter(kind__in=["zone", "park"]).order_by("pk"))
        core.join_zone(SYSTEM, self.place(what).pk, zones[zone % len(zones)].pk)

    def leave(self, what: int, zone: int) -> None:
        core.leave_zone(SYSTEM, self.place(what).pk, self.place(zone).pk)

    def fact(self, at: int, what: tuple[int, bool, int, int]) -> None:
        level, reaches, ahead, lasts = what
        since = self.clock() + timedelta(seconds=ahead)
        until = since + timedelta(seconds=lasts) if lasts else None
        reach = "descendants" if reaches else "self"
        place = self.place(at).pk
        fact = actions.raise_fact(
            place, "check", level % 5, "检查", {}, happened=self.clock(), since=since, until=until, applies_to=reach
        )
        self.facts.append(fact.pk)

    def clear(self, which: int, ahead: int) -> None:
        if self.facts:
            actions.clear_fact(self.facts[which % len(self.facts)], self.clock() + timedelta(seconds=ahead))

    def wait(self, seconds: int, _: int) -> None:
        self.clock.turn(seconds)

    def restart(self, *_: int) -> None:
        self.projector = new_projector()


@settings(examples(10, proof=200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(steps_of, st.booleans()), min_size=1, max_size=14))
def test_the_database_shows_what_the_definition_says(
    db: None, hands: Clock, steps: list[tuple[tuple[str, object], bool]]
) -> None:
    with transaction.atomic():
        history = History(hands)
        for step, tick in steps:
            history.do(*step)
            if tick:
                history.projector.tick()
        settle(history.projector)
        assert shown() == oracle.from_database(hands())
        for seconds in (1, 3, 9):
            hands.turn(seconds)
            settle(history.projector)
            assert shown() == oracle.from_database(hands())
        follow_every_colour()
        transaction.set_rollback(True)


def shown() -> oracle.Picture:
    return {row.place_id: (row.level, tuple(row.points), tuple(row.enterprises)) for row in PlaceLevel.objects.all()}


def follow_every_colour() -> None:
    """Each change begins where the one before ended, none is said twice, and the last is what is shown."""
    last: dict[int, int] = {}
    for change in LevelChange.objects.order_by("pk"):
        assert change.before == last.get(change.place_id, 0)
        assert change.before != change.after
        last[change.place_id] = change.after
    for row in PlaceLevel.objects.all():
        assert row.level == last.get(row.place_id, 0)
