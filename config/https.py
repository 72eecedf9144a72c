"""HTTPS for a room: a certificate made on the spot, for the phones of a class or a workshop.

Browsers give their microphone to secure pages only, and a laptop in a room has no name that an
authority would certify. So it certifies itself; phones warn of that once.
"""

from __future__ import annotations

import datetime
import ipaddress
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography import x509

LIFETIME = datetime.timedelta(days=90)
LEAST_LEFT = datetime.timedelta(days=7)
# An address for documentation (RFC 5737): nothing is sent to it, it only makes the machine choose.
SOMEWHERE = ("192.0.2.1", 9)
SIOCGIFADDR = 0x8915


@dataclass(frozen=True)
class Certificate:
    """The files of a certificate: its chain, its key, and the authority to trust it by."""

    chain: Path
    key: Path
    authority: Path


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def main_address() -> str:
    """The address by which others in the network reach this machine, as far as it can tell."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(SOMEWHERE)
        return str(probe.getsockname()[0])
    # No way out, as in a room without Internet: the first network that there is.
    return next((a for a in _interface_addresses() if not is_loopback(a)), "127.0.0.1")


def _interface_addresses() -> Iterator[str]:
    if sys.platform != "linux":
        return
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            with suppress(OSError):  # an interface without an address
                request = name.encode()[:15].ljust(256, b"\0")
                yield socket.inet_ntoa(fcntl.ioctl(probe.fileno(), SIOCGIFADDR, request)[20:24])


def own_names(host: str) -> list[str]:
    """Every name and address that this machine may be called by when it listens on ``host``."""
    hostname = socket.gethostname().lower()
    names = {"localhost", "127.0.0.1", hostname, f"{hostname}.local", main_address()}
    names.update(_interface_addresses())
    with suppress(OSError):  # a hostname that nobody can resolve
        names.update(socket.gethostbyname_ex(hostname)[2])
    if host != "0.0.0.0":  # noqa: S104 - only compared
        names.add(host)
    return sorted(names)


def certificate_for(names: list[str], folder: Path) -> Certificate:
    """The folder's certificate, made anew when its names are others or it is about to end."""
    made = Certificate(folder / "chain.pem", folder / "key.pem", folder / "authority.pem")
    if not (made.key.exists() and _is_good(made.chain, names)):
        _make(made, names)
    return made


def _is_good(chain: Path, names: list[str]) -> bool:
    if not chain.exists():
        return False
    leaf = x509.load_pem_x509_certificates(chain.read_bytes())[0]
    left = leaf.not_valid_after_utc - datetime.datetime.now(datetime.UTC)
    return left > LEAST_LEFT and _names_of(leaf) == set(names)


def _names_of(leaf: x509.Certificate) -> set[str]:
    found = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = found.get_values_for_type(x509.IPAddress)
    return {*found.get_values_for_type(x509.DNSName), *map(str, addresses)}


def _make(made: Certificate, names: list[str]) -> None:
    made.key.parent.mkdir(parents=True, exist_ok=True)
    made.key.parent.chmod(0o700)
    # The authority's own key is kept nowhere: whoever trusts it trusts this one certificate.
    authority = trustme.CA(organization_name="Choir on this machine")
    end = datetime.datetime.now(datetime.UTC) + LIFETIME
    leaf = authority.issue_cert(*names, organization_name="Choir", not_after=end)
    authority.cert_pem.write_to_path(str(made.authority))
    _write_private(made.key, leaf.private_key_pem.bytes())
    # Last, as it is what a later start looks at.
    made.chain.write_bytes(b"".join(pem.bytes() for pem in leaf.cert_chain_pems))


def _write_private(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)  # an old file would keep its mode
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
