"""What may be a camera's address, and what is said of one that may not."""

from __future__ import annotations

import pytest

from footage.rtsp.client import StreamTarget
from footage.rtsp.control.target import split_credentials
from footage.rtsp.errors import BadAddress


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


@pytest.mark.parametrize(
    ("credentials", "sign", "written"),
    [
        ("user:hunter#2", "#", "%23"),
        ("user:hunter/2", "/", "%2F"),
        ("user:12/34", "/", "%2F"),
        ("us/er:hunter2", "/", "%2F"),
        ("user:hunter?2", "?", "%3F"),
        ("user:hun[ter", "[", "%5B"),
        ("user:hun[te]r", "[", "%5B"),
        ("user:hunter]2", "]", "%5D"),
        ("user:hunter@2", "@", "%40"),
        ("user:hunter@2#3", "#", "%23"),
        ("user:50%off-hunter", "%", "%25"),
    ],
)
@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.7:8554", "camera.example", "[2001:db8::7]"])
def test_a_sign_that_stands_raw_in_credentials_is_named_with_how_to_write_it_and_nothing_else(
    credentials, sign, written, host
):
    with pytest.raises(BadAddress) as refused:
        split_credentials(f"rtsp://{credentials}@{host}/s")
    assert f"the sign {sign} as it is; write it as {written}" in str(refused.value)
    assert not any(part in str(refused.value) for part in ("hunter", "user:", "hun", "34", "50", host))


def test_written_as_it_should_be_the_same_password_is_taken():
    url, username, password = split_credentials("rtsp://user:h%23%2F%3F%5B%5D%40%25@127.0.0.1/s")
    assert (url, username, password) == ("rtsp://127.0.0.1/s", "user", "h#/?[]@%")


@pytest.mark.parametrize("url", ["rtsp://192.0.2.7:554/video@1", "rtsp://camera.example/video@1", "rtsp://[::1]/a@b:c"])
def test_a_path_may_hold_an_at_sign_where_nothing_looks_like_a_password(url):
    assert split_credentials(url) == (url, "", "")


@pytest.mark.parametrize(
    "url", ["user:hunter2@192.0.2.7/s", "hunter2:x@h", "rtsp:/u:hunter2@h/", "rtsp://u:hunter2:9/"]
)
def test_no_refusal_repeats_what_may_be_a_password(url):
    with pytest.raises(BadAddress) as refused:
        split_credentials(url)
    assert "hunter2" not in str(refused.value)


def test_pictures_come_over_tcp_or_udp_and_never_outside_tls():
    assert StreamTarget("rtsp://192.0.2.7/", transport="udp").transport == "udp"
    with pytest.raises(BadAddress, match="tcp or udp"):
        StreamTarget("rtsp://192.0.2.7/", transport="http")
    with pytest.raises(BadAddress, match="inside TLS"):
        StreamTarget("rtsps://192.0.2.7/", transport="udp")


def test_a_password_is_not_shown_where_a_target_is_printed():
    assert "hunter2" not in repr(StreamTarget("rtsp://192.0.2.7/", "asha", "hunter2"))
