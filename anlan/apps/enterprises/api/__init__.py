"""Enterprises, their files and what runs out, as JSON."""

from ninja import Router

from anlan.apps.enterprises.api import enterprises, exports, files

router = Router()
for part in (enterprises, files, exports):
    router.add_router("", part.router)

__all__ = ["router"]
