"""A certificate authority of the sandbox's own, and a certificate from it for this machine.

Made anew at every start, and trusted by nobody who was not given `ca.pem`. The key of the authority is
never kept: nothing else can be signed with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography import x509

HOSTS = ("localhost", "127.0.0.1", "::1")
_LIVES = timedelta(days=30)
_BEFORE = timedelta(days=1)  # for clocks that are behind


@dataclass(frozen=True, slots=True)
class Tls:
    """Where the certificate to trust is, and what the server shows."""

    ca: Path
    chain: Path


@contextmanager
def certified(folder: Path | None, now: datetime, hosts: Sequence[str] = HOSTS) -> Iterator[Tls]:
    """Certificates for these hosts, in a folder that stays, or in one that goes with the block."""
    if folder is not None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield make_certificates(folder, now, hosts)
        return
    with TemporaryDirectory(prefix="crmsync-tls-") as passing:
        yield make_certificates(Path(passing), now, hosts)


def make_certificates(folder: Path, now: datetime, hosts: Sequence[str] = HOSTS) -> Tls:
    """Writes `ca.pem` and `server.pem` (mode 0600: it holds a private key) to a folder."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _signed(_Wanted("crmsync sandbox CA", root.public_key(), now), root, None)
    wanted = _Wanted("crmsync sandbox", own.public_key(), now, tuple(hosts))
    certificate = _signed(wanted, root, authority)
    pem = serialization.Encoding.PEM
    key = own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    tls = Tls(folder / "ca.pem", folder / "server.pem")
    tls.ca.write_bytes(authority.public_bytes(pem))
    tls.chain.touch(mode=0o600)
    tls.chain.chmod(0o600)
    tls.chain.write_bytes(key + certificate.public_bytes(pem))
    return tls


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A certificate to be: for hosts, or for an authority where there are none."""

    name: str
    public: Any
    now: datetime
    hosts: tuple[str, ...] = ()


def _signed(wanted: _Wanted, root: Any, authority: x509.Certificate | None) -> x509.Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, wanted.name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(authority.subject if authority else name)
        .public_key(wanted.public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(wanted.now - _BEFORE)
        .not_valid_after(wanted.now + _LIVES)
    )
    for extension, critical in _extensions(wanted, root, authority):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(root, hashes.SHA256())


def _extensions(
    wanted: _Wanted, root: Any, authority: x509.Certificate | None
) -> Iterator[tuple[x509.ExtensionType, bool]]:
    """What clients look at that check strictly, as Python does from 3.13 on."""
    from cryptography import x509

    is_ca = authority is None
    yield x509.BasicConstraints(ca=is_ca, path_length=0 if is_ca else None), True
    yield x509.SubjectKeyIdentifier.from_public_key(wanted.public), False
    yield x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), False
    yield _usage(is_ca=is_ca), True
    if not is_ca:
        yield x509.SubjectAlternativeName([_alternative(host) for host in wanted.hosts]), False
        yield x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), False


def _usage(*, is_ca: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not is_ca,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative(host: str) -> x509.GeneralName:
    """The host as a name, or as an address: Python and curl look at nothing else."""
    from cryptography import x509

    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
