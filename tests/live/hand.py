"""A process of its own with its own database, which the tests move by lines of JSON on its standard input.

The server under test is a third process on the same database, as in real life.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

import numpy as np  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from anlan.apps.core import actions as core  # noqa: E402
from anlan.apps.core import selectors  # noqa: E402
from anlan.apps.core.models import ApiToken, Grant, Person, Session  # noqa: E402
from anlan.apps.monitoring import actions as monitoring  # noqa: E402
from anlan.apps.monitoring.actions import TagSpec  # noqa: E402
from anlan.engine.values import ValueWriter  # noqa: E402
from anlan.kit import clock  # noqa: E402
from anlan.kit.grants import SYSTEM  # noqa: E402
from tests import migrated  # noqa: E402
from tests import world as worlds  # noqa: E402
from tests.conftest import give_second_factor  # noqa: E402

TAGS = (("plant", "reactor"), ("haulier", "depot"), ("mill", "furnace"))


def build() -> dict[str, Any]:
    """The two counties, a tag at each of three plants, a signed-in session for everybody."""
    _migrate()
    world = worlds.build()
    tags = {}
    for plant, place in TAGS:
        source, _ = monitoring.add_source(SYSTEM, world.places[plant].pk, plant, plant)
        tags[place] = monitoring.add_tag(SYSTEM, source.pk, TagSpec(world.places[place].pk, "T1", place)).pk
    ValueWriter(settings.DATA / "values.bin").grow(max(tags.values()) + 1)
    return {
        "places": {key: place.pk for key, place in world.places.items()},
        "people": {name: person.pk for name, person in world.people.items()},
        "tags": tags,
        "sessions": {name: sign_in(name) for name in world.people},
    }


def _migrate() -> None:
    if connection.vendor == "sqlite":
        connection.close()
        migrated.put(Path(settings.DATABASES["default"]["NAME"]))
    else:
        call_command("migrate", verbosity=0)


def sign_in(name: str, factor: bool = True) -> str:
    """A new session of a person; returns its key."""
    person = Person.objects.get(name=name)
    if factor and selectors.viewer_of(person).second_factor:
        give_second_factor(person)
    client = Client()
    client.force_login(person)
    return str(client.cookies["sessionid"].value)


def sign_out(session_key: str) -> None:
    Session.objects.filter(pk=session_key).delete()


def emit(topic: str, place: int | None, payload: dict[str, Any]) -> int:
    return core.emit(topic, place, payload)


def emit_many(topic: str, place: int, count: int, size: int) -> int:
    """Many large events; returns the last id."""
    core.emit_many(topic, ((place, {"n": number, "text": "长" * size}) for number in range(count)))
    return core.emit(topic, place, {"last": True})


def add_token(name: str, place: int | None = None) -> str:
    """A token for reading, of a person, perhaps for one place only; returns it."""
    viewer = selectors.viewer_of(Person.objects.get(name=name))
    spec = core.TokenSpec("程序", clock.now() + timedelta(hours=1), place_id=place)
    return core.add_token(viewer, spec)[1]


def revoke_tokens(name: str) -> None:
    ApiToken.objects.filter(person__name=name).update(revoked=clock.now())


def forget_factor(name: str) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.filter(user__name=name).delete()


def withdraw(name: str) -> None:
    """Take all grants away, as a system manager does."""
    for grant in Grant.objects.filter(person__name=name):
        core.withdraw_grant(SYSTEM, grant.pk)


def move(place: int, under: int) -> None:
    core.move_place(SYSTEM, place, under)


def put(tag: int, value: float, ts: int, good: int = 1) -> None:
    """A reading, as the engine leaves it for the web process."""
    writer = ValueWriter(settings.DATA / "values.bin")
    one = np.array([tag], np.uint32)
    writer.put(one, np.array([ts]), np.array([value]), np.array([good], np.uint8), ts)
    writer.flush()


_OFFERED = (build, sign_in, sign_out, emit, emit_many, add_token, revoke_tokens, forget_factor, withdraw, move, put)
CALLS: dict[str, Callable[..., Any]] = {call.__name__: call for call in _OFFERED}


def main() -> None:
    for line in sys.stdin:
        name, args = json.loads(line)
        sys.stdout.write(json.dumps(CALLS[name](*args)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
