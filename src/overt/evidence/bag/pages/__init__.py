"""The pages and programs that travel in every bag, each one file that needs nothing else."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files

from overt.shared.canonical import Json


def verify_page(reference: str) -> bytes:
    """VERIFY.html: drop the folder on it."""
    parts = ("plain.js", "sha2.js", "bag.js", "signatures.js", "findings.js", "verify.js")
    script = "\n".join(_source(name) for name in parts)
    return _page("verify.html", script, {"REFERENCE": escape(reference)})


def readme_page(facts: Json, words: Mapping[str, str]) -> bytes:
    """data/README.html: plays the recordings with their true time. `words` are safe HTML by the mark they replace."""
    data = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return _page("readme.html", f"{_source('plain.js')}\n{_source('player.js')}", {**words, "FACTS": data})


def verify_program() -> bytes:
    """verify.py, as it lies beside this package."""
    return files("overt.evidence.bag").joinpath("verify.py").read_bytes()


def how_to_verify(reference: str, fingerprints: tuple[str, str]) -> bytes:
    """HOW-TO-VERIFY.txt: the same by hand."""
    spaced = [" ".join(f[n : n + 4] for n in range(0, 64, 4)) for f in fingerprints]
    words = {"REFERENCE": reference, "ED25519": spaced[0], "P256": spaced[1]}
    return _fill(_source("how-to-verify.txt"), words).encode()


def _page(name: str, script: str, words: Mapping[str, str]) -> bytes:
    style = _fill(_source("page.css"), {"FONT": _font()})
    return _fill(_source(name), {**words, "STYLE": style, "SCRIPT": script.replace("</script", "<\\/script")}).encode()


def _fill(text: str, words: Mapping[str, str]) -> str:
    """Replace each `__MARK__` once and in one pass, so that what was put in is never read as a mark again."""
    return re.sub(r"__([A-Z0-9]+)__", lambda match: words.get(match[1], match[0]), text)


@cache
def _source(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def _font() -> str:
    return base64.b64encode(files(__package__).joinpath("atkinson.woff2").read_bytes()).decode()
