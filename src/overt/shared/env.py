"""Typed readers of the environment. A wrong value stops the start with its name and what was expected."""

from __future__ import annotations

import os
import re
import tempfile
from hashlib import sha256
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo


class WrongSetting(Exception):
    """A setting has a value that cannot be used; the text names it and says what was expected."""


def env_text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def env_pattern(name: str, default: str) -> str:
    """A regular expression. Raises WrongSetting for one that cannot be read."""
    given = os.environ.get(name, default)
    try:
        re.compile(given)
    except re.error as error:
        raise WrongSetting(f"{name}: expected a regular expression such as {default}: {error}") from None
    return given


def env_secret(name: str, default: str = "") -> str:
    """The value of `name`, or the content of the file named by `name_FILE`."""
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return os.environ.get(name, default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise WrongSetting(f"{name}_FILE={path}: expected a readable file ({error.strerror})") from None


def env_bool(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise WrongSetting(f"{name}={value}: expected yes or no")


def env_int(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        number = int(value)
    except ValueError:
        raise WrongSetting(f"{name}={value}: expected a whole number from {least} to {most}") from None
    if not least <= number <= most:
        raise WrongSetting(f"{name}={value}: expected a whole number from {least} to {most}")
    return number


def env_list(name: str, default: str = "") -> list[str]:
    """Comma-separated words; spaces around them do not count."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def env_networks(name: str, default: str = "") -> list[str]:
    """Networks as CIDR, with commas between; one address is a network of its own."""
    found = []
    for word in env_list(name, default):
        try:
            found.append(str(ip_network(word, strict=False)))
        except ValueError:
            raise WrongSetting(f"{name}: expected networks such as 10.20.0.0/16, found {word}") from None
    return found


def env_origins(name: str) -> list[str]:
    """Origins as a browser sends them, scheme and host without a path; with commas between."""
    found = env_list(name)
    for word in found:
        parts = urlsplit(word)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
            raise WrongSetting(f"{name}: expected origins such as https://cctv.example.org, found {word}")
    return found


def env_zone(name: str, default: str) -> str:
    """The name of a time zone that this machine knows."""
    value = os.environ.get(name) or default
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):  # no such name, a path out of the folder, a folder
        raise WrongSetting(f"{name}={value}: expected a time zone such as Europe/London") from None
    return value


def env_http(name: str) -> str:
    """An address of the web, or nothing."""
    value = os.environ.get(name, "").strip()
    try:
        parts = urlsplit(value)
        usable = not value or (parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        usable = False
    if not usable:
        raise WrongSetting(f"{name}={value}: expected an address such as https://tsa.example.org/")
    return value


def env_path(name: str, default: Path) -> Path:
    value = os.environ.get(name)
    return Path(value).expanduser().resolve() if value else default.resolve()


def env_choice(name: str, default: str, choices: set[str]) -> str:
    value = os.environ.get(name, default)
    if value not in choices:
        raise WrongSetting(f"{name}={value}: expected one of {', '.join(sorted(choices))}")
    return value


def short_folder(wanted: Path) -> Path:
    """The folder itself where a Unix socket's path (107 bytes) fits into it, else this user's temporary one."""
    if len(os.fsencode(wanted.resolve())) <= 80:
        return wanted
    name = sha256(os.fsencode(wanted.resolve())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"overt-{os.getuid()}-{name}"
