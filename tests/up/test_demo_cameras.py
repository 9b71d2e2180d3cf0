"""What a demo says to its simulated cameras is what they hear."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from footage.simcam.cli import add_arguments
from overt.demo.cli import simulated


@pytest.mark.parametrize("password", ["Nc3w", "-x9Qz", "--auth", "=", "a b"])
def test_any_password_that_is_drawn_is_a_password(password: str) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    heard = parser.parse_args(simulated([Path("one.mp4"), Path("two.mp4")], 8554, 8555, "camera", password))
    assert (heard.user, heard.password, heard.port, heard.control) == ("camera", password, 8554, 8555)
    assert [str(one) for one in heard.files] == ["one.mp4", "two.mp4"]
