"""Lets libFuzzer look for bytes that break a reader: hunt.py TARGET CORPUS [libFuzzer's own options ...].

Runs in an environment of its own (`make fuzz`), for the fuzzer is no dependency of the suite. What breaks a reader is
left in the working folder as `crash-...`; mended, it belongs with the corpus of tests/rtsp.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["footage"]):
    from fuzz.targets import TARGETS


def main() -> None:
    name, corpus, *options = sys.argv[1:]
    target, seeds = TARGETS[name]
    folder = Path(corpus) / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (folder / f"seed-{number}").write_bytes(seed)
    saved = [str(Path(__file__).parent.parent / "rtsp" / "corpus")] if name == "received" else []
    atheris.Setup([sys.argv[0], *options, str(folder), *saved], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
