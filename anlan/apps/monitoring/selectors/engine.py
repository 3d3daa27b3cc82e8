"""What the machine asks: which tags there are, and whose key this is."""

import hashlib

from django.db.models import Count, Max, Q, Sum

from anlan.apps.monitoring.models import Source, Tag
from anlan.engine.tables import TagRule, TagTable

_ENABLED = Q(enabled=True, source__enabled=True)


def tag_table_version() -> str:
    """Changes whenever a tag or a source does. Revisions only grow: their sum misses no edit, whatever the clocks."""
    tags = Tag.objects.aggregate(n=Count("pk"), edits=Sum("revision"), last=Max("pk"))
    sources = Source.objects.aggregate(n=Count("pk"), edits=Sum("revision"))
    return f"{tags['n']}-{tags['edits'] or 0}-{tags['last'] or 0}-{sources['n']}-{sources['edits'] or 0}"


def tag_table() -> TagTable:
    """All enabled tags of enabled sources with their rules, as the engine takes them."""
    version = tag_table_version()  # asked first: what changes meanwhile is taken up at the next look
    names = ("pk", "source_id", "code", "hh", "h", "l", "ll", "deadband", "on_delay_s", "off_delay_s", "missing_s")
    rows = Tag.objects.filter(_ENABLED).order_by("pk").values_list(*names)
    sources = dict(Source.objects.filter(enabled=True).values_list("code", "pk"))
    return TagTable.build(version, (TagRule(*row) for row in rows), sources)


def source_by_key(key: str) -> tuple[int, bool] | None:
    """Whose key this is, and whether that source is in use; None for a key that nobody has."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    return Source.objects.filter(key_digest=digest).values_list("pk", "enabled").first()
