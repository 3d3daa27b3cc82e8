"""The county's people with their grants of every shape, by the pack's list."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from anlan.apps.core.actions import Newcomer, NewGrant, NewPerson, add_people
from anlan.cli.demonstration.notes import Notes
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from anlan.packs.families import roles
from anlan.packs.families.county import County, StaffGrant


def add(county: County, ids: Mapping[str, int], words: Mapping[str, str], notes: Notes, begun: datetime) -> None:
    """Add everybody; ``ids`` and ``words`` are the ids and names of places by key."""
    known = roles.load(clock.day_of(begun)).roles
    people = _people(county)
    past = {name: rows for name, rows in people.items() if any((row.since_days or 0) < 0 for row in rows)}
    _add(past, ids, notes, begun)
    _add({name: rows for name, rows in people.items() if name not in past}, ids, notes, begun)
    for username, rows in people.items():
        held = [f"{words[row.place]}{known[row.role].name}" for row in rows if row.role and row.place]
        notes.people[username] = [rows[0].name, "、".join(held) or "没有任何权限的外人", rows[0].group]


def places(county: County) -> set[str]:
    """Keys of the places at which somebody has a grant."""
    return {row.place for row in county.staff if row.place}


def _people(county: County) -> dict[str, list[StaffGrant]]:
    found: dict[str, list[StaffGrant]] = {}
    for row in county.staff:
        found.setdefault(row.username, []).append(row)
    return found


def _add(people: Mapping[str, list[StaffGrant]], ids: Mapping[str, int], notes: Notes, begun: datetime) -> None:
    """Grants that began before the demo are given then, as nobody may give one for the past."""
    first = min((row.since_days or 0 for rows in people.values() for row in rows), default=0)
    specs = list(_newcomers(people, ids, notes.password, begun))
    if first < 0:
        with clock.simulated(begun + timedelta(days=first)):
            add_people(SYSTEM, specs)
    else:
        add_people(SYSTEM, specs)


def _newcomers(
    people: Mapping[str, list[StaffGrant]], ids: Mapping[str, int], password: str, begun: datetime
) -> Iterator[Newcomer]:
    for number, (username, rows) in enumerate(people.items()):
        grants = tuple(
            NewGrant(
                row.role,
                ids[row.place],
                row.sectors,
                _days_on(begun, row.since_days) if (row.since_days or 0) > 0 else None,
                _days_on(begun, row.until_days),
            )
            for row in rows
            if row.role and row.place
        )
        yield Newcomer(NewPerson(username, rows[0].name, password, f"内线 {8001 + number}"), grants)


def _days_on(begun: datetime, days: int | None) -> datetime | None:
    return None if days is None else begun + timedelta(days=days)
