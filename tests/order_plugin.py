"""Runs the tests in another order: `--shuffle SEED` shuffles the files, and the tests in each, the same for one seed.

A file's tests stay together, for what a file starts (a server, a browser, a recording) is ended when it is left.
"""

from __future__ import annotations

import random
from collections import defaultdict

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shuffle", metavar="SEED", help="run the tests in another order, the same for one seed")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    seed = config.getoption("--shuffle")
    if seed is None:
        return
    files: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        files[item.location[0]].append(item)
    # Drawn from the seed alone, so that every worker of pytest-xdist comes to the same order.
    chance = random.Random(seed)
    names = sorted(files)
    chance.shuffle(names)
    for name in names:
        chance.shuffle(files[name])
    items[:] = [item for name in names for item in files[name]]


def pytest_report_header(config: pytest.Config) -> str:
    seed = config.getoption("--shuffle")
    return "" if seed is None else f"shuffled: --shuffle {seed}"
