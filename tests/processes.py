"""Other processes that work on the test's own database, so that they can be killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_START = """
import os
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = os.environ["ANLAN_TEST_DATABASE"]
django.setup()
"""


@contextmanager
def process(script: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process with Django set up on this test's database; whatever happens, it is gone afterwards.

    The test needs ``django_db(transaction=True)``, or the other process would not see what it wrote.
    """
    database = {
        "ANLAN_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-c", _START + script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | database) as started:
        try:
            yield started
        finally:
            started.kill()


def wait_for(started: subprocess.Popen[str], line: str) -> None:
    """Wait until the process prints this line."""
    assert started.stdout is not None
    for said in started.stdout:
        if said.strip() == line:
            return
    msg = f"the process ended without saying {line!r}"
    raise AssertionError(msg)
