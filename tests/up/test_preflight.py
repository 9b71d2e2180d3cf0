"""Before anything starts: a wrong setting, a taken port, a newer data folder, plain HTTP beyond this machine."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from footage.simcam.tls import make_certificate
from overt.up.preflight import (
    SETTINGS,
    CannotStart,
    check_port_free,
    check_settings_known,
    parse_listen,
    take_data_folder,
)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_plain_http_on_this_machine_is_served(host: str) -> None:
    assert parse_listen(f"{host}:8000", None, None, allow_plain=False).port == 8000


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "cctv.example.org", "[::]"])
def test_plain_http_beyond_this_machine_is_refused_unless_asked_for(host: str) -> None:
    with pytest.raises(CannotStart, match="in the clear"):
        parse_listen(f"{host}:8000", None, None, allow_plain=False)
    assert not parse_listen(f"{host}:8000", None, None, allow_plain=True).secure


@pytest.mark.parametrize("text", ["8000", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "127.0.0.1:http", ":8000"])
def test_an_address_that_is_none_says_what_was_expected(text: str) -> None:
    with pytest.raises(CannotStart, match="expected HOST:PORT"):
        parse_listen(text, None, None, allow_plain=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost and 127.0.0.1, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    files = folder / "chain.pem", folder / "key.pem"
    for file, content in zip(files, make_certificate(), strict=True):
        file.write_bytes(content)
    return files


def test_a_certificate_needs_its_key_and_both_must_be_readable(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    chain, key = certificate
    with pytest.raises(CannotStart, match="go together"):
        parse_listen("0.0.0.0:8443", chain, None, allow_plain=False)
    with pytest.raises(CannotStart, match=r"missing\.pem"):
        parse_listen("0.0.0.0:8443", chain, tmp_path / "missing.pem", allow_plain=False)
    assert parse_listen("0.0.0.0:8443", chain, key, allow_plain=False).secure


def test_files_that_are_no_certificate_with_its_key_stop_the_start(
    certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    chain, key = certificate
    (tmp_path / "text.pem").write_text("x", encoding="ascii")
    (tmp_path / "other.pem").write_bytes(make_certificate()[1])
    for one, other in ((key, chain), (tmp_path / "text.pem", key), (chain, tmp_path / "other.pem")):
        with pytest.raises(CannotStart, match="cannot be used"):
            parse_listen("127.0.0.1:8443", one, other, allow_plain=False)


def test_the_pages_answer_to_the_names_in_the_certificate_and_the_printed_address_has_the_first(
    certificate: tuple[Path, Path],
) -> None:
    listen = parse_listen("0.0.0.0:8443", *certificate, allow_plain=False)
    assert listen.address == "https://localhost:8443"
    assert listen.hosts == ("localhost", "127.0.0.1")
    assert parse_listen("192.168.1.4:8000", None, None, allow_plain=True).hosts == ("192.168.1.4",)


def test_a_taken_port_is_named_and_a_free_one_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotStart, match=f"Port {port}"):
            check_port_free(parse_listen(f"127.0.0.1:{port}", None, None, allow_plain=False))
    check_port_free(parse_listen(f"127.0.0.1:{port}", None, None, allow_plain=False))


def test_one_data_folder_is_run_once(tmp_path: Path) -> None:
    with take_data_folder(tmp_path / "data"), pytest.raises(CannotStart, match="Another overt is running"):
        take_data_folder(tmp_path / "data")
    take_data_folder(tmp_path / "data").close()


def test_a_data_folder_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    mark = tmp_path / "overt.json"
    mark.write_text(json.dumps({"data_version": 99}), encoding="utf-8")
    with pytest.raises(CannotStart, match="newer version"):
        take_data_folder(tmp_path)
    assert json.loads(mark.read_text(encoding="utf-8")) == {"data_version": 99}


def overt(data: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OVERT_")} | {"OVERT_DATA": str(data)}
    command = [sys.executable, "-m", "overt.cli", *words]
    return subprocess.run(command, env=environment | settings, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("OVERT_SESSION_IDLE_MINUTES", "soon", "expected a whole number"),
        ("OVERT_SESSION_IDLE_MINUTES", "0", "from 1 to 1440"),
        ("OVERT_HTTPS", "perhaps", "expected yes or no"),
        ("OVERT_DATABASE", "mysql://x/y", "expected postgresql://"),
        ("OVERT_DATABASE", "postgresql://u:p@host:port/name", "expected postgresql://"),
        ("OVERT_TIME_ZONE", "Europe/Atlantis", "such as Europe/London"),
        ("OVERT_TIME_ZONE", "../passwd", "such as Europe/London"),
        ("OVERT_CAMERA_NETWORKS", "10.0.0.0/8, everywhere", "found everywhere"),
        ("OVERT_TRUSTED_PROXIES", "10.0.0.300", "found 10.0.0.300"),
        ("OVERT_ORIGINS", "cctv.example.org", "such as https://cctv.example.org"),
        ("OVERT_TSA", "tsa.example.org", "such as https://"),
        ("OVERT_LOG_LEVEL", "LOUD", "expected one of"),
        ("OVERT_SECRET_KEY_FILE", "/does/not/exist", "expected a readable file"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name(tmp_path: Path, name: str, value: str, expected: str) -> None:
    done = overt(tmp_path, "status", **{name: value})
    assert done.returncode == 2
    assert name.removesuffix("_FILE") in done.stderr
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_a_name_that_only_looks_like_a_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OVERT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OVERT_SECRET_KEY_FILE", "/run/secrets/key")
    check_settings_known()
    monkeypatch.setenv("OVERT_TRUSTED_PROXY", "10.0.0.1")
    with pytest.raises(CannotStart, match=r"OVERT_TRUSTED_PROXY .* Did you mean OVERT_TRUSTED_PROXIES\?"):
        check_settings_known()


def test_every_setting_is_known_at_the_start_and_in_the_documentation() -> None:
    root = Path(__file__).parents[2]
    read = set(re.findall(r'"(OVERT_[A-Z_]+)"', "".join(p.read_text("utf-8") for p in (root / "src").rglob("*.py"))))
    assert read <= SETTINGS
    told = set(re.findall(r"`(OVERT_[A-Z_]+)`", (root / "docs/settings.md").read_text("utf-8")))
    assert told <= SETTINGS
    # Set by the program or a test for its own, or asked for where it is missing.
    assert SETTINGS - told == {"OVERT_DEMO", "OVERT_CAMERA_PASSWORD", "OVERT_CLAUSES_OUT", "OVERT_TORTURE", "OVERT_ODD"}


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = overt(tmp_path / "file" / "data", "up")
    assert done.returncode == 2
    assert "cannot be used" in done.stderr
    assert str(tmp_path / "file" / "data") in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [["logbook", "verify"], ["status"], ["camera", "list"], ["export", "1", "a", "b", "--ref", "A-1", "--out", "x"]],
)
def test_a_command_where_nothing_is_installed_says_so_and_makes_nothing(tmp_path: Path, words: list[str]) -> None:
    done = overt(tmp_path / "elsewhere", *words)
    assert done.returncode == 3
    assert "there is no installation in" in done.stderr
    assert "--data DIR" in done.stderr
    assert overt(tmp_path / "elsewhere", *words[:1], "--help").returncode == 0
    assert overt(tmp_path / "elsewhere", "--help").returncode == 0
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_was_never_started_is_no_installation(tmp_path: Path) -> None:
    done = overt(tmp_path, "logbook", "verify")
    assert done.returncode == 3
    assert "there is no installation in" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    done = overt(tmp_path, "logbook", "verify", OVERT_DATABASE="postgresql://nobody:x@127.0.0.1:1/none")
    assert done.returncode == 2
    assert "the database cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_secrets_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    overt(tmp_path, "status")
    made = list((tmp_path / "secrets").iterdir())
    assert made
    assert all(path.stat().st_mode & 0o077 == 0 for path in [*made, tmp_path / "secrets"])
