"""Who asks when the API is held against its description: a system manager who may do everything in one county."""

from datetime import timedelta
from typing import Any

from anlan.apps.core import actions, selectors
from anlan.kit import clock
from tests.access.data import Truth
from tests.conftest import give_second_factor

ASKER = "冯管"


def token_for(truth: Truth, name: str, **details: Any) -> str:
    """A token that lets through all that somebody holds, and writing."""
    person = truth.world.people[name]
    give_second_factor(person)
    spec = {"name": "检查", "until": clock.now() + timedelta(days=1), "read_only": False, **details}
    return actions.add_token(selectors.viewer_of(person), actions.TokenSpec(**spec))[1]
