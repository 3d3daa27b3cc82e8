"""One component for every list page: a view declares columns and filters and hands over its rows.

``spec.py`` holds what a view declares, ``filters.py`` how rows are narrowed, ``shown.py`` turns a request into what
the page shows, ``export.py`` into a file. The template is ``{% listing list %}``; ``docs/howto/list.md`` shows its use.
"""

from anlan.kit.listing.answering import answer
from anlan.kit.listing.filters import Choice, Dates, Filter, Option, Text, levels
from anlan.kit.listing.shown import Shown, show
from anlan.kit.listing.spec import Column, Empty, Listing, Rows

__all__ = [
    "Choice",
    "Column",
    "Dates",
    "Empty",
    "Filter",
    "Listing",
    "Option",
    "Rows",
    "Shown",
    "Text",
    "answer",
    "levels",
    "show",
]
