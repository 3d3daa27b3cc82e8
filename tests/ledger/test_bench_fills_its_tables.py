"""The benchmark of the ledger lays its own rows: they must be whole whatever columns the tables have got since."""

import pytest

from anlan.apps.core.models import Place
from anlan.apps.ledger.models import Fact, PlaceLevel
from anlan.cli.benches import ledger_parts


@pytest.mark.django_db
def test_the_tables_of_the_benchmark_are_filled_as_a_product_would() -> None:
    points = ledger_parts._fill(300)
    assert Place.objects.count() == PlaceLevel.objects.count() and points
    assert Fact.objects.count() == len(points) == Place.objects.filter(kind="risk_point").count()
    assert (Place.objects.earliest("pk").asset, Fact.objects.earliest("pk").params) == ("", {})
