"""Time stamps made byte by byte, so that each rule can be broken: openssl refuses to make a wrong one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256, sha512

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from overt.evidence.bag.timestamp import TimeStamp

SIGNED_DATA, TST = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
DATA = "1.2.840.113549.1.7.1"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"
SHA_256, SHA_512 = "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.3"
ECDSA_SHA_256 = "1.2.840.10045.4.3.2"
UNKNOWN = ObjectIdentifier("1.3.6.1.4.1.99999.7")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
YEAR = timedelta(days=365)

Extensions = Sequence[tuple[x509.ExtensionType, bool]]


def der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def sequence(*parts: bytes) -> bytes:
    return der(0x30, *parts)


def set_of(*parts: bytes) -> bytes:
    return der(0x31, *sorted(parts))


def whole(number: int) -> bytes:
    return der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    body = bytearray()
    for arc in (first * 40 + second, *rest):
        digits = [arc & 0x7F]
        while arc := arc >> 7:
            digits.append(arc & 0x7F | 0x80)
        body += bytes(reversed(digits))
    return der(6, bytes(body))


def keys_usage(**given: bool) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})


CA: Extensions = ((x509.BasicConstraints(ca=True, path_length=None), True), (keys_usage(key_cert_sign=True), True))
LAST_CA: Extensions = ((x509.BasicConstraints(ca=True, path_length=0), True), (keys_usage(key_cert_sign=True), True))
STAMPS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
TSA: Extensions = ((STAMPS, True), (keys_usage(digital_signature=True), True))


@dataclass
class Holder:
    """A name, its key and its certificate."""

    name: str
    extensions: Extensions
    valid: tuple[datetime, datetime] = (NOON - YEAR, NOON + YEAR)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    certificate: x509.Certificate | None = None

    def certified(self, by: Holder | None = None, *, issuer: str | None = None) -> Holder:
        """Let another (or itself) sign its certificate; `issuer` is named in it instead of the one who signs."""
        signer = by or self
        builder = x509.CertificateBuilder(
            _name(issuer or signer.name),
            _name(self.name),
            self.key.public_key(),
            x509.random_serial_number(),
            *self.valid,
        )
        for extension, critical in self.extensions:
            builder = builder.add_extension(extension, critical)
        self.certificate = builder.sign(signer.key, SHA256())
        return self

    @property
    def der(self) -> bytes:
        assert self.certificate is not None
        return self.certificate.public_bytes(Encoding.DER)

    def rewritten(self, old: bytes, new: bytes, by: Holder) -> bytes:
        """Its certificate with some bytes exchanged for as many others, signed again: what no library would make."""
        assert self.certificate is not None
        content = self.certificate.tbs_certificate_bytes
        assert content.count(old) >= 1
        content = content.replace(old, new)
        signature = by.key.sign(content, ec.ECDSA(SHA256()))
        return sequence(content, sequence(oid(ECDSA_SHA_256)), der(3, b"\0", signature))


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@dataclass
class Token:
    """An authority's answer over a message, with whatever is to be wrong about it."""

    signer: Holder
    at: datetime = NOON
    certificates: Sequence[bytes] = ()
    status: int = 0
    version: int = 1
    content_type: str = TST
    attribute_type: str = TST
    names: bytes | None = None  # the certificate that the attributes name; the signer's unless given
    names_in: str = SIGNING_CERTIFICATE_2
    signers: int = 1
    critical_extension: bool = False
    stated: bytes | None = None  # the digest that the attributes state
    signed_by: ec.EllipticCurvePrivateKey | None = None

    def over(self, message: bytes) -> bytes:
        info = self._info(message)
        signed = sequence(
            whole(3),
            set_of(sequence(oid(SHA_256))),
            sequence(oid(self.content_type), der(0xA0, der(4, info))),
            der(0xA0, *sorted([self.signer.der, *self.certificates])),
            der(0x31, *[self._signer_info(info)] * self.signers),
        )
        return sequence(sequence(whole(self.status)), sequence(oid(SIGNED_DATA), der(0xA0, signed)))

    def stamp(self, message: bytes) -> TimeStamp:
        return TimeStamp(self.over(message), b"", self.at)

    def _info(self, message: bytes) -> bytes:
        strange = sequence(oid(UNKNOWN.dotted_string), der(1, b"\xff"), der(4, b"\5\0"))
        return sequence(
            whole(self.version),
            oid("1.2.3.4.1"),
            sequence(sequence(oid(SHA_512)), der(4, sha512(message).digest())),
            whole(7),
            der(0x18, f"{self.at:%Y%m%d%H%M%SZ}".encode()),
            *([der(0xA1, strange)] if self.critical_extension else []),
        )

    def _signer_info(self, info: bytes) -> bytes:
        certificate = self.signer.certificate
        assert certificate is not None
        attributes = sorted(self._attributes(info))
        key = self.signed_by or self.signer.key
        return sequence(
            whole(1),
            sequence(certificate.issuer.public_bytes(), whole(certificate.serial_number)),
            sequence(oid(SHA_256)),
            der(0xA0, *attributes),
            sequence(oid(ECDSA_SHA_256)),
            der(4, key.sign(der(0x31, *attributes), ec.ECDSA(SHA256()))),
        )

    def _attributes(self, info: bytes) -> list[bytes]:
        named = self.signer.der if self.names is None else self.names
        digest = der(4, (sha1 if self.names_in == SIGNING_CERTIFICATE else sha256)(named).digest())
        attributes = [
            sequence(oid(CONTENT_TYPE), set_of(oid(self.attribute_type))),
            sequence(oid(MESSAGE_DIGEST), set_of(der(4, self.stated or sha256(info).digest()))),
        ]
        if self.names_in:
            attributes.append(sequence(oid(self.names_in), set_of(sequence(sequence(sequence(digest))))))
        return attributes
