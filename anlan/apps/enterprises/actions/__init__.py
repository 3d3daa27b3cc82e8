"""The only writer of enterprise files.

Every action takes the viewer and a list; each row is checked before the first is written, then they are written in
slices of one short transaction each, with the audit row, the revision, the live event and the facts of what has lapsed
or will lapse. Words are those of the pack ``core/file_fields``::

    register_enterprises(viewer, [EnterpriseSpec(place_id=7, economic_type="173", industry="2614", size="小型",
                                                 status="正常生产", principal="…", principal_phone="0427-…", …)])
    add_licences(viewer, [LicenceSpec(place_id=7, name="安全生产许可证", number="…", issuer="…",
                                      issued=date(2024, 3, 1), valid_until=date(2027, 2, 28))])
    add_chemicals(viewer, [ChemicalSpec(place_id=9, name="氨", cas="7664-41-7", role="原料", site="贮罐区",
                                        quantity=8.2, design_maximum=12.0)])
    add_records(viewer, [RecordSpec(place_id=7, group="plans", values={"name": "…", "type": "综合应急预案", …})])

A row that is refused names its number (``第 3 行：…``) and nothing at all is written.
"""

from anlan.apps.enterprises.actions.enterprises import edit_enterprise, register_enterprises
from anlan.apps.enterprises.actions.exports import ask_for_export
from anlan.apps.enterprises.actions.items import (
    add_certificates,
    add_chemicals,
    add_contractors,
    add_equipment,
    add_items,
    add_licences,
    add_records,
)
from anlan.apps.enterprises.actions.rows import attach_file, edit_item, end_item, restore_item
from anlan.apps.enterprises.specs import (
    CertificateSpec,
    ChemicalSpec,
    ContractorSpec,
    Draft,
    EnterpriseSpec,
    EquipmentSpec,
    LicenceSpec,
    RecordSpec,
)

__all__ = [
    "CertificateSpec",
    "ChemicalSpec",
    "ContractorSpec",
    "Draft",
    "EnterpriseSpec",
    "EquipmentSpec",
    "LicenceSpec",
    "RecordSpec",
    "add_certificates",
    "add_chemicals",
    "add_contractors",
    "add_equipment",
    "add_items",
    "add_licences",
    "add_records",
    "ask_for_export",
    "attach_file",
    "edit_enterprise",
    "edit_item",
    "end_item",
    "register_enterprises",
    "restore_item",
]
