"""The private key of an app and what is signed with it: the assertion of the JWT bearer flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

# Salesforce refuses assertions that end later than this after its own time: help.salesforce.com, OAuth 2.0
# JWT Bearer Flow (read 2026-11). It is the end of the assertion, not of the session.
ASSERTION_S = 180
SMALLEST_KEY = 2048


class KeyUnusable(ValueError):
    """A text that is no private key to sign with. The message never quotes it."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def read_key(pem: bytes, passphrase: str = "") -> RSAPrivateKey:
    """The RSA key of a PEM text; KeyUnusable says what it is instead."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    text = pem.removeprefix(b"\xef\xbb\xbf").strip() + b"\n"
    make = "make one: openssl req -x509 -newkey rsa:2048 -nodes -keyout server.key -out server.crt"
    for mark, kind in ((b"BEGIN CERTIFICATE", "a certificate"), (b"BEGIN PUBLIC", "a public key")):
        if mark in text and b"PRIVATE KEY" not in text:
            raise KeyUnusable(f"holds {kind}", "give the private key that was made with it")
    try:
        key = load_pem_private_key(text, passphrase.encode() or None)
    except TypeError:
        told = "is not encrypted" if passphrase else "is encrypted"
        remedy = (
            "remove `private_key_passphrase`" if passphrase else "give `private_key_passphrase`"
        )
        raise KeyUnusable(f"the key {told}", remedy) from None
    except (ValueError, UnsupportedAlgorithm):
        wrong = "no private key, or another passphrase" if passphrase else "no private key (PEM)"
        raise KeyUnusable(f"holds {wrong}", make) from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < SMALLEST_KEY:
        raise KeyUnusable(f"the key is not RSA of {SMALLEST_KEY} bits or more", make)
    return key


def assertion(
    key: RSAPrivateKey, *, client_id: str, username: str, audience: str, at: float
) -> str:
    """A signed JWT that asks for a token of this user; `at` is the org's time in seconds of the epoch."""
    import jwt

    claims = {"iss": client_id, "sub": username, "aud": audience, "exp": int(at) + ASSERTION_S}
    return jwt.encode(claims, key, algorithm="RS256")
