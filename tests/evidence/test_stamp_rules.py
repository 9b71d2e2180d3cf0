"""A time stamp is held to RFC 3161, and the certificates above it to RFC 5280: each rule broken, beside the good chain."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from evidence.making import make_bag, run_verify
from evidence.stamping import (
    CA,
    DATA,
    LAST_CA,
    NOON,
    SIGNING_CERTIFICATE,
    STAMPS,
    TSA,
    UNKNOWN,
    YEAR,
    Extensions,
    Holder,
    Token,
    keys_usage,
)
from evidence.test_time_stamp import relist
from overt.evidence.bag import timestamp, verify

MESSAGE = b"the list that is signed"
AGES_AGO = (NOON - 3 * YEAR, NOON - timedelta(seconds=1))
NOT_YET = (NOON + timedelta(seconds=1), NOON + YEAR)
STRANGE = (x509.UnrecognizedExtension(UNKNOWN, b"\x05\x00"), True)
HARMLESS = (x509.UnrecognizedExtension(UNKNOWN, b"\x05\x00"), False)
EKU = ExtendedKeyUsageOID


def purposes(*given: Any, critical: bool = True) -> tuple[x509.ExtensionType, bool]:
    return x509.ExtendedKeyUsage(list(given)), critical


def chain(
    root: Extensions = CA,
    middle: Extensions = LAST_CA,
    tsa: Extensions = TSA,
    valid: dict[str, Any] | None = None,
    **more: Any,
) -> Token:
    """Root, intermediate, authority: good unless told otherwise. `valid` has spans by holder."""
    spans = valid or {}
    top = Holder("Root", root, **_span(spans, "root")).certified()
    between = Holder("Between", middle, **_span(spans, "middle")).certified(top)
    signer = Holder("Clock", tsa, **_span(spans, "tsa")).certified(between)
    return Token(signer, certificates=[between.der, top.der], **more)


def _span(spans: dict[str, Any], who: str) -> dict[str, Any]:
    return {"valid": spans[who]} if who in spans else {}


def judged(token: Token, extra: tuple[bytes, ...] = ()) -> dict[str, Any]:
    found: dict[str, Any] = verify.judge_stamp(token.over(MESSAGE), MESSAGE, extra)
    return found


def test_the_good_chain_is_good_to_us_and_to_openssl(tmp_path: Path) -> None:
    token = chain()
    found = judged(token)
    assert (found["answer"], found["authority"], found["time"]) == ("good", "Clock", "2026-11-22T12:00:00Z")
    root = x509.load_der_x509_certificate(token.certificates[1])
    assert found["root"] == verify.fingerprint(root.public_bytes(Encoding.DER))
    (tmp_path / "data").write_bytes(MESSAGE)
    (tmp_path / "answer").write_bytes(token.over(MESSAGE))
    (tmp_path / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    command = ["openssl", "ts", "-verify", "-data", "data", "-in", "answer", "-CAfile", "root.pem"]
    command += ["-attime", str(int(NOON.timestamp()))]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout + done.stderr, done.stderr


GOOD: dict[str, Callable[[], Token]] = {
    "an unknown extension that is not critical": lambda: chain(tsa=(*TSA, HARMLESS)),
    "a CA without key usage": lambda: chain(middle=LAST_CA[:1]),
    "a CA for time stamps": lambda: chain(middle=(*LAST_CA, purposes(EKU.TIME_STAMPING, EKU.EMAIL_PROTECTION))),
    "a CA for any purpose": lambda: chain(middle=(*LAST_CA, purposes(EKU.ANY_EXTENDED_KEY_USAGE, critical=False))),
    "a key for non-repudiation": lambda: chain(tsa=((STAMPS, True), (keys_usage(content_commitment=True), True))),
    "a certificate named by SHA-1, as RFC 3161 has it": lambda: chain(names_in=SIGNING_CERTIFICATE),
    "a root that allows one CA below": lambda: chain(root=((x509.BasicConstraints(True, 1), True), CA[1])),
    "granted with modifications": lambda: chain(status=1),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_the_rules_allow_is_good(name: str) -> None:
    found = judged(GOOD[name]())
    assert found["answer"] == "good", found
    assert found["root"]


BAD: dict[str, tuple[Callable[[], Token], str]] = {
    # Who may sign certificates: RFC 5280, 4.2.1.9, 4.2.1.3, 6.1.4
    "an intermediate without basic constraints": (
        lambda: chain(middle=(LAST_CA[1],)),
        "Between signed a certificate and is no certificate authority",
    ),
    "an intermediate that is no CA": (
        lambda: chain(middle=((x509.BasicConstraints(False, None), True), LAST_CA[1])),
        "Between signed a certificate and is no certificate authority",
    ),
    "a root without basic constraints": (
        lambda: chain(root=(CA[1],)),
        "Root signed a certificate and is no certificate authority",
    ),
    "an intermediate whose key is not for certificates": (
        lambda: chain(middle=(LAST_CA[0], (keys_usage(crl_sign=True, digital_signature=True), True))),
        "the key of Between is not for signing certificates",
    ),
    "a root whose key is not for certificates": (
        lambda: chain(root=(CA[0], (keys_usage(crl_sign=True), True))),
        "the key of Root is not for signing certificates",
    ),
    "a root that allows no CA below": (
        lambda: chain(root=((x509.BasicConstraints(True, 0), True), CA[1])),
        "the chain below Root is longer than its certificate allows",
    ),
    "a CA for web servers alone": (
        lambda: chain(middle=(*LAST_CA, purposes(EKU.SERVER_AUTH, critical=False))),
        "the certificate authority Between is not for time stamps",
    ),
    # Who may stamp: RFC 3161, 2.3
    "no purpose": (lambda: chain(tsa=TSA[1:]), "is not for time stamps and for nothing else"),
    "another purpose": (lambda: chain(tsa=(purposes(EKU.CODE_SIGNING),)), "is not for time stamps and for nothing else"),
    "a second purpose": (
        lambda: chain(tsa=(purposes(EKU.TIME_STAMPING, EKU.CODE_SIGNING),)),
        "is not for time stamps and for nothing else",
    ),
    "any purpose": (
        lambda: chain(tsa=(purposes(EKU.ANY_EXTENDED_KEY_USAGE),)),
        "is not for time stamps and for nothing else",
    ),
    "a purpose that is not critical": (lambda: chain(tsa=((STAMPS, False), TSA[1])), "does not mark as critical"),
    "a key for encryption": (
        lambda: chain(tsa=((STAMPS, True), (keys_usage(key_encipherment=True), True))),
        "the key of Clock is not for signatures",
    ),
    # When: RFC 5280, 6.1.3, at the stamp's time
    "an authority whose certificate had run out": (lambda: chain(valid={"tsa": AGES_AGO}), "not valid then, that of Clock"),
    "an authority whose certificate was still to come": (
        lambda: chain(valid={"tsa": NOT_YET}),
        "not valid then, that of Clock",
    ),
    "an intermediate that had run out": (lambda: chain(valid={"middle": AGES_AGO}), "not valid then, that of Between"),
    "an intermediate still to come": (lambda: chain(valid={"middle": NOT_YET}), "not valid then, that of Between"),
    "a root that had run out": (lambda: chain(valid={"root": AGES_AGO}), "not valid then, that of Root"),
    # What is critical and not known: RFC 5280, 4.2
    "an authority with a strange critical extension": (lambda: chain(tsa=(*TSA, STRANGE)), "critical extension"),
    "an intermediate with a strange critical extension": (lambda: chain(middle=(*LAST_CA, STRANGE)), "critical extension"),
    "a root with a strange critical extension": (lambda: chain(root=(*CA, STRANGE)), "critical extension"),
    "a stamp with a strange critical extension": (lambda: chain(critical_extension=True), "critical extension"),
    # The stamp itself: RFC 3161, 2.4
    "a refusal": (lambda: chain(status=2), "the authority refused it"),
    "another version": (lambda: chain(version=2), "another version than 1"),
    "another content": (lambda: chain(content_type=DATA), "it is no time stamp"),
    "another content in what is signed": (lambda: chain(attribute_type=DATA), "signed as something else"),
    "two signers": (lambda: chain(signers=2), "signed by more than one"),
    "a digest of something else": (lambda: chain(stated=bytes(32)), "what is signed is not what is stated"),
    "no certificate named": (lambda: chain(names_in=""), "does not say by which certificate"),
    "another certificate named": (lambda: chain(names=b"another"), "does not say by which certificate"),
    "another named by SHA-1": (
        lambda: chain(names=b"another", names_in=SIGNING_CERTIFICATE),
        "does not say by which certificate",
    ),
    "a signature of another key": (
        lambda: chain(signed_by=ec.generate_private_key(ec.SECP256R1())),
        "the authority's signature is wrong",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_each_rule_broken_is_named(name: str) -> None:
    make, why = BAD[name]
    found = judged(make())
    assert found["answer"] == "bad", found
    assert why in found["why"], found


def test_a_stamp_for_other_bytes_is_bad() -> None:
    found = verify.judge_stamp(chain().over(b"other bytes"), MESSAGE)
    assert (found["answer"], "other bytes" in found["why"]) == ("bad", True)


def test_a_chain_whose_names_do_not_join_leads_to_no_root() -> None:
    top = Holder("Root", CA).certified()
    between = Holder("Between", LAST_CA).certified(top)
    signer = Holder("Clock", TSA).certified(between, issuer="Somebody else")
    found = judged(Token(signer, certificates=[between.der, top.der]))
    assert (found["answer"], found["root"]) == ("good", None)


def test_an_issuer_of_the_right_name_and_another_key_is_none() -> None:
    top = Holder("Root", CA).certified()
    between, other = Holder("Between", LAST_CA).certified(top), Holder("Between", LAST_CA).certified(top)
    signer = Holder("Clock", TSA).certified(between)
    found = judged(Token(signer, certificates=[other.der, top.der]))
    assert found["answer"] == "bad"
    assert "no certificate of that name signed that of Clock" in found["why"]
    assert judged(Token(signer, certificates=[other.der, between.der, top.der]))["answer"] == "good"


def test_of_two_ways_up_the_good_one_counts() -> None:
    top, other = Holder("Root", CA).certified(), Holder("Other root", CA, valid=AGES_AGO).certified()
    between = Holder("Between", LAST_CA).certified(top)
    twin = Holder("Between", LAST_CA, key=between.key).certified(other)
    signer = Holder("Clock", TSA).certified(between)
    for order in ([twin.der, between.der], [between.der, twin.der]):
        found = judged(Token(signer, certificates=order), (other.der, top.der))
        assert found["answer"] == "good", found
        assert found["root"] == verify.fingerprint(top.der)
    assert judged(Token(signer, certificates=[twin.der]), (other.der,))["answer"] == "bad"


def test_a_certificate_that_a_ca_made_for_itself_counts_for_no_length() -> None:
    top = Holder("Root", CA).certified()
    old = Holder("Between", LAST_CA).certified(top)
    new = Holder("Between", LAST_CA).certified(old)  # a change of key: same name, signed by the key before
    signer = Holder("Clock", TSA).certified(new)
    assert judged(Token(signer, certificates=[new.der, old.der, top.der]))["answer"] == "good"
    further = Holder("Further", LAST_CA).certified(new)
    below = Holder("Clock", TSA).certified(further)
    found = judged(Token(below, certificates=[further.der, new.der, old.der, top.der]))
    assert (found["answer"], "longer than" in found["why"]) == ("bad", True)


def test_an_extension_that_stands_twice_is_refused() -> None:
    top = Holder("Root", CA).certified()
    signer = Holder(
        "Clock", (*TSA, (x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.99"), b"\x05\x00"), False))
    )
    signer.certified(top)
    twice = signer.rewritten(bytes.fromhex("0603551d63"), bytes.fromhex("0603551d25"), top)
    assert verify.judge_stamp(Token(signer, certificates=[top.der]).over(MESSAGE), MESSAGE)["answer"] == "good"
    signer.certificate = x509.load_der_x509_certificate(twice)
    found = judged(Token(signer, certificates=[top.der], names=twice))
    assert (found["answer"], "an extension twice" in found["why"]) == ("bad", True)


def test_a_chain_without_end_ends() -> None:
    one, other = Holder("One", CA), Holder("Other", CA)
    one.certified(other)
    other.certified(one)
    found = judged(Token(Holder("Clock", TSA).certified(one), certificates=[one.der, other.der]))
    assert found["answer"] == "bad"


@pytest.fixture(scope="module")
def stamped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stamped") / "JD-7"
    make_bag(folder, time_stamp=chain().stamp)
    return folder


def test_a_bag_says_beforehand_that_it_is_stamped_so_a_stamp_taken_away_is_missed(
    stamped: Path, tmp_path: Path
) -> None:
    assert json.loads((stamped / "metadata/exhibit.json").read_text())["time_stamped"] is True
    code, report = run_verify(stamped, "--require-time-stamp")
    assert (code, report["time_stamp"]["answer"], report["time_stamp"]["promised"]) == (0, "good", True)  # type: ignore[index]
    copy = Path(shutil.copytree(stamped, tmp_path / "JD-7"))
    (copy / verify.STAMP).unlink()
    relist(copy)
    code, report = run_verify(copy)
    assert code == 1
    [found] = report["findings"]  # type: ignore[misc]
    assert (found["code"], found["path"]) == ("missing", verify.STAMP)
    assert "says that the seal was time-stamped" in found["says"]


def test_a_bag_without_a_stamp_promises_none(tmp_path: Path) -> None:
    make_bag(tmp_path / "JD-7")
    assert json.loads((tmp_path / "JD-7/metadata/exhibit.json").read_text())["time_stamped"] is False
    code, report = run_verify(tmp_path / "JD-7")
    assert (code, report["time_stamp"]) == (0, {"answer": "missing", "time": None, "promised": False})


@pytest.mark.parametrize("name", ["a second purpose", "an intermediate that is no CA", "another certificate named"])
def test_a_bag_with_such_a_stamp_is_not_good(tmp_path: Path, name: str) -> None:
    make, why = BAD[name]
    make_bag(tmp_path / "JD-7", time_stamp=make().stamp)
    code, report = run_verify(tmp_path / "JD-7")
    assert code == 1
    [found] = report["findings"]  # type: ignore[misc]
    assert (found["code"], why in found["says"]) == ("time-stamp-bad", True)


def test_sealing_does_not_take_such_a_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without roots in the settings nobody but the bag's own rules looks at the chain."""
    made = BAD["a second purpose"][0]()

    def answer(_: str, query: bytes) -> bytes:
        return made.over(MESSAGE)

    monkeypatch.setattr(timestamp, "_post", answer)
    monkeypatch.setattr(timestamp, "_check", lambda *_: None)  # the nonce is not ours to know here
    with pytest.raises(timestamp.NoTimeStamp, match="for nothing else"):
        timestamp.ask("http://127.0.0.1:9/", MESSAGE, None)
