"""Fixtures for every test: two counties with people, a viewer by name, a signed-in browser by name.

Database tests run on whatever ``ANLAN_DATABASE_URL`` names: SQLite by default, PostgreSQL under
``python -m tests.postgres``. A test of what only PostgreSQL has (several writers at once) is marked ``postgresql``;
it is left out on SQLite, as the line at the end of the run says, and runs in the group ``test-postgres``.
"""

import gc
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import translation

from anlan.apps.core import selectors
from anlan.apps.core.models import Person
from anlan.kit.grants import Viewer
from tests import migrated
from tests import world as worlds
from tests.postgres import own_database
from tests.product import Product

#: No test asserts a time, nor does hypothesis. ``make prove`` tries more examples; see ``tests.thorough``.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.register_profile("proof", deadline=None)
hypothesis.settings.load_profile("untimed")

ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [] if ON_POSTGRESQL else [item for item in items if item.get_closest_marker("postgresql")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """What was imported and collected stays: the collector of garbage need not look at it in every round."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    """Each test starts in the product's own language, whatever a request of the test before chose."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True, scope="session")
def _flush_passes_guards() -> Iterator[None]:
    """Let the test runner, and nobody else, empty append-only tables of SQLite between tests.

    PostgreSQL truncates, which row triggers let pass.
    """
    if ON_POSTGRESQL:
        yield
        return
    original = type(connection.ops).sql_flush

    def sql_flush(operations: object, *args: object, **kwargs: object) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        drops = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
        return [*drops, *original(operations, *args, **kwargs), *(sql for _, sql in triggers)]

    patch = pytest.MonkeyPatch()
    patch.setattr(type(connection.ops), "sql_flush", sql_flush)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    """Nothing kept in memory (wrong second factors, places of the map) is carried from one test to the next."""
    from django.core.cache import cache

    from anlan.web.atlas import look

    cache.clear()
    look.forget()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """On SQLite the database is there when it is asked for: a copy."""
    return not ON_POSTGRESQL


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    if not ON_POSTGRESQL:
        migrated.put(Path(settings.DATABASES["default"]["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The running product, one for all tests that look at it from outside."""
    with tempfile.TemporaryDirectory(prefix="anlan-product-") as folder, own_database() as url:
        product = Product.build(Path(folder), url)
        try:
            product.launch()
            yield product
        finally:
            product.stop()


@pytest.fixture
def world(db: None) -> worlds.World:
    """Two counties with people: 王安, 李巡, 赵值, 孙外 and others (see tests/world.py)."""
    return worlds.ready()


@pytest.fixture
def viewer(world: worlds.World) -> Callable[[str], Viewer]:
    """``viewer("王安")``: what that person may see and do."""
    return lambda name: selectors.viewer_of(world.people[name])


@pytest.fixture
def browser(world: worlds.World) -> Callable[[str], Client]:
    """``browser("王安")``: a signed-in test client; people whose role asks for it have a second factor."""
    return lambda name: sign_in(world.people[name])


def sign_in(person: Person) -> Client:
    """A client signed in as this person, past the second factor."""
    if selectors.viewer_of(person).second_factor:
        give_second_factor(person)
    client = Client()
    client.force_login(person)
    return client


def give_second_factor(person: Person) -> str:
    """Set up an authenticator for a person; returns its secret."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    if not apps.get_model("mfa", "Authenticator").objects.filter(user=person, type="totp").exists():
        TOTP.activate(person, secret)
    return secret
