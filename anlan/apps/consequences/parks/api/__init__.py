"""Quantitative risk studies for programs: which there are, what each is made of, and how that is changed; what was
computed, what would be elsewhere, who brings down whom, who would have to move."""

from django.utils.translation import gettext_noop as _
from ninja import Router

from anlan.apps.consequences.parks.api import installations, results, studies

router = Router(tags=[_("定量风险评价")])
for part in (studies, installations, results):
    router.add_router("", part.router)
