"""What runs out moves the colour: facts that begin the day after the last good one, kept in step with the row."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from anlan.apps.enterprises import forms
from anlan.apps.enterprises.models import Item
from anlan.apps.ledger.actions import Clearing, NewFact, clear_facts, raise_facts
from anlan.apps.ledger.models import Fact
from anlan.kit import clock
from anlan.packs.families import lapse_facts
from anlan.packs.families.file_fields import Field
from anlan.packs.families.lapse_facts import LapseFacts
from anlan.rules import lapses


def keep_in_step(items: Sequence[Item], by: int | None) -> None:
    """Raise what rows of one kind should hold and do not, clear what they hold and should not."""
    if not items:
        return
    wanted = {item.pk: _facts(item, by) for item in items}
    held = _held(items)
    now = clock.now()
    stale = [fact for fact in held if not any(_same(fact, new) for new in wanted[fact.source_id or 0])]
    clear_facts([Clearing(fact.pk, now, by) for fact in stale])
    kept = [fact for fact in held if fact not in stale]
    fresh = [
        new for news in wanted.values() for new in news if not any(_same(fact, new) for fact in kept)
    ]  # what is held already would be let pass, but its reason may not be compared there
    raise_facts(fresh)


def _facts(item: Item, by: int | None) -> list[NewFact]:
    """One fact for each kind of lapse: of two dates of one kind the earlier counts."""
    rules = lapse_facts.load(clock.today())
    if item.ended is not None or forms.value_of(item, "state") in rules.idle_states:
        return []
    group = forms.home_of(item)
    title = str(forms.value_of(item, group.title) or "")
    found: dict[str, NewFact] = {}
    for field in forms.form(group.key).dues():
        new = _fact(item, field, (group.key, title, by), rules)
        if new and (new.kind not in found or (new.since or new.happened) < (found[new.kind].since or new.happened)):
            found[new.kind] = new
    return list(found.values())


def _fact(item: Item, field: Field, said: tuple[str, str, int | None], rules: LapseFacts) -> NewFact | None:
    group, title, by = said
    due = forms.field_value(item, field)
    rule = rules.rule(group, field.key, title)
    if rule is None or not isinstance(due, date):
        return None
    return NewFact(
        place_id=item.place_id,
        kind=rule.fact,
        level=rule.level,
        reason=rule.reason,
        params={"title": title, "field": field.label, "date": due.isoformat()},
        happened=clock.now(),
        since=lapses.runs_out(due, timezone.get_default_timezone()),
        source=(item.KIND.value, item.pk),
        by=by,
        words=rules.words,
    )


def _held(items: Sequence[Item]) -> list[Fact]:
    kind, ids = items[0].KIND.value, [item.pk for item in items]
    return list(Fact.objects.filter(source_kind=kind, source_id__in=ids, clearing=None).order_by("pk"))


def _same(fact: Fact, new: NewFact) -> bool:
    return (
        (fact.source_kind, fact.source_id) == new.source
        and (fact.place_id, fact.kind, fact.level) == (new.place_id, new.kind, int(new.level))
        and fact.since == new.since
        and (fact.reason, fact.params) == (new.reason, dict(new.params))
    )
