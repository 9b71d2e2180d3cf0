"""Keeps signed papers (release forms) beside the bags: a scan or a photograph, never changed once kept."""

from __future__ import annotations

import os
from hashlib import sha512
from pathlib import Path

from django.conf import settings

from overt.shared.errors import BadInput

MOST_BYTES = 10 * 1024 * 1024
_KINDS = (
    (b"%PDF-", "pdf", "application/pdf"),
    (b"\xff\xd8\xff", "jpg", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
)


class BadPaper(BadInput):
    """What was given as a signed paper is no PDF, JPEG or PNG, or too large."""

    code = "bad-paper"
    field = "signed_form"


def keep(name: str, data: bytes) -> tuple[str, str]:
    """Write a paper and return its file name and SHA-512. Raises BadPaper."""
    ending = next((kind for start, kind, _ in _KINDS if data.startswith(start)), "")
    if not ending or len(data) > MOST_BYTES:
        raise BadPaper("Give the signed form as a PDF, JPEG or PNG of at most 10 MB.")
    digest = sha512(data).hexdigest()
    path = _folder() / f"{name}-{digest[:8]}.{ending}"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o400)
    return path.name, digest


def read(name: str, digest: str) -> tuple[bytes, str] | None:
    """A kept paper and its content type; None where it is gone or is not what was kept."""
    try:
        data = (_folder() / Path(name).name).read_bytes()
    except OSError:
        return None
    content = next((content for start, _, content in _KINDS if data.startswith(start)), "")
    return (data, content) if content and sha512(data).hexdigest() == digest else None


def erase(name: str) -> None:
    """Take a kept paper or picture off the disk; one that is gone already is gone."""
    (_folder() / Path(name).name).unlink(missing_ok=True)


def _folder() -> Path:
    """A name that no exhibit's reference can have."""
    return Path(settings.EXHIBITS) / ".papers"
