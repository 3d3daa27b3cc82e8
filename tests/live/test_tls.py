"""Over https the server speaks HTTP/2, where a browser may send its cookies in pieces."""

import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.live.conftest import Live, free_port

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl, which speaks HTTP/2")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    paths[1].write_bytes(private)
    return paths


@pytest.fixture(scope="module")
def address(_live: Live, environment: dict[str, str], certificate: tuple[Path, Path]) -> Iterator[str]:
    port = free_port()
    tls = ["--tls-cert", str(certificate[0]), "--tls-key", str(certificate[1])]
    command = [sys.executable, "-m", "anlan", "web", "--port", str(port), *tls]
    trusted = ssl.create_default_context(cafile=str(certificate[0]))
    with subprocess.Popen(command, env=environment) as process:
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            try:
                httpx.get(f"https://localhost:{port}/live", verify=trusted)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield f"https://localhost:{port}"
        process.terminate()


def curl(address: str, *options: str) -> str:
    """Status and protocol as ``curl``, which speaks HTTP/2, saw them."""
    said = "%{http_version} %{http_code}"
    command = ["curl", "-sk", "-m", "60", "--http2", "-o", "/dev/null", "-w", said, *options, address]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_cookies_in_pieces_are_put_together(live: Live, address: str) -> None:
    session = f"Cookie: sessionid={live.sessions['赵值']}"
    other = "Cookie: theme=dark"
    for pieces in (("-H", session, "-H", other), ("-H", other, "-H", session)):
        assert curl(f"{address}/api/duty", *pieces) == "2 200"


def test_a_post_over_http_2_arrives(address: str) -> None:
    assert curl(f"{address}/accounts/login/", "-d", "login=x&password=y") == "2 403", "refused for want of a token only"
