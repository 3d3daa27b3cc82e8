"""The files of a report, in the store of files."""

from django.core.files.storage import default_storage

from anlan.apps.reports.models import Report


def names(report: Report) -> list[str]:
    """What its files are called there."""
    return [str(one["name"]) for one in report.files.values()]


def drop(names: list[str]) -> None:
    """Delete files; those that are gone already do not matter."""
    for name in names:
        default_storage.delete(name)
