"""Enterprises and the rows of their files, to be read."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors
from anlan.apps.enterprises.models import Certificate, Chemical, Contractor, Equipment, Item, Licence
from anlan.apps.enterprises.selectors import Due
from anlan.apps.enterprises.selectors.files import below
from anlan.kit.api import Id, Listed, Slice, Strict, Words, cut
from anlan.kit.errors import NotInScope

router = Router(tags=[_("企业档案")])


class EnterpriseOut(Schema):
    """An enterprise. ``facts`` are the basic facts of its file; null where nobody has opened it."""

    place_id: int
    name: str
    code: str
    sector: str
    level: int
    facts: dict[str, Any] | None


class EnterpriseQuery(Slice):
    under: Id | None = Field(None, description="Only in this area, or counted by this zone.")
    sector: list[Words] = Field([], max_length=40, description="Only these sectors.")
    text: Words = Field("", max_length=60, description="In the name, or at the beginning of the code.")


@router.get("/enterprises", response=Listed[EnterpriseOut], summary=_("企业列表"))
def list_enterprises(request: HttpRequest, query: Query[EnterpriseQuery]) -> dict[str, Any]:
    """Enterprises in scope with their basic facts and the level that they show, by name."""
    viewer = core.request_viewer(request)
    found = selectors.enterprises(viewer)
    if query.under is not None:
        found = selectors.under(found, viewer, query.under)
    if query.sector:
        found = found.filter(sector__in=query.sector)
    if query.text:
        found = found.filter(name__icontains=query.text) | found.filter(code__startswith=query.text.upper())
    part = cut(found, query, "name", "pk")
    return part | {"items": [_told(place) for place in part["items"]]}


@router.get("/enterprises/{place_id}", response=EnterpriseOut, summary=_("查看企业"))
def get_enterprise(request: HttpRequest, place_id: Id) -> dict[str, Any]:
    """One enterprise, by the id of its place."""
    viewer = core.request_viewer(request)
    place = selectors.enterprises(viewer).filter(pk=core.place(viewer, place_id, "enterprise.view").pk).first()
    if place is None:
        raise NotInScope
    return _told(place)


def _told(place: Place) -> dict[str, Any]:
    facts, shown = selectors.facts_of(place), getattr(place, "shown", None)
    names = [field.name for field in facts._meta.fields if field.name != "place"] if facts else []
    told = {"place_id": place.pk, "name": place.name, "code": place.code, "sector": place.sector}
    level = shown.level if shown else 0
    return {**told, "level": level, "facts": {name: getattr(facts, name) for name in names} if facts else None}


class RowOut(Schema):
    """What all rows of a file have. ``values``: what else the pack asks for; ``ended``: no longer in force."""

    id: int
    place_id: int
    due: date | None
    ended: datetime | None
    values: dict[str, Any]


class LicenceOut(RowOut):
    """A licence of an enterprise."""

    subject: str
    name: str
    number: str
    issuer: str
    issued: date | None
    valid_until: date | None


class CertificateOut(RowOut):
    """A person's qualification."""

    holder: str
    category: str
    work_type: str
    number: str
    issued: date | None
    review_due: date | None
    valid_until: date | None


class ChemicalOut(RowOut):
    """A holding of a substance; quantities in tonnes."""

    name: str
    cas: str
    role: str
    hazardous: bool
    quantity: float | None
    design_maximum: float | None


class EquipmentOut(RowOut):
    """Special and other equipment."""

    category: str
    name: str
    code: str
    inspected: date | None
    inspection_due: date | None


class ContractorOut(RowOut):
    """Who works at an enterprise for hire."""

    name: str
    code: str
    work: str
    valid_until: date | None
    contract_until: date | None


class RowQuery(Slice):
    place_id: Id | None = Field(None, description="Only at this place and below.")
    ended: bool = Field(False, description="Also rows that are no longer in force.")


def _rows(request: HttpRequest, query: RowQuery, model: type[Item]) -> dict[str, Any]:
    viewer = core.request_viewer(request)
    at = core.place(viewer, query.place_id, "enterprise.view") if query.place_id is not None else None
    found = below(viewer, model, at)
    return cut(found if query.ended else found.filter(ended=None), query, "pk")


@router.get("/licences", response=Listed[LicenceOut], summary=_("证照"))
def list_licences(request: HttpRequest, query: Query[RowQuery]) -> dict[str, Any]:
    """Licences in scope."""
    return _rows(request, query, Licence)


@router.get("/certificates", response=Listed[CertificateOut], summary=_("人员资格"))
def list_certificates(request: HttpRequest, query: Query[RowQuery]) -> dict[str, Any]:
    """Qualifications of people in scope."""
    return _rows(request, query, Certificate)


@router.get("/chemicals", response=Listed[ChemicalOut], summary=_("危险化学品"))
def list_chemicals(request: HttpRequest, query: Query[RowQuery]) -> dict[str, Any]:
    """Holdings of substances in scope."""
    return _rows(request, query, Chemical)


@router.get("/equipment", response=Listed[EquipmentOut], summary=_("设备"))
def list_equipment(request: HttpRequest, query: Query[RowQuery]) -> dict[str, Any]:
    """Equipment in scope."""
    return _rows(request, query, Equipment)


@router.get("/contractors", response=Listed[ContractorOut], summary=_("承包商"))
def list_contractors(request: HttpRequest, query: Query[RowQuery]) -> dict[str, Any]:
    """Contractors in scope."""
    return _rows(request, query, Contractor)


class DueQuery(Strict):
    place_id: Id | None = Field(None, description="Only at this place and below.")


@router.get("/dues", response=Listed[Due], summary=_("到期提醒"))
def list_dues(request: HttpRequest, query: Query[DueQuery]) -> dict[str, Any]:
    """What has run out or soon will, the most urgent first."""
    viewer = core.request_viewer(request)
    at = core.place(viewer, query.place_id, "enterprise.view") if query.place_id is not None else None
    return {"items": selectors.dues(viewer, at)}
