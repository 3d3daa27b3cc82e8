"""The product's settings over a throw-away data folder, with a password hash that does not take its time."""

import os
import tempfile

os.environ.setdefault("ANLAN_DATA", tempfile.mkdtemp(prefix="anlan-tests-"))

from anlan.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "anlan.kit.hashers.Argon2"]
