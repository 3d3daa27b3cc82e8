"""The product's settings over a throw-away data folder, with a password hash that does not take its time."""

import os
import tempfile

os.environ.setdefault("ANLAN_DATA", tempfile.mkdtemp(prefix="anlan-tests-"))

from anlan.config.settings import *  # noqa: F403
from anlan.kernels._cache import share

share(DATA)  # noqa: F405

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "anlan.kit.hashers.Argon2"]
DATABASES["default"]["TEST"] = {}  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("sqlite"):  # noqa: F405
    # A file, as in the product, so that other processes and threads can open it; see ``tests.processes``.
    DATABASES["default"]["TEST"]["NAME"] = str(DATA / "tests.sqlite3")  # noqa: F405
# A file for each test process: they empty it before each test.
CACHES = {"default": {**CACHES["default"], "LOCATION": str(DATA / f"shared-{os.getpid()}.sqlite3")}}  # noqa: F405
