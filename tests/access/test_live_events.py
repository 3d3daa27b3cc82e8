"""The live stream gives each person the events of their own scope, whatever they ask for.

How the stream speaks HTTP is proved on the real server in tests/live; here every role looks at the same events.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anlan.apps.core import actions
from anlan.apps.core.models import Outbox
from anlan.web.live import client as live
from anlan.web.live import hub
from tests.access.data import VIEW, Truth, above, fill
from tests.conftest import sign_in
from tests.world import PEOPLE, World

TOPICS = {"level": "place", "alarm": "alarm", "fact": "fact", "file": "firm", "park": "park"}


@pytest.fixture
def truth(world: World, settings: Any, tmp_path: Path) -> Truth:
    settings.MEDIA_ROOT = tmp_path
    truth = fill(world)
    for key, place in world.places.items():
        for topic in (*TOPICS, "places", "tags", "sources", "anything"):
            actions.emit(topic, place.pk, {"mark": f"事件{topic}{key}"})
    return truth


def test_everybody_gets_the_events_of_their_scope_and_no_others(truth: Truth) -> None:
    rows = list(Outbox.objects.select_related("place"))
    for name, *_ in PEOPLE:
        _expect_own_events_only(truth, rows, name)


def _expect_own_events_only(truth: Truth, rows: list[Outbox], name: str) -> None:
    client = sign_in(truth.world.people[name])
    every_tag = np.array([thing.id for thing in truth.of("tag")], np.uint32)
    identity = hub._identify(str(client.session.session_key), every_tag)
    assert identity is not None, name
    assert identity.tags.tolist() == [thing.id for thing in truth.seen(name, "tag")], name

    stream = live.Client(str(client.session.session_key), identity.viewer, identity.tags)
    keys = {place.pk: key for key, place in truth.world.places.items()}
    for row in rows:
        if row.topic == "notice":
            expected = row.payload["person"] == truth.world.people[name].pk
        else:
            kind = TOPICS.get(row.topic)
            expected = bool(kind and row.place_id) and truth.holds(name, VIEW[str(kind)], keys[row.place_id or 0])
        assert stream.may_see(hub._event(row)) == expected, (name, row.topic, row.payload)


def test_a_session_that_nobody_holds_gets_no_stream(db: None) -> None:
    assert hub._identify("no-such-session", np.array([], np.uint32)) is None


def test_the_oracle_knows_the_tree(world: World) -> None:
    assert [*above("valve")] == ["valve", "reactor", "plant", "park", "qinghe", "ninghai"]
