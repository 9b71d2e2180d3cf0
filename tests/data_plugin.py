"""Gives a run of the tests a data folder of its own before the settings are read, for reading them makes secrets.

Named in pyproject.toml with `-p`, since pytest-django reads the settings before any conftest.py.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

#: Replaces whatever was there: the tests look at nobody's installation.
DATA = tempfile.mkdtemp(prefix="ov-")
os.environ["OVERT_DATA"] = DATA
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
