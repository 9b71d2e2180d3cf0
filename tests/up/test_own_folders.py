"""The data folder and all in it is its owner's alone, whatever it was before."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from overt.up import own_folders
from overt.up.own_folders import close_folders, keep_to_owner
from overt.up.preflight import CannotStart


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_was_open_is_closed_and_said_once(tmp_path: Path) -> None:
    data, footage = tmp_path / "data", tmp_path / "elsewhere" / "footage"
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    (data / "overt.sqlite3").write_text("")
    (data / "overt.sqlite3").chmod(0o664)
    (data / "secrets").mkdir()
    (data / "secrets").chmod(0o750)
    (data / "away").symlink_to("/etc/passwd")

    told = close_folders([data, footage, data])

    assert told == [f"{data} was open to other users of this machine (0755); it is its owner's alone now."]
    assert mode(data) == mode(footage) == mode(data / "secrets") == 0o700
    assert mode(data / "overt.sqlite3") == 0o600
    assert mode(Path("/etc/passwd")) == 0o644, "what a link leads to is not ours to change"
    assert close_folders([data, footage]) == []


def test_a_folder_of_somebody_else_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setattr(own_folders.os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(CannotStart, match="belongs to another user") as refused:
        close_folders([folder])
    assert "chown -R" in str(refused.value)


def test_what_is_made_after_the_start_is_closed(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        keep_to_owner()
        (tmp_path / "folder").mkdir()
        (tmp_path / "file").write_text("")
    finally:
        os.umask(before)
    assert mode(tmp_path / "folder") == 0o700
    assert mode(tmp_path / "file") == 0o600
