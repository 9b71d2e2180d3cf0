"""The pages and programs that travel in every bag, each one file that needs nothing else."""

from __future__ import annotations

import base64
import json
from functools import cache
from html import escape
from importlib.resources import files

from overt.shared.canonical import Json


def verify_page(reference: str) -> bytes:
    """VERIFY.html: drop the folder on it."""
    script = "\n".join(_source(name) for name in ("sha2.js", "bag.js", "signatures.js", "findings.js", "verify.js"))
    return _page("verify.html", script).replace("__REFERENCE__", escape(reference)).encode()


def readme_page(facts: Json, reference: str) -> bytes:
    """data/README.html: plays the recordings with their true time."""
    data = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    page = _page("readme.html", _source("player.js")).replace("__REFERENCE__", escape(reference))
    return page.replace("__FACTS__", data).encode()


def verify_program() -> bytes:
    """verify.py, as it lies beside this package."""
    return files("overt.evidence.bag").joinpath("verify.py").read_bytes()


def how_to_verify(reference: str, fingerprints: tuple[str, str]) -> bytes:
    """HOW-TO-VERIFY.txt: the same by hand."""
    spaced = [" ".join(f[n : n + 4] for n in range(0, 64, 4)) for f in fingerprints]
    text = _source("how-to-verify.txt").replace("__REFERENCE__", reference)
    return text.replace("__ED25519__", spaced[0]).replace("__P256__", spaced[1]).encode()


def _page(name: str, script: str) -> str:
    page = _source(name).replace("__STYLE__", _source("page.css").replace("__FONT__", _font()))
    return page.replace("__SCRIPT__", script.replace("</script", "<\\/script"))


@cache
def _source(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def _font() -> str:
    return base64.b64encode(files(__package__).joinpath("atkinson.woff2").read_bytes()).decode()
