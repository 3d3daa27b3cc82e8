"""Pages through the real server: posts, uploads, chunked and broken-off bodies, static files, headers, stopping."""

import re
import socket
import subprocess
import sys

import httpx
import pytest

from tests.live.conftest import WITHIN_S, Live, Server
from tests.world import PASSWORD


@pytest.fixture
def visitor(live: Live) -> httpx.Client:
    client = httpx.Client(base_url=live.server.base, timeout=WITHIN_S, headers={"accept-language": "zh-CN"})
    live.server.clients.append(client)
    return client


def token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return found[1]


def signed_in(live: Live, visitor: httpx.Client, name: str) -> dict[str, str]:
    """Headers for a post as this person; the visitor holds the session."""
    visitor.get("/accounts/login/")
    visitor.cookies.set("sessionid", live.sessions[name])
    return {"x-csrftoken": visitor.cookies["csrftoken"], "referer": live.server.base}


def raw(server: Server, request: bytes) -> bytes:
    """What the server answers to bytes as they are."""
    with socket.create_connection(("127.0.0.1", server.port), WITHIN_S) as line:
        line.sendall(request)
        answer = b""
        while part := line.recv(65_536):
            answer += part
        return answer


def test_a_form_posted_through_the_server_signs_in(visitor: httpx.Client) -> None:
    page = visitor.get("/accounts/login/")
    form = {"csrfmiddlewaretoken": token(page.text), "login": "qianling", "password": PASSWORD}
    answer = visitor.post("/accounts/login/", data=form)
    assert (answer.status_code, "sessionid" in answer.cookies) == (302, True)


def test_json_posted_through_the_server_arrives_whole(live: Live, visitor: httpx.Client) -> None:
    head = signed_in(live, visitor, "冯管")
    body = {"place_id": live.places["plant"], "code": "gateway-2", "name": "二号网关" * 20}
    answer = visitor.post("/api/sources", json=body, headers=head)
    assert answer.status_code == 201, answer.text
    assert len(answer.json()["key"]) > 30


def test_an_upload_arrives_whole(live: Live, visitor: httpx.Client) -> None:
    head = signed_in(live, visitor, "王安")
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8_000
    upload = {"upload": ("装置.png", picture, "image/png")}
    answer = visitor.post(f"/api/places/{live.places['plant']}/files", files=upload, headers=head)
    assert answer.status_code in (201, 422), answer.text
    if answer.status_code == 201:
        assert answer.json()["size"] == len(picture)


def test_a_chunked_body_is_refused_with_411(live: Live) -> None:
    head = b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = raw(live.server, head + b"5\r\nlogin\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 411")
    assert '"code":"request.no_length"' in answer.decode()


def test_a_body_too_large_is_refused_before_it_is_sent(live: Live) -> None:
    head = b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000000\r\n\r\n"
    assert raw(live.server, head).startswith(b"HTTP/1.1 413")


def test_a_form_broken_off_half_way_signs_nobody_in_and_harms_nothing(live: Live, visitor: httpx.Client) -> None:
    page = visitor.get("/accounts/login/")
    cookie = visitor.cookies["csrftoken"]
    body = f"csrfmiddlewaretoken={token(page.text)}&login=qianling&password={PASSWORD}".encode()
    head = (
        f"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken={cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body) + 10}\r\n\r\n"
    ).encode()
    for _ in range(12):  # more often than there are threads: none of them may hang
        with socket.create_connection(("127.0.0.1", live.server.port), WITHIN_S) as line:
            line.sendall(head + body)
    assert visitor.get("/accounts/login/").status_code == 200


def test_pages_carry_the_headers_that_protect_them(visitor: httpx.Client) -> None:
    head = visitor.get("/accounts/login/").headers
    assert head["x-content-type-options"] == "nosniff"
    assert head["x-frame-options"] == "DENY"
    assert "default-src" in head["content-security-policy"]
    assert head["referrer-policy"] == "same-origin"


def test_assets_are_served_to_be_kept(visitor: httpx.Client) -> None:
    page = visitor.get("/accounts/login/").text
    for address in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page)):
        answer = visitor.get(address)
        assert answer.status_code == 200, address


def test_an_unknown_page_says_so(visitor: httpx.Client) -> None:
    assert visitor.get("/no-such-page").status_code == 404


def test_a_reading_sent_while_the_engine_is_away_is_to_be_sent_again(live: Live, visitor: httpx.Client) -> None:
    head = signed_in(live, visitor, "冯管")
    body = {"place_id": live.places["plant"], "code": "gateway-3", "name": "三号网关"}
    key = visitor.post("/api/sources", json=body, headers=head).json()["key"]
    bearer = {"authorization": f"Bearer {key}"}
    answer = visitor.post("/intake", json={"tag": "T1", "ts": 1, "value": 1}, headers=bearer)
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
    assert visitor.post("/intake", json={}, headers={"authorization": "Bearer x"}).status_code == 401


def test_a_taken_port_is_said_in_words(live: Live, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "anlan", "web", "--port", str(live.server.port)]
    second = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert second.returncode == 1
    assert "--port" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_certificate_without_its_key_is_refused(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "anlan", "web", "--tls-cert", "pyproject.toml"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "--tls-key" in done.stderr) == (1, True)


def test_the_server_stops_when_it_is_told_though_streams_are_open(live: Live) -> None:
    stream = live.stream("赵值")
    assert live.server.stop() == 0
    assert stream.expect_end()[-1].name == "bye"
    live.server.start()
