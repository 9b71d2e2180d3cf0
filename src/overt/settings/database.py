"""Which database holds the records: a SQLite file in the data folder, or PostgreSQL where OVERT_DATABASE says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from overt.shared.env import WrongSetting, env_secret


def database(data: Path) -> dict[str, Any]:
    """Django's settings for the records.

    OVERT_DATABASE is empty (SQLite in the data folder) or `postgresql://user:password@host:port/name`; the host may
    be given as `?host=/path/of/socket`. Raises WrongSetting for anything else.
    """
    address = env_secret("OVERT_DATABASE")
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data / "overt.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # writers queue at BEGIN instead of failing half way
                "timeout": 30,
                # secure_delete: what is erased is overwritten in the file, and not merely in no table any more.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                " PRAGMA secure_delete=ON",
            },
        }
    expected = "OVERT_DATABASE: expected postgresql://user:password@host:port/name, or nothing for SQLite"
    try:
        parts = urlsplit(address)
        port = parts.port or ""
    except ValueError:
        raise WrongSetting(expected) from None
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise WrongSetting(expected)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": port,
        "OPTIONS": query,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
