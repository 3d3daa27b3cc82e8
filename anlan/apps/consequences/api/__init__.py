"""Accident scenarios for programs: those that are written down, what they and others that are only tried would do, what
comes to a point or along a line, and what a scenario may begin with."""

from django.utils.translation import gettext_noop as _
from ninja import Router

from anlan.apps.consequences.api import picks, points, results, scenarios

router = Router(tags=[_("事故后果")])
#: Those whose addresses say a word where ``scenarios`` takes an id come first.
for part in (picks, results, points, scenarios):
    router.add_router("", part.router)
