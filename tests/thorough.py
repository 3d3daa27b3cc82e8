"""How many examples hypothesis tries: some in every run, many more where a promise is proved."""

from hypothesis import settings


def examples(everyday: int, proof: int) -> settings:
    """Settings of a test; ``make prove`` runs every hypothesis test under the profile ``proof``."""
    return settings(max_examples=proof if settings.get_current_profile_name() == "proof" else everyday, deadline=None)
