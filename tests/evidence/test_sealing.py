from __future__ import annotations

import pytest

from overt.evidence import services
from overt.evidence.services import ClipWish
from overt.evidence.services.sealing import bag_folder
from overt.jobs.queue import run_waiting
from playback.making import BEGIN, HZ
from world import World


@pytest.fixture
def sealed(world: World, footage, django_db_blocker):
    exhibit, missing = services.open_exhibit(
        world.asha, "JD/7", "incident 4417", [ClipWish("127", BEGIN + HZ, BEGIN + 7 * HZ)]
    )
    run_waiting()
    exhibit.refresh_from_db()
    return exhibit


def test_a_sealed_exhibit_verifies(sealed):
    print(sealed.failure)
    assert sealed.state == "sealed"
    assert sealed.verified_answer == "good", sealed.verified_detail
    import shutil
    import subprocess
    import sys

    shutil.rmtree("/tmp/evidence/bag", ignore_errors=True)
    shutil.copytree(bag_folder("JD-7"), "/tmp/evidence/bag/JD-7")
    print(
        subprocess.run([sys.executable, "-I", "-S", "/tmp/evidence/bag/JD-7/verify.py"], capture_output=True, text=True)
    )
    assert 0
