"""Erased words are in no file of the database any more: not in a free page, not in the write-ahead log."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from overt.settings.database import database

#: A logbook in a file of its own. 900 acts, every second to be erased on its day, with reasons long and uneven enough
#: that pages split and rows move. Prints how many copies of the erased words the files hold, at each step.
SCRIPT = """
import os, sqlite3, sys, django
django.setup()
from datetime import date, timedelta
from pathlib import Path
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from overt.logbook.actions import action
from overt.logbook.forgetting import REBUILT
from overt.logbook.models import Personal
from overt.logbook.recording import record
from overt.logbook.services import erase_due

def migrate(*rooms):
    call_command("migrate", *rooms, verbosity=0, skip_checks=True)

def pragma(text):
    with connection.cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchone()  # None where there is nothing to say

def copies():
    folder = Path(settings.DATABASES["default"]["NAME"]).parent
    return sum(path.read_bytes().count(b"GOINGAWAY") for path in folder.glob("overt.sqlite3*"))

def write():
    for start in range(0, 900, 30):
        with transaction.atomic():
            for number in range(start, start + 30):
                going = number % 2 == 0
                words = ("GOINGAWAY" if going else "STAYINGHERE") + "x" * (number * 37 % 1500)
                record("test.thing.sealed", by=None, reason=words, erase_on=date(2020, 1, 1) if going else None)

def erase():
    due = Personal.objects.filter(value__startswith="GOINGAWAY").count()
    assert erase_due(timezone.now()) == due
    assert not Personal.objects.filter(value__contains="GOINGAWAY").exists()
    assert Personal.objects.filter(value__contains="STAYINGHERE").count() == 450

action("test.thing.sealed", "Thing sealed")
"""

PRODUCT = """
migrate("logbook")
assert pragma("PRAGMA secure_delete")[0] == 1
write()
print(copies() > 0)
erase()
print(copies())
"""

READER = """
migrate("logbook")
write()
reader = sqlite3.connect(settings.DATABASES["default"]["NAME"])
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM logbook_personal").fetchone()
pragma("PRAGMA busy_timeout = 50")
erase()
print(copies() > 0)
reader.close()
erase()
print(copies())
"""

OLDER = """
migrate()
pragma("PRAGMA secure_delete = OFF")
pragma("PRAGMA user_version = 0")
write()
pragma("PRAGMA wal_checkpoint(TRUNCATE)")
connection.close()
erase()
print(copies() > 0)
migrate()
print(copies(), pragma("PRAGMA user_version")[0] == REBUILT, pragma("PRAGMA integrity_check")[0])
"""


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        pytest.param(PRODUCT, ["True", "0"], id="written and erased by the product"),
        pytest.param(READER, ["True", "0"], id="somebody reads while it is erased"),
        pytest.param(OLDER, ["True", "0", "True", "ok"], id="written before secure_delete was on"),
    ],
)
def test_erased_words_are_in_no_file(tmp_path: Path, steps: str, said: list[str]) -> None:
    environment = {**os.environ, "OVERT_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "overt.settings"}
    environment.pop("OVERT_DATABASE", None)
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT + steps],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == said


def test_every_connection_overwrites_what_it_frees(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Asked of the settings: this machine's SQLite may have it on by itself."""
    monkeypatch.delenv("OVERT_DATABASE", raising=False)
    assert "PRAGMA secure_delete=ON" in database(tmp_path)["OPTIONS"]["init_command"]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no such setting")
def test_the_tests_own_connection_does_too(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone()[0] == 1
