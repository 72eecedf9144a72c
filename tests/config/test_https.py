"""The certificate that is made on the spot, and the way shown to who comes without it."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509

from config import https
from config.gunicorn_https import _context, redirection
from config.https import certificate_for, is_loopback, main_address, own_names

NAMES = ["127.0.0.1", "laptop.local", "localhost"]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("192.168.1.5", False),
        ("laptop.local", False),
    ],
)
def test_only_this_machine_reaches_a_loopback(host: str, expected: bool):
    assert is_loopback(host) is expected


def test_this_machine_is_called_by_its_addresses_and_its_name():
    names = own_names("0.0.0.0")
    assert {"localhost", "127.0.0.1", socket.gethostname().lower(), main_address()} <= set(names)
    assert "0.0.0.0" not in names
    assert "10.1.2.3" in own_names("10.1.2.3")


def test_a_key_is_its_owners_alone(tmp_path: Path):
    made = certificate_for(NAMES, tmp_path / "https")
    assert made.key.stat().st_mode & 0o777 == 0o600
    assert made.key.parent.stat().st_mode & 0o777 == 0o700


def test_a_certificate_is_kept_while_it_fits(tmp_path: Path):
    first = certificate_for(NAMES, tmp_path).chain.read_bytes()
    assert certificate_for(NAMES[::-1], tmp_path).chain.read_bytes() == first
    other = certificate_for([*NAMES, "10.1.2.3"], tmp_path).chain.read_bytes()
    assert other != first, "the machine moved to another network"


def test_a_certificate_that_is_about_to_end_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(https, "LIFETIME", datetime.timedelta(days=6))
    ending = certificate_for(NAMES, tmp_path).chain.read_bytes()
    monkeypatch.undo()
    chain = certificate_for(NAMES, tmp_path).chain.read_bytes()
    assert chain != ending
    fresh = x509.load_pem_x509_certificates(chain)[0]
    left = fresh.not_valid_after_utc - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(days=80) < left < datetime.timedelta(days=100)


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        (
            b"GET /c/words/record/?a=b HTTP/1.1\r\nHost: 10.1.2.3:8000\r\nAccept: */*\r\n\r\n",
            b"Location: https://10.1.2.3:8000/c/words/record/?a=b\r\n",
        ),
        (b"GET / HTTP/1.1\r\nA: b\r\nhost:[::1]:8\r\n\r\n", b"Location: https://[::1]:8/\r\n"),
        (b"GET / HTTP/1.0\r\n\r\n", b"400 Bad Request"),
        (b"POST /api/v1/clips HTTP/1.1\r\nHost: a\r\n\r\n", b"400 Bad Request"),
        (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", b"400 Bad Request"),
        (b"GET  HTTP/1.1\r\nHost: a\r\n\r\n", b"400 Bad Request"),
        (b"\x00\x01garbage", b"400 Bad Request"),
    ],
)
def test_plain_requests_are_shown_the_way_or_refused(head: bytes, answer: bytes):
    assert answer in redirection(head)


def test_the_redirection_is_made_before_any_tls(tmp_path: Path):
    made = certificate_for(NAMES, tmp_path)
    context = _context(str(made.chain), str(made.key))
    server, client = socket.socketpair()
    client.sendall(b"GET / HTTP/1.1\r\nHost: localhost:1\r\n\r\n")
    with pytest.raises(ConnectionResetError):
        context.wrap_socket(server, server_side=True)
    assert b"Location: https://localhost:1/" in client.recv(1000)


def test_the_authority_vouches_for_every_name(tmp_path: Path):
    made = certificate_for(NAMES, tmp_path)
    trust = ssl.create_default_context(cafile=str(made.authority))
    for name in NAMES:
        server, client = socket.socketpair()
        context = _context(str(made.chain), str(made.key))
        accepting = threading.Thread(
            target=lambda s=server, c=context: c.wrap_socket(s, server_side=True)
        )
        accepting.start()
        assert trust.wrap_socket(client, server_hostname=name).version() == "TLSv1.3"
        accepting.join()
