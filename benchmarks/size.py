"""How large a run is: short enough to try in a minute or two, or as large as the figures ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Size:
    """`scratch` is the disk that is measured on: real, not memory."""

    full: bool
    scratch: Path

    def pick(self, short: T, full: T) -> T:
        return full if self.full else short

    @staticmethod
    @contextmanager
    def scratch_folder() -> Iterator[Path]:
        """An empty folder anywhere, gone afterwards: for what is not measured."""
        with TemporaryDirectory(prefix="b-") as name:
            yield Path(name)

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """An empty folder on the disk that is measured, gone afterwards."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.scratch, prefix="b-") as name:
            yield Path(name)
