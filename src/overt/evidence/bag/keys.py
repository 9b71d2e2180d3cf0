"""The keys that sign exhibits: Ed25519, and ECDSA P-256 because every browser can check that one."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


class WrongKey(Exception):
    """A key file holds something else than the key it should; the text names what was expected."""


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """A scheme's two private keys for exhibits."""

    ed25519: Ed25519PrivateKey
    p256: EllipticCurvePrivateKey

    def public_pems(self) -> tuple[bytes, bytes]:
        """The Ed25519 and the P-256 public key in PEM (SubjectPublicKeyInfo)."""
        return _pem(self.ed25519), _pem(self.p256)

    def fingerprints(self) -> tuple[str, str]:
        """SHA-256 of each public key in DER, in hexadecimal: what a scheme publishes and a reader compares."""
        return _fingerprint(self.ed25519), _fingerprint(self.p256)

    def signatures(self, message: bytes) -> tuple[bytes, bytes]:
        """64 bytes of Ed25519, and an ECDSA signature with SHA-256 in DER."""
        return self.ed25519.sign(message), self.p256.sign(message, ECDSA(hashes.SHA256()))


def make_keys() -> SigningKeys:
    return SigningKeys(Ed25519PrivateKey.generate(), generate_private_key(SECP256R1()))


def private_pem(key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def load_keys(ed25519: str, p256: str) -> SigningKeys:
    """The keys from two PEM texts. Raises WrongKey."""
    try:
        one, other = load_pem_private_key(ed25519.encode(), None), load_pem_private_key(p256.encode(), None)
    except (ValueError, TypeError) as error:
        raise WrongKey(f"an exhibit key cannot be read: {error}") from None
    if not isinstance(one, Ed25519PrivateKey):
        raise WrongKey("expected an Ed25519 private key in PKCS#8 PEM")
    if not isinstance(other, EllipticCurvePrivateKey) or not isinstance(other.curve, SECP256R1):
        raise WrongKey("expected a P-256 private key in PKCS#8 PEM")
    return SigningKeys(one, other)


def _pem(key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _fingerprint(key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> str:
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(der).hexdigest()
