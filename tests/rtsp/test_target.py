"""What may be a camera's address, and what is said of one that may not."""

from __future__ import annotations

import pytest

from footage.rtsp.client import StreamTarget
from footage.rtsp.errors import BadAddress
from footage.rtsp.target import split_credentials


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("rtsp://camera.example/stream", "camera.example", 554, False),
        ("rtsps://camera.example/stream", "camera.example", 322, True),
        ("rtsp://192.0.2.7:8554/a?channel=1&subtype=0", "192.0.2.7", 8554, False),
        ("rtsp://[2001:db8::7]:8554/a", "2001:db8::7", 8554, False),
        ("RTSP://192.0.2.7", "192.0.2.7", 554, False),
    ],
)
def test_an_address_names_its_host_and_port(url, host, port, tls):
    target = StreamTarget(url)
    assert (target.host, target.port, target.tls) == (host, port, tls)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://192.0.2.7/stream", "begins with rtsp:// or rtsps://"),
        ("file:///etc/passwd", "begins with rtsp:// or rtsps://"),
        ("exec:reboot", "begins with rtsp:// or rtsps://"),
        ("192.0.2.7/stream", "no scheme"),
        ("", "between 1 and"),
        ("rtsp://" + "a" * 3000, "between 1 and"),
        ("rtsp:///stream", "no host"),
        ("rtsp://192.0.2.7:99999/", "cannot be read"),
        ("rtsp://192.0.2.7:port/", "cannot be read"),
        ("rtsp://192.0.2.7:0/", "Port 0"),
        ("rtsp://[2001:db8/", "cannot be read"),
        ("rtsp://192.0.2.7/a b", "visible ASCII"),
        ("rtsp://192.0.2.7/a\r\nX-Evil: 1", "visible ASCII"),
        ("rtsp://192.0.2.7/caf\u00e9", "visible ASCII"),
        ("rtsp://192.0.2.7/a#b", "behind '#'"),
        ("rtsp://asha:secret@192.0.2.7/a", "apart from the address"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(url, says):
    with pytest.raises(BadAddress, match=says) as refused:
        StreamTarget(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("bad", [{"username": "a\r\nb"}, {"username": "a", "password": "b\n"}])
def test_credentials_with_control_characters_are_refused(bad):
    with pytest.raises(BadAddress, match="control character"):
        StreamTarget("rtsp://192.0.2.7/", **bad)


@pytest.mark.parametrize("pin", ["", "any", "ab" * 32, ":".join(["AB"] * 32)])
def test_a_certificate_pin_is_a_sha256_or_any(pin):
    assert StreamTarget("rtsps://192.0.2.7/", tls_pin=pin).tls_pin in ("", "any", "ab" * 32)
    with pytest.raises(BadAddress, match="SHA-256"):
        StreamTarget("rtsps://192.0.2.7/", tls_pin=pin + "0")


def test_pasted_credentials_are_split_off():
    assert split_credentials("rtsp://asha:p%40ss:w@192.0.2.7:8554/a?b=c") == (
        "rtsp://192.0.2.7:8554/a?b=c",
        "asha",
        "p@ss:w",
    )
    assert split_credentials("rtsp://192.0.2.7/a") == ("rtsp://192.0.2.7/a", "", "")
    assert split_credentials("rtsp://asha@[2001:db8::7]/a") == ("rtsp://[2001:db8::7]/a", "asha", "")


def test_a_password_is_not_shown_where_a_target_is_printed():
    assert "hunter2" not in repr(StreamTarget("rtsp://192.0.2.7/", "asha", "hunter2"))
