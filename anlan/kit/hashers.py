"""How passwords are kept: Argon2id with the memory of the second OWASP recommendation, as several sign in at once."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 46 * 1024  # [KiB]
    parallelism = 1
