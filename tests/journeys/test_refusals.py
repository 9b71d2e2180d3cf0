"""What an installation refuses before it does harm, and HTTPS with a certificate of one's own."""

from __future__ import annotations

import os
import signal
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest

from journeys.conftest import MANAGER, PASSWORD, Scheme
from journeys.installation import Installation, free_port, run, until
from journeys.visitor import Visitor


def up(data: Path, *words: str, **settings: str) -> tuple[int, str]:
    """`overt up`, which is expected to stop by itself: its exit code and what it said."""
    done = run("overt.cli", "up", "--data", str(data), *words, **settings)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_plain_http_beyond_this_machine_is_refused(tmp_path: Path) -> None:
    code, said = up(tmp_path / "d", "--listen", f"0.0.0.0:{free_port()}")
    assert code == 2
    assert "in the clear" in said
    assert "--certificate" in said
    assert not (tmp_path / "d" / "overt.sqlite3").exists(), "nothing was begun"


def test_a_wrong_setting_a_taken_port_and_a_newer_folder_each_say_what_to_do(tmp_path: Path) -> None:
    code, said = up(tmp_path / "d", OVERT_TIME_ZONE="Europe/Atlantis")
    assert (code, "OVERT_TIME_ZONE" in said) == (2, True), said
    with socket.create_server(("127.0.0.1", 0)) as other:
        code, said = up(tmp_path / "d", "--listen", f"127.0.0.1:{other.getsockname()[1]}")
    assert (code, "choose another with --listen" in said) == (2, True), said
    (tmp_path / "n").mkdir()
    (tmp_path / "n" / "overt.json").write_text('{"data_version": 99}')
    code, said = up(tmp_path / "n", "--listen", f"127.0.0.1:{free_port()}")
    assert (code, "newer version" in said) == (2, True), said
    assert sorted(p.name for p in (tmp_path / "n").iterdir() if p.name not in ("overt.lock", "secrets")) == [
        "overt.json"
    ]


def test_a_second_start_on_the_same_folder_is_refused_and_the_first_goes_on(scheme: Scheme) -> None:
    code, said = up(scheme.installation.data, "--listen", f"127.0.0.1:{free_port()}")
    assert code == 2
    assert "Another overt is running" in said
    assert scheme.people["dev"].get("/healthz").status_code == 200


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate for this machine, and its key."""
    from footage.simcam.tls import make_certificate

    folder = tmp_path_factory.mktemp("certificate")
    files = folder / "chain.pem", folder / "key.pem"
    for file, content in zip(files, make_certificate(), strict=True):
        file.write_bytes(content)
    return files


@pytest.fixture(scope="module")
def secure(install: Callable[..., Installation], certificate: tuple[Path, Path]) -> Installation:
    chain, key = certificate
    made = install("tls", "--certificate", str(chain), "--certificate-key", str(key), scheme="https")
    made.start()
    return made


def test_with_a_certificate_pages_come_over_https_and_cookies_stay_there(
    secure: Installation, certificate: tuple[Path, Path]
) -> None:
    trust = ssl.create_default_context(cafile=str(certificate[0]))
    visitor = Visitor(secure.address, verify=trust)
    printed = secure.first_run_address()
    assert printed.startswith("https://127.0.0.1:")
    made = visitor.submit(printed, **MANAGER, password=PASSWORD, again=PASSWORD)
    assert made.status_code == 302, made.text
    cookies = [
        value for response in (visitor.get("/sign-in/"), made) for value in response.headers.get_list("set-cookie")
    ]
    assert {value.split("=")[0] for value in cookies} >= {"__Host-csrftoken", "__Host-sessionid"}
    assert all("Secure" in value for value in cookies), cookies
    assert made.headers["Strict-Transport-Security"].startswith("max-age=")
    with pytest.raises(httpx.HTTPError):
        httpx.get(secure.address.replace("https", "http") + "/healthz")


def test_when_the_supervisor_is_killed_nothing_is_left_behind_and_it_starts_again(secure: Installation) -> None:
    assert secure.process
    children = psutil.Process(secure.process.pid).children()
    assert len(children) >= 3
    os.kill(secure.process.pid, signal.SIGKILL)
    secure.process.wait(10)
    until(lambda: not any(child.is_running() for child in children), seconds=25, says=lambda: children)
    secure.start()


@pytest.mark.parametrize("words", [("--certificate", "CHAIN"), ("--certificate", "KEY", "--certificate-key", "CHAIN")])
def test_half_a_certificate_or_the_wrong_way_round_is_said_at_once(
    certificate: tuple[Path, Path], tmp_path: Path, words: tuple[str, ...]
) -> None:
    chain, key = certificate
    given = [{"CHAIN": str(chain), "KEY": str(key)}.get(word, word) for word in words]
    code, said = up(tmp_path / "d", "--listen", f"127.0.0.1:{free_port()}", *given)
    assert code == 2
    assert "certificate" in said
