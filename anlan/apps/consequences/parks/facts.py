"""Criteria that a study breaks, as facts: at the study's place, and at the enterprises whose sources break them.

A fact that still holds is left as it is; one that holds no more is cleared, one that says something else is renewed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anlan.apps.consequences.parks.models import ParkStudy
from anlan.apps.ledger import lists as ledger
from anlan.apps.ledger.actions import Clearing, NewFact, clear_facts, raise_facts
from anlan.apps.ledger.models import Fact
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from anlan.packs.families import park_study
from anlan.packs.families.park_study import FactKey
from anlan.rules.facts import Param

STUDY, SOURCE = "park_study", "park_source"


@dataclass(frozen=True)
class Broken:
    """A criterion that is broken; ``source_id``: by one source, at whose place it is recorded."""

    key: FactKey
    params: Mapping[str, Param]
    place_id: int
    source_id: int | None = None


def put(study: ParkStudy, broken: Sequence[Broken]) -> None:
    """Record what is broken now, and clear what no longer is."""
    pack, now = park_study.load(clock.today()), clock.now()
    wanted = {}
    for one in broken:
        rule = pack.fact(one.key)
        origin = (SOURCE, one.source_id) if one.source_id else (STUDY, study.pk)
        params = {"study": study.name, **one.params}
        wanted[origin, rule.fact] = NewFact(
            one.place_id, rule.fact, int(rule.level), rule.reason, params, now, source=origin, words=pack.words
        )
    held = {((fact.source_kind, fact.source_id), fact.kind): fact for fact in _held(study)}
    gone = [fact for key, fact in held.items() if key not in wanted or not _same(fact, wanted[key])]
    clear_facts([Clearing(fact.pk, now, reason="重新评价") for fact in gone])
    raise_facts([new for key, new in wanted.items() if key not in held or held[key] in gone])


def clear_all(study: ParkStudy, by: int | None) -> None:
    """End everything that the study has said."""
    now = clock.now()
    clear_facts([Clearing(fact.pk, now, by, "评价停用") for fact in _held(study)])


def _held(study: ParkStudy) -> list[Fact]:
    """Facts of the study and of its sources that are not cleared."""
    sources = list(study.sources.values_list("pk", flat=True))
    found = ledger.facts(SYSTEM).filter(clearing=None)
    of_study = found.filter(source_kind=STUDY, source_id=study.pk)
    return [*of_study, *found.filter(source_kind=SOURCE, source_id__in=sources)]


def _same(fact: Fact, new: NewFact) -> bool:
    said = (fact.place_id, fact.level, fact.reason, dict(fact.params))
    return said == (new.place_id, new.level, new.reason, dict(new.params))
