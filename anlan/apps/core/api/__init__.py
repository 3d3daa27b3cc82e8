"""Places, people, grants, tokens, notices, sessions, files and the audit trail as JSON."""

from ninja import Router

from anlan.apps.core.api import people, places, records, sights, stores, tokens

router = Router()
for part in (places, people, sights, tokens, records, stores):
    router.add_router("", part.router)

__all__ = ["router"]
