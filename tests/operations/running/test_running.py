"""The running product: figures move when readings come, every line of log is an object."""

import json
from pathlib import Path

import httpx

from tests.operations.prometheus import Figures
from tests.product import METRICS_TOKEN, Product


def figures(product: Product) -> Figures:
    answer = httpx.get(f"{product.base}/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"}, timeout=30)
    assert answer.status_code == 200, answer.text
    return Figures(answer.text)


def after_one_that_is_refused(product: Product) -> Figures:
    """Figures with all that was sent until now: the engine's report that counts the last one has all before it."""
    refused = "anlan_engine_readings_refused_total", ("reason", "unknown_tag")
    before = figures(product)[refused]
    assert product.post("NOBODY_KNOWS", 1.0)["accepted"] == 0
    product.wait_for(lambda: figures(product)[refused] == before + 1)
    return figures(product)


def test_the_counters_move_when_readings_come(product: Product) -> None:
    accepted = "anlan_engine_readings_accepted_total"
    before = after_one_that_is_refused(product)
    for value in (51.0, 52.0, 53.0):
        product.send("CALM_F", value)
    after = after_one_that_is_refused(product)
    assert after[accepted,] == before[accepted,] + 3
    answered = ("part", "intake"), ("status", "2xx")
    assert after["anlan_web_requests_total", *answered] == before["anlan_web_requests_total", *answered] + 4
    took = "anlan_web_request_seconds_count", ("part", "intake")
    assert after[took] == before[took] + 4
    assert after["anlan_engine_clock_seconds",] >= before["anlan_engine_clock_seconds",]


def test_an_alarm_is_counted_and_reaches_the_levels(product: Product) -> None:
    before = figures(product)["anlan_alarms", ("state", "unacknowledged")]
    product.send("COUNT_P", 97.0)
    product.wait_for(lambda: figures(product)["anlan_alarms", ("state", "unacknowledged")] > before)

    def caught_up() -> bool:
        found = figures(product)
        return (
            found["anlan_projector_fact_id",] == found["anlan_ledger_fact_id",]
            and not found["anlan_projector_pending",]
        )

    product.wait_for(caught_up)
    found = figures(product)
    assert (found["anlan_projector_leads",], found["anlan_up", ("part", "worker")]) == (1, 1)
    assert found["anlan_projector_lag_seconds",] < 30


def test_the_answer_says_which_process_gave_it(product: Product) -> None:
    started = {
        dict(labels)["process"] for name, labels in figures(product).values if name == "anlan_web_start_time_seconds"
    }
    assert started == {str(product.processes["web"].pid)}


def test_every_line_of_every_part_is_an_object(product: Product) -> None:
    for address in ("/nothing-here", "/accounts/login/", "/live", "/intake"):
        httpx.get(f"{product.base}{address}", timeout=30)
    product.wait_for(lambda: bool(said(product.data, "web")))
    assert [line["part"] for line in said(product.data, "web")] == ["web"] * len(said(product.data, "web"))
    assert said(product.data, "engine")[0]["message"].startswith("the engine runs")
    said(product.data, "worker")


def said(data: Path, part: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (data / f"{part}.out").read_text().splitlines()]
