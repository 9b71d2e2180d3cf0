"""rtsps: a camera's certificate is trusted by the system, by its own fingerprint, or not at all."""

from __future__ import annotations

import hashlib
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from footage.rtsp.client import StreamTarget
from footage.rtsp.events import Codec, LossCause
from rtsp.listener import following, until
from rtsp.pictures import encoded
from rtsp.scripted import ScriptedCamera

coded = encoded(Codec.H264, width=160, height=120, gop=8)


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory) -> tuple[ssl.SSLContext, str]:
    """A camera's self-signed certificate as a server context, and its SHA-256."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "camera")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(7).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
    )
    made = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    path = tmp_path_factory.mktemp("camera") / "own.pem"
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(plain + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context, hashlib.sha256(made.public_bytes(serialization.Encoding.DER)).hexdigest()


async def visit(context: ssl.SSLContext | None, pin: str, scheme: str = "rtsps"):
    camera = ScriptedCamera(coded, tls=context)
    async with camera:
        target = StreamTarget(f"{scheme}://127.0.0.1:{camera.port}/stream1", "asha", "secret", tls_pin=pin)
        async with following(target) as heard:
            await until(lambda: len(heard.units) == len(coded.pictures) or heard.losses)
    return camera, heard


@pytest.mark.parametrize("exact", [True, False])
async def test_a_pinned_certificate_or_any_lets_the_pictures_through(own_certificate, exact):
    context, digest = own_certificate
    _, heard = await visit(context, digest.upper() if exact else "any")
    assert heard.pictures() == [list(picture) for picture in coded.pictures]


async def test_a_self_signed_certificate_is_refused_unless_it_is_pinned(own_certificate):
    camera, heard = await visit(own_certificate[0], "")
    assert heard.losses[0][0] is LossCause.UNTRUSTED
    assert "certificate is not trusted (self-signed certificate)" in heard.losses[0][1]
    assert own_certificate[1] in heard.losses[0][1]  # what to pin, once somebody has compared it
    assert not camera.requests


async def test_another_certificate_than_the_pinned_one_hears_not_a_word(own_certificate):
    context, digest = own_certificate
    camera, heard = await visit(context, "0" * 64)
    assert heard.losses[0][0] is LossCause.UNTRUSTED
    assert digest in heard.losses[0][1]
    assert not camera.requests


async def test_a_camera_without_tls_is_no_rtsps_camera():
    camera, heard = await visit(None, "any")
    assert heard.losses[0][0] in (LossCause.PROTOCOL, LossCause.UNREACHABLE, LossCause.SILENT)
    assert not camera.requests


async def test_a_camera_with_tls_is_no_rtsp_camera(own_certificate):
    _, heard = await visit(own_certificate[0], "", scheme="rtsp")
    assert not heard.units
    assert heard.losses
