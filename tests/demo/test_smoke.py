"""``anlan demo --smoke``: the newcomer's first minute, from the command to an alarm in the duty officer's stream."""

import json
import os
import subprocess
import sys
from pathlib import Path


def test_the_demo_reaches_its_first_alarm_and_leaves_nothing_behind(tmp_path: Path) -> None:
    away = ("ANLAN_DATA", "ANLAN_DATABASE_URL", "ANLAN_PACKS", "DJANGO_SETTINGS_MODULE")
    environment = {key: value for key, value in os.environ.items() if key not in away}
    result = subprocess.run(
        [sys.executable, "-m", "anlan", "demo", "--smoke", "--port", "0"],
        env=environment | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout.splitlines()[-1])
    assert list(told) == [
        *("seconds_to_first_page", "seconds_to_first_alarm", "places", "tags", "readings", "alarms"),
    ]
    assert told["tags"] > 3_000 and told["places"] > 4_000
    assert told["alarms"] >= 1
    assert told["readings"] >= 159
    assert "意外停止" not in result.stderr
    assert not list(tmp_path.glob("anlan-demo-*"))
