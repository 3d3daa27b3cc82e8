"""A chemical plant with a file, and what its rows are made of."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from anlan.apps.enterprises.actions import (
    CertificateSpec,
    ChemicalSpec,
    EnterpriseSpec,
    LicenceSpec,
    register_enterprises,
)
from anlan.apps.enterprises.models import Enterprise
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from tests.ledger.conftest import hands, project
from tests.world import World

__all__ = ["hands", "project"]


def today() -> date:
    return clock.today()


def days(count: int) -> date:
    return today() + timedelta(days=count)


def licence(place_id: int, until: date | None, name: str = "安全生产许可证", number: str = "WH-001") -> LicenceSpec:
    return LicenceSpec(
        place_id=place_id, name=name, number=number, issuer="省应急管理厅", issued=date(2023, 1, 1), valid_until=until
    )


def certificate(place_id: int, until: date | None, holder: str = "张三") -> CertificateSpec:
    return CertificateSpec(
        place_id=place_id,
        holder=holder,
        category="特种作业操作证",
        number="T1",
        work_type="低压电工作业",
        valid_until=until,
    )


def ammonia(place_id: int, maximum: float = 12.0) -> ChemicalSpec:
    return ChemicalSpec(
        place_id=place_id,
        name="氨",
        cas="7664-41-7",
        role="原料",
        site="贮罐区",
        quantity=8.0,
        design_maximum=maximum,
    )


@pytest.fixture
def firm(world: World) -> Enterprise:
    """The file of the plant, opened."""
    spec = EnterpriseSpec(
        place_id=world.plant.pk,
        economic_type="173",
        industry="2614",
        size="小型",
        status="正常生产",
        principal="何总",
        principal_phone="0427-5550001",
        safety_head="王安",
        safety_head_phone="13800000001",
        address="柳湾化工园一号路",
        employees=86,
    )
    return register_enterprises(SYSTEM, [spec])[0]


Days = Callable[[int], date]
