"""An installation of the first release, with everything in it, goes on under this one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.postgres import own_database

ROOT = Path(__file__).resolve().parents[2]
#: The first state of every app that a database may be in.
FIRST = {"core": "0001_initial", "ledger": "0001_initial", "monitoring": "0001_initial"}

FILL = """
import json, sys
from datetime import UTC, datetime
from anlan.cli import setup_django
setup_django()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
first = [tuple(pair) for pair in json.loads(sys.argv[1])]
executor = MigrationExecutor(connection)
executor.migrate(first)
executor = MigrationExecutor(connection)
models = executor.loader.project_state(first).apps.get_model
Place, Person, Grant = (models("core", name) for name in ("Place", "Person", "Grant"))
county = Place.objects.create(path="000001", kind="county", name="清河县")
plant = Place.objects.create(path="000001000002", kind="enterprise", name="恒泰化工厂", parent=county)
person = Person.objects.create(username="zhaozhi", name="赵值", password="!")
Grant.objects.create(person=person, role="duty_officer", place=county)
row = models("core", "AuditRow").objects.create(actor=person, action="place.add", place=plant)
models("core", "AuditSeal").objects.create(seq=1, row=row, previous="0" * 64, digest="1" * 64)
models("core", "Outbox").objects.create(topic="places", place=plant)
models("core", "Job").objects.create(kind="core.tidy")
Fact = models("ledger", "Fact")
fact = Fact.objects.create(
    place=plant, kind="assessment", level=3, reason="评估", happened=now, since=now, applies_to="self"
)
ended = Fact.objects.create(place=plant, kind="alarm", level=4, reason="报警", happened=now, since=now)
models("ledger", "FactClearing").objects.create(fact=ended, at=now)
models("ledger", "PlaceLevel").objects.create(place=plant, level=3, since=now, as_of=now)
models("ledger", "LevelChange").objects.create(place=plant, at=now, before=0, after=3, cause=fact)
source = models("monitoring", "Source").objects.create(
    code="gateway", name="网关", kind="http", place=county, key_digest="2" * 64
)
tag = models("monitoring", "Tag").objects.create(source=source, place=plant, code="P1", name="釜压", hh=95.0)
alarm = models("monitoring", "Alarm").objects.create(tag=tag, limit=0, level=4, raised=now, raise_event="0-1-0")
models("monitoring", "AlarmNote").objects.create(alarm=alarm, by=person, text="已知")
models("monitoring", "Applied").objects.create(shard=0, offset=1)
"""

COUNT = """
import json
from anlan.cli import setup_django
setup_django()
from django.apps import apps
found = [model for name in ("core", "ledger", "monitoring") for model in apps.get_app_config(name).get_models()]
counted = {model._meta.label: model.objects.count() for model in found}
print(json.dumps(counted))
"""

USE = (
    COUNT
    + """
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client
from anlan.apps.core.models import AuditRow, Person
from anlan.apps.ledger.models import Fact
settings.ALLOWED_HOSTS = ["testserver"]
settings.SESSION_COOKIE_SECURE = False
client = Client()
client.force_login(Person.objects.get(username="zhaozhi"))
said = {page: client.get(page).status_code for page in ("/", "/duty", "/places/2", "/health", "/api/alarms")}
said["names"] = [row["tag_name"] for row in client.get("/api/alarms").json()["items"]]
for name, rows, change in (("audit", AuditRow.objects, {"action": "x"}), ("facts", Fact.objects, {"level": 0})):
    try:
        with transaction.atomic():
            rows.update(**change)
        said[name] = "changed"
    except DatabaseError as error:
        said[name] = "append-only" if "append-only" in str(error) else repr(error)
print(json.dumps(said | {"counted": counted}))
"""
)


class Installation:
    """A data folder and a database, worked on by processes of their own."""

    def __init__(self, data: Path, database: str) -> None:
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(("ANLAN_", "DJANGO_"))}
        self.env |= {"ANLAN_DATA": str(data), "PYTHONPATH": str(ROOT)}
        self.env |= {"ANLAN_DATABASE_URL": database} if database else {}

    def python(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def manage(self, *arguments: str) -> str:
        return self.python("-m", "anlan", "manage", *arguments)

    def ask(self, script: str) -> dict[str, Any]:
        return dict(json.loads(self.python("-c", script).splitlines()[-1]))


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """As the first release left it, then started under this one."""
    with own_database() as url:
        installation = Installation(tmp_path_factory.mktemp("upgraded"), url)
        installation.python("-c", FILL, json.dumps(list(FIRST.items())))
        installation.python("-m", "anlan.cli.prepare")  # what ``anlan up`` does before it starts
        yield installation


def test_everything_is_still_there_and_works_after_the_upgrade(upgraded: Installation) -> None:
    said = upgraded.ask(USE)
    counted = said.pop("counted")
    assert {label: counted[label] for label in ("core.Place", "ledger.Fact")} == {"core.Place": 2, "ledger.Fact": 2}
    unfilled = {"core.ZoneMembership", "core.Session", "core.PersonKey", "core.Notice", "core.Lease", "core.Heartbeat"}
    empty = {label for label, number in counted.items() if not number and label.split(".")[0] in FIRST}
    assert empty <= unfilled | {"core.StoredFile", "core.ApiToken"}
    assert said.pop("names") == ["釜压"]
    assert {said.pop("audit"), said.pop("facts")} == {"append-only"}
    assert set(said.values()) == {200}, said


@pytest.mark.prove
def test_an_upgrade_that_is_run_again_changes_nothing(upgraded: Installation) -> None:
    before = upgraded.manage("showmigrations", "--plan"), upgraded.ask(COUNT)
    assert "[ ]" not in before[0]
    upgraded.python("-m", "anlan.cli.prepare")
    assert upgraded.ask(COUNT) == before[1]
    assert upgraded.manage("showmigrations", "--plan") == before[0]


def test_the_models_are_as_the_migrations_say(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
