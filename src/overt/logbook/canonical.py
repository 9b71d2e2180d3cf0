"""What exactly is hashed: an entry's one canonical form, and the commitments to its personal content.

Kept in step with inspect_offline.py, which says the same without our software.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from json.encoder import encode_basestring

from overt.shared.canonical import Json, canonical


def moment_text(moment: datetime) -> str:
    """2026-04-01T02:14:07.123456Z: UTC, always six digits."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def entry_bytes(
    *, number: int, at: str, action: str, subject: tuple[str, str], camera: str, facts: str, commitments: str
) -> bytes:
    """The canonical JSON of an entry; `facts` and `commitments` are canonical JSON already.

    Built from its parts, since parsing and writing JSON again would be most of the time of checking a million
    entries. The other texts hold nothing that JSON escapes; recording and verify see to that.
    """
    kind, key = subject
    return (
        f'{{"action":"{action}","at":"{at}","camera":"{camera}","commitments":{commitments},"facts":{facts},'
        f'"number":{number},"subject":{{"id":"{key}","kind":"{kind}"}}}}'
    ).encode()


def commitment(salt: bytes, value: str) -> str:
    """Hexadecimal SHA-256 of the salt and the value's canonical JSON: tells nothing without the salt."""
    # The canonical JSON of a text is its quoted form; the long way round would be most of a check's time.
    return sha256(salt + encode_basestring(value).encode()).hexdigest()


def canonical_text(value: Mapping[str, Json]) -> str:
    """Canonical JSON as text. A lone surrogate or NUL, which PostgreSQL cannot hold, becomes U+FFFD."""
    try:
        return canonical(value).decode()
    except UnicodeEncodeError:
        return canonical(_clean(value)).decode()


def clean_text(text: str) -> str:
    """Text that every database can hold and UTF-8 can write."""
    if "\0" not in text and text.isprintable():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def _clean(value: Json) -> Json:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(key): _clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value]
    return value
