"""VERIFY.html and a time stamp: what it proves, what it refuses as verify.py does, and what it leaves to that."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from evidence import test_browser
from evidence.making import make_bag, run_verify
from evidence.test_stamp_rules import BAD, GOOD, chain
from evidence.test_time_stamp import relist
from overt.evidence.bag import verify

browser, page, check = test_browser.browser, test_browser.page, test_browser.check
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not test_browser.CHROMIUM.exists(), reason="there is no Chromium here"),
]
#: What it does not follow: the certificates above the authority's own, and it says so. One of them stands for all.
ABOVE, ONE_OF_THEM = ("an intermediate", "a root", "a CA for"), "an intermediate that is no CA"


@pytest.fixture(scope="module")
def stamped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stamped") / "JD-7"
    make_bag(folder, time_stamp=chain().stamp)
    return folder


def with_stamp(stamped: Path, to: Path, answer: bytes) -> Path:
    copy = Path(shutil.copytree(stamped, to / "JD-7", dirs_exist_ok=True))
    (copy / verify.STAMP).write_bytes(answer)
    relist(copy)
    return copy


def test_each_rule_of_the_stamp_itself_is_named_as_verify_py_names_it(page: Any, stamped: Path, tmp_path: Path) -> None:
    message = (stamped / verify.TAG512).read_bytes()
    for name, (make, why) in BAD.items():
        if name.startswith(ABOVE) and name != ONE_OF_THEM:
            continue
        copy = with_stamp(stamped, tmp_path, make().over(message))
        report = check(page, copy)
        if name == ONE_OF_THEM:
            assert report["exit"] == 0, name
            assert "This page does not follow its certificates" in page.locator("#result").text_content()
        else:
            theirs = verify.verify_bag(copy)["findings"]
            said = [one["says"].replace("this page", "this program") for one in report["findings"]]
            assert said == [one["says"] for one in theirs], name
            assert why in said[0]


def test_what_the_rules_allow_is_good_to_the_page_too(page: Any, stamped: Path, tmp_path: Path) -> None:
    message = (stamped / verify.TAG512).read_bytes()
    for name, make in GOOD.items():
        copy = with_stamp(stamped, tmp_path, make().over(message))
        report = check(page, copy)
        assert (report["exit"], report["time_stamp"]["answer"]) == (0, "good"), (name, report["findings"])


def test_a_stamp_that_was_promised_is_missed(page: Any, stamped: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(stamped, tmp_path / "JD-7"))
    (copy / verify.STAMP).unlink()
    relist(copy)
    report = check(page, copy)
    assert report["findings"] == run_verify(copy)[1]["findings"]
    assert report["exit"] == 1
