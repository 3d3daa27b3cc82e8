"""What the bulk actions take: one frozen row each. Words are those of pack ``core/file_fields`` (``size="小型"``).

``values`` holds whatever else the group asks for, by the key of the field; ``source`` says where the data come from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from anlan.apps.enterprises.choices import ItemKind

Values = Mapping[str, object]


@dataclass(frozen=True)
class Draft:
    """Any row of a group of the file: ``values`` by the keys of the group's fields, as text or typed."""

    place_id: int
    group: str
    values: Values
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class _Spec:
    """What every row has: where it lies, what else its group asks for, where the data come from."""

    place_id: int
    values: Values = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class EnterpriseSpec(_Spec):
    """The basic facts of the enterprise at a place. ``capital`` [10 000 yuan]."""

    economic_type: str = ""
    industry: str = ""
    size: str = ""
    status: str = ""
    legal_representative: str = ""
    principal: str = ""
    principal_phone: str = ""
    safety_head: str = ""
    safety_head_phone: str = ""
    duty_phone: str = ""
    address: str = ""
    employees: int | None = None
    safety_staff: int | None = None
    founded: date | None = None
    capital: float | None = None
    standardisation: str = ""
    standardisation_until: date | None = None
    business: str = ""


@dataclass(frozen=True, kw_only=True)
class LicenceSpec(_Spec):
    """``subject``: 单位, 主要设备 or 压力容器."""

    name: str
    number: str
    issuer: str
    issued: date
    valid_until: date | None = None
    subject: str = "单位"
    coverage: str = ""


@dataclass(frozen=True, kw_only=True)
class CertificateSpec(_Spec):
    """A person's qualification. ``person_id`` where the holder can sign in."""

    holder: str
    category: str
    number: str
    work_type: str = ""
    issuer: str = ""
    issued: date | None = None
    review_due: date | None = None
    valid_until: date | None = None
    person_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ChemicalSpec(_Spec):
    """A substance held at a place; ``quantity``, ``design_maximum`` [t]; ``site``: 生产场所, 贮罐区, 库区, 其他."""

    name: str
    role: str
    cas: str = ""
    site: str = "其他"
    hazardous: bool = True
    hazard_category: str = ""
    state: str = ""
    quantity: float | None = None
    design_maximum: float | None = None


@dataclass(frozen=True, kw_only=True)
class EquipmentSpec(_Spec):
    """``category``: 主要设备, 压力容器, 贮罐, 压力管道, 特种设备; the rest of its group in ``values``."""

    category: str
    name: str
    code: str
    type: str = ""
    medium: str = ""
    state: str = "在用"
    inspected: date | None = None
    inspection_due: date | None = None


@dataclass(frozen=True, kw_only=True)
class ContractorSpec(_Spec):
    name: str
    work: str
    manager: str
    phone: str
    code: str = ""
    valid_until: date | None = None
    contract_until: date | None = None


@dataclass(frozen=True)
class RecordSpec:
    """A row of any group whose kind is ``record``."""

    place_id: int
    group: str
    values: Values
    source: str = ""


ItemSpec = LicenceSpec | CertificateSpec | ChemicalSpec | EquipmentSpec | ContractorSpec

KIND_OF: Mapping[type, ItemKind] = {
    LicenceSpec: ItemKind.LICENCE,
    CertificateSpec: ItemKind.CERTIFICATE,
    ChemicalSpec: ItemKind.CHEMICAL,
    EquipmentSpec: ItemKind.EQUIPMENT,
    ContractorSpec: ItemKind.CONTRACTOR,
}
_APART = ("place_id", "values", "source")


def given(spec: ItemSpec | EnterpriseSpec) -> dict[str, object]:
    """What a spec says, by the keys of fields; nothing for what it leaves out."""
    own = {each.name: getattr(spec, each.name) for each in fields(spec) if each.name not in _APART}
    return {key: value for key, value in {**own, **spec.values}.items() if value not in (None, "")}
