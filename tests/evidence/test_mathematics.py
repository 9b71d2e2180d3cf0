"""The verifier's own Ed25519, P-256 and inclusion proofs against libraries that others keep."""

from __future__ import annotations

import os
from hashlib import sha384

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.evidence.bag import verify
from overt.logbook import inspect_offline, merkle

DER, SPKI = Encoding.DER, PublicFormat.SubjectPublicKeyInfo


@settings(max_examples=25, deadline=None)
@given(message=st.binary(max_size=300), at=st.integers(0, 63), bit=st.integers(0, 7))
def test_both_of_our_ed25519_agree_with_cryptography(message: bytes, at: int, bit: int) -> None:
    key = Ed25519PrivateKey.generate()
    public, signature = key.public_key().public_bytes_raw(), bytearray(key.sign(message))
    assert verify.ed25519_verifies(public, bytes(signature), message)
    assert inspect_offline.signature_fits(public, message, bytes(signature))
    assert not verify.ed25519_verifies(public, bytes(signature), message + b"x")
    signature[at] ^= 1 << bit
    assert not verify.ed25519_verifies(public, bytes(signature), message)
    assert not inspect_offline.signature_fits(public, message, bytes(signature))


def test_rfc_8032_vectors() -> None:
    vectors = [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ]
    for key, message, signature in vectors:
        assert verify.ed25519_verifies(bytes.fromhex(key), bytes.fromhex(signature), bytes.fromhex(message))


def test_a_signature_with_the_order_added_is_refused() -> None:
    key = Ed25519PrivateKey.generate()
    signature = key.sign(b"m")
    number = int.from_bytes(signature[32:], "little") + verify._L
    malleable = signature[:32] + number.to_bytes(32, "little")
    assert not verify.ed25519_verifies(key.public_key().public_bytes_raw(), malleable, b"m")


@settings(max_examples=20, deadline=None)
@given(message=st.binary(max_size=300))
def test_our_p256_agrees_with_cryptography(message: bytes) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    der, signature = key.public_key().public_bytes(DER, SPKI), key.sign(message, ec.ECDSA(hashes.SHA256()))
    assert verify.p256_verifies(der, signature, message)
    assert not verify.p256_verifies(der, signature, message + b"x")
    assert not verify.p256_verifies(
        ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(DER, SPKI), signature, message
    )
    assert not verify.p256_verifies(der, b"\x30\x06\x02\x01\x00\x02\x01\x00", message)


def test_our_p384_agrees_with_cryptography() -> None:
    key, message = ec.generate_private_key(ec.SECP384R1()), os.urandom(40)
    point, signature = key.public_key().public_numbers(), key.sign(message, ec.ECDSA(hashes.SHA384()))
    assert verify.P384.verifies(point.x, point.y, *verify.ecdsa_numbers(signature), sha384(message).digest())


@given(size=st.integers(1, 40), data=st.data())
def test_inclusion_proofs_agree_with_the_logbook(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(size)]

    def root(part: list[bytes]) -> bytes:
        if len(part) == 1:
            return part[0]
        half = 1 << (len(part) - 1).bit_length() - 1
        return merkle.node_hash(root(part[:half]), root(part[half:]))

    path = merkle.inclusion_path(index, size, lambda level, n: root(leaves[n << level : (n + 1) << level]))
    assert verify.inclusion_root(leaves[index], index, size, path) == root(leaves)
    if path:
        assert verify.inclusion_root(leaves[index], index, size, path[:-1]) is None
    with pytest.raises(AssertionError):
        assert verify.inclusion_root(merkle.leaf_hash(b"other"), index, size, path) == root(leaves)
