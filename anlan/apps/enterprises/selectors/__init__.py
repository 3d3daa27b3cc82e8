"""The only reader of enterprise files: narrowed to what the viewer's grants reach with ``enterprise.view``.

``enterprises`` list and filters; ``files`` the file of one; ``dues`` what runs out; ``holders`` who keeps a substance,
near a point or in an area; ``chemicals`` identification of major hazards from the file.
"""

from anlan.apps.enterprises.selectors.chemicals import Assessment, HoldingLine, Unit, assess, assess_below
from anlan.apps.enterprises.selectors.dues import Due, due_counts, dues
from anlan.apps.enterprises.selectors.enterprises import (
    KINDS,
    Firm,
    Many,
    counted,
    enterprises,
    facts_of,
    firms_of,
    holding,
    in_industry,
    of_economic_type,
    under,
)
from anlan.apps.enterprises.selectors.exports import Export, export, export_name
from anlan.apps.enterprises.selectors.files import (
    Branch,
    Gap,
    GroupCount,
    attachments,
    basics_missing,
    changes,
    file_place,
    gaps,
    history,
    item,
    parts,
    rows,
    tree,
)
from anlan.apps.enterprises.selectors.holders import Holder, Near, holders, middle, substances

__all__ = [
    "KINDS",
    "Assessment",
    "Branch",
    "Due",
    "Export",
    "Firm",
    "Gap",
    "GroupCount",
    "Holder",
    "HoldingLine",
    "Many",
    "Near",
    "Unit",
    "assess",
    "assess_below",
    "attachments",
    "basics_missing",
    "changes",
    "counted",
    "due_counts",
    "dues",
    "enterprises",
    "export",
    "export_name",
    "facts_of",
    "file_place",
    "firms_of",
    "gaps",
    "history",
    "holders",
    "holding",
    "in_industry",
    "item",
    "middle",
    "of_economic_type",
    "parts",
    "rows",
    "substances",
    "tree",
    "under",
]
