"""Asks an RFC 3161 authority since when the seal exists, so that its time is not the scheme's word alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from overt.evidence.bag.verify import Der, DerError, judge_stamp, pem_blocks

_SECONDS = 15
_CERTIFICATES = 0xA0  # [0] of SignedData
_MOST_BYTES = 256 * 1024


class NoTimeStamp(Exception):
    """The authority gave none that can be used; the text says why. A bag is sealed without it, and says so."""


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """The authority's answer as it came, the certificates it can be checked with (PEM), and the time it states."""

    response: bytes
    chain: bytes
    at: datetime


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def ask(authority: str, message: bytes, roots_file: Path | None) -> TimeStamp:
    """A time stamp over the SHA-512 of a message. Raises NoTimeStamp.

    With a file of root certificates the answer's chain is checked against them; without one, that it answers this
    request. It must also be good to the bag's own verifier, or a sealing would end at its own check. Redirects are
    not followed: the address is the one in the settings.
    """
    if urlsplit(authority).scheme not in {"http", "https"}:
        raise NoTimeStamp(f"{authority} is no web address")
    request = (
        TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA512).cert_request(cert_request=True)
    )
    built = request.build()
    answer = _post(authority, built.as_bytes())
    try:
        response = decode(answer)
        roots = _roots(roots_file)
        _check(built, response, message, roots)
        chain = _chain(response, roots)
    except (ValueError, VerificationError) as error:
        raise NoTimeStamp(f"the answer of {authority} is not good: {error}") from None
    judged = judge_stamp(answer, message, pem_blocks(chain, "CERTIFICATE"))
    if judged["answer"] == "bad":
        raise NoTimeStamp(f"the answer of {authority} is not good: {judged['why']}")
    return TimeStamp(answer, chain, response.tst_info.gen_time)


def read(path: Path) -> TimeStamp | None:
    """The stamp in a bag's file, None where there is none."""
    if not path.is_file():
        return None
    answer = path.read_bytes()
    return TimeStamp(answer, b"", decode(answer).tst_info.gen_time)


def decode(answer: bytes) -> TimeStampResponse:
    """The parsed answer. Raises ValueError.

    Authorities that run openssl give their certificates in the order of the chain where DER wants them sorted; the
    strict parser refuses that. Their order is not signed, so a sorted rendering of the same answer is parsed.
    """
    try:
        return decode_timestamp_response(answer)
    except ValueError:
        return decode_timestamp_response(_with_certificates_sorted(answer))


def _with_certificates_sorted(answer: bytes) -> bytes:
    try:
        status, token = Der(answer).children()
        kind, content = token.children()
        (signed,) = content.children()
        parts = [_sorted(part) if part.tag == _CERTIFICATES else part.raw for part in signed.children()]
    except (DerError, ValueError) as error:
        raise ValueError(f"it cannot be read: {error}") from None
    wrapped = _element(content.tag, _element(0x30, b"".join(parts)))
    return _element(0x30, status.raw + _element(0x30, kind.raw + wrapped))


def _sorted(certificates: Der) -> bytes:
    return _element(certificates.tag, b"".join(sorted(one.raw for one in certificates.children())))


def _element(tag: int, body: bytes) -> bytes:
    """DER: tag, length, body."""
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def _post(authority: str, body: bytes) -> bytes:
    request = Request(authority, data=body, headers={"Content-Type": "application/timestamp-query"})  # noqa: S310
    try:
        with build_opener(_NoRedirects()).open(request, timeout=_SECONDS) as reply:
            answer: bytes = reply.read(_MOST_BYTES)
    except (URLError, OSError, ValueError) as error:
        raise NoTimeStamp(f"{authority} did not answer: {error}") from None
    return answer


def _roots(roots_file: Path | None) -> list[x509.Certificate]:
    if roots_file is None:
        return []
    try:
        return x509.load_pem_x509_certificates(roots_file.read_bytes())
    except OSError as error:
        raise NoTimeStamp(f"{roots_file}: {error.strerror}") from None


def _check(
    request: TimeStampRequest, response: TimeStampResponse, message: bytes, roots: list[x509.Certificate]
) -> None:
    if roots:
        builder = VerifierBuilder.from_request(request)
        for root in roots:
            builder = builder.add_root_certificate(root)
        builder.build().verify_message(response, message)
    elif response.status != 0:
        raise VerificationError("it was refused")
    elif response.tst_info.nonce != request.nonce:
        raise VerificationError("it answers another request")
    elif response.tst_info.message_imprint.message != request.message_imprint.message:
        raise VerificationError("it is about other bytes")


def _chain(response: TimeStampResponse, roots: list[x509.Certificate]) -> bytes:
    given = [x509.load_der_x509_certificate(der) for der in response.signed_data.certificates]
    unique = {cert.public_bytes(Encoding.DER): cert for cert in [*sorted(given, key=lambda c: c.serial_number), *roots]}
    return b"".join(cert.public_bytes(Encoding.PEM) for cert in unique.values())
