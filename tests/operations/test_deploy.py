"""The files of deploy/ say what the guide says they say."""

import configparser
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from anlan.cli import VERBS
from anlan.cli.supervise import STOP_S
from anlan.cli.up import ENDING
from anlan.web.live.stream import PING_S

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SITE = DEPLOY / "nginx/anlan.conf"
UNITS = sorted((DEPLOY / "systemd").iterdir())

Block = dict[str, list[str]]


def blocks(text: str) -> dict[str, Block]:
    """Directives of each block by its header ("server 443", "location /live"); fails where the syntax does."""
    found: dict[str, Block] = {}
    open_blocks: list[Block] = []
    for statement in statements(text):
        if statement == "}":
            open_blocks.pop()
        elif statement.endswith("{"):
            open_blocks.append({})
            header = statement[:-1].strip()
            found[f"{header} {len(found)}" if header in found else header] = open_blocks[-1]
        else:
            name, _, value = statement.partition(" ")
            open_blocks[-1].setdefault(name, []).append(value)
    assert not open_blocks, "a block is not closed"
    return found


def statements(text: str) -> Iterator[str]:
    bare = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    for part in re.findall(r"""(?:'[^']*'|"[^"]*"|[^;{}'"])*[;{}]""", bare):
        yield " ".join(part.removesuffix(";").split())


@pytest.fixture(scope="module")
def site() -> dict[str, Block]:
    return blocks(SITE.read_text())


def test_everything_goes_over_tls_and_http2(site: dict[str, Block]) -> None:
    plain, secure = (block for name, block in site.items() if name.startswith("server"))
    assert plain["return"] == ["301 https://$host$request_uri"]
    assert secure["listen"] == ["443 ssl http2", "[::]:443 ssl http2"]
    assert secure["ssl_protocols"] == ["TLSv1.2 TLSv1.3"]


def test_the_stream_is_passed_on_as_it_comes(site: dict[str, Block]) -> None:
    live = site["location = /live"]
    assert (live["proxy_buffering"], live["gzip"], live["proxy_read_timeout"]) == (["off"], ["off"], ["1h"])
    assert PING_S < 60


def test_the_product_hears_who_asks_and_how(site: dict[str, Block]) -> None:
    secure = next(block for block in site.values() if "ssl_certificate" in block)
    headers = dict(value.split(" ", 1) for value in secure["proxy_set_header"])
    assert headers == {
        "Connection": '""',
        "Host": "$http_host",
        "X-Real-IP": "$remote_addr",
        "X-Forwarded-Proto": "$scheme",
        "X-Request-ID": "$request_id",
    }
    assert secure["client_max_body_size"] == ["100m"]


def test_the_figures_are_not_shown_outside(site: dict[str, Block]) -> None:
    assert site["location = /metrics"] == {"return": ["404"]}


def test_nginx_takes_the_site_where_there_is_an_nginx(tmp_path: Path) -> None:
    """Elsewhere the tests above have read it."""
    nginx, openssl = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"), shutil.which("openssl")
    if not (nginx and openssl):
        return
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = f"req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout {key} -out {certificate}"
    subprocess.run([openssl, *make.split()], check=True, capture_output=True)
    text = re.sub(r"ssl_certificate_key \S+;", f"ssl_certificate_key {key};", SITE.read_text())
    text = re.sub(r"ssl_certificate \S+;", f"ssl_certificate {certificate};", text)
    text = re.sub(r"listen (\[::\]:)?\d+", r"listen unix:" + str(tmp_path / "a.sock"), text, count=0)
    text = unique_sockets(text)
    places = "".join(f"{kind}_temp_path {tmp_path}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {places}\n{text}\n}}")
    done = subprocess.run([nginx, "-t", "-c", str(whole)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def unique_sockets(text: str) -> str:
    """No port is touched: every ``listen`` gets a socket of its own."""
    numbers = iter(range(10))
    return re.sub(r"a\.sock", lambda _: f"{next(numbers)}.sock", text)


class Unit(configparser.RawConfigParser):
    """A unit file: INI whose names keep their case; where one stands twice, the last counts here."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, interpolation=None, delimiters=("=",))
        self.read(path)

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def test_the_unit_runs_the_whole_product_without_rights() -> None:
    service = Unit(DEPLOY / "systemd/anlan.service")["Service"]
    assert service["ExecStart"].split()[1] in VERBS
    assert service["ExecStart"].split()[1] == "up"
    assert service["User"] != "root"
    assert (service["ProtectSystem"], service["NoNewPrivileges"], service["CapabilityBoundingSet"]) == (
        "strict",
        "yes",
        "",
    )
    assert service["Restart"] == "always"
    assert int(service["LimitNOFILE"]) >= 65_536
    assert int(service["TimeoutStopSec"]) > STOP_S * len(ENDING)
    assert "MemoryDenyWriteExecute" not in service, "kernels are compiled into memory"


def test_every_unit_starts_something_that_exists() -> None:
    for path in UNITS:
        unit = Unit(path)
        if path.suffix == ".timer":
            assert path.with_suffix(".service") in UNITS
        else:
            assert re.search(rf"/opt/anlan/bin/anlan ({'|'.join(VERBS)}) ", unit["Service"]["ExecStart"]), path


def test_settings_in_the_units_are_documented() -> None:
    documented = (DEPLOY.parent / "docs/settings.md").read_text()
    used = {name for path in UNITS for name in re.findall(r"ANLAN_[A-Z_]+", path.read_text())}
    assert {name for name in used if f"`{name}`" not in documented} == set()
