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
#: The tests' cameras are simulated ones on this machine, which is no camera network by itself.
os.environ["OVERT_CAMERA_NETWORKS"] = "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
