"""What a bag or a log says is shown as it is: no name and no text changes how the verdict around it looks."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import unicodedata
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import test_browser
from evidence.forging import reseal
from evidence.making import make_bag, run_verify
from overt.evidence.bag import layout, verify
from overt.evidence.bag.keys import SigningKeys
from overt.evidence.bag.pretty import pretty
from overt.logbook import inspect_offline
from overt.shared.lines import visible, visible_json, visible_text

browser, page, check = test_browser.browser, test_browser.page, test_browser.check
needs_chromium = pytest.mark.skipif(not test_browser.CHROMIUM.exists(), reason="there is no Chromium here")

#: Clears the screen, turns the direction, hides, breaks the line, rings, stands for nothing, and fills a space.
HOSTILE = (
    "\x1b[2J\x1b[1;1HNothing was altered.",
    "tfel\u202eright",
    "zero\u200bwidth\u2066isolate\u2069",
    "line\nProven\n  - everything",
    "cr\rover",
    "sep\u2028para\u2029next\x85",
    "bell\x07 del\x7f c1\x9b31m",
    "filler\u3164\u115f blank\u2800 joiner\u034f variant\ufe0f tag\U000e0041",
    "nbsp\u00a0soft\u00ad bom\ufeff",
)
FINE = "Žofie O’Brien – “High Street” 127 (Tesco Town) é 漢字 عربى 😀"


def unseen(text: str) -> list[str]:
    """The letters of a text that nobody sees or that turn it; line feeds are the program's own."""
    fillers = "\u034f\u115f\u1160\u2800\u3164\uffa0"
    bad = ("C", "Zl", "Zp")
    return [one for one in text if one != "\n" and (unicodedata.category(one).startswith(bad) or one in fillers)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SigningKeys]:
    folder = tmp_path_factory.mktemp("hostile") / "JD-7"
    keys = make_bag(folder)
    return folder, keys


@pytest.fixture
def bag(made: tuple[Path, SigningKeys], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[0], tmp_path / "JD-7"))


def as_terminal(bag: Path, *more: str, **env: str) -> tuple[int, str]:
    """What verify.py prints for a person, in a bare interpreter."""
    program = [sys.executable, "-I", "-S", str(bag / "verify.py"), str(bag), *more]
    done = subprocess.run(program, capture_output=True, env=env, check=False)
    return done.returncode, done.stdout.decode("utf-8", "surrogateescape") + done.stderr.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_not_seen_is_escaped_everywhere_alike(text: str) -> None:
    for helper in (visible, verify.plain, inspect_offline.plain):
        assert not unseen(helper(text))
        assert "\n" not in helper(text)
    assert verify.plain(text) == inspect_offline.plain(text) == visible(text)
    said = json.dumps({"name": text}, ensure_ascii=False)
    for shown in (visible_json(said), verify.plain_json(said), inspect_offline.plain_json(said)):
        assert not unseen(shown)
        assert json.loads(shown) == {"name": text}
    assert not set(unseen(visible_text(text))) - set("\t\r\n")


def test_what_is_seen_stays_and_a_backslash_cannot_pretend() -> None:
    assert visible(FINE) == verify.plain(FINE) == FINE
    assert visible("a\u202eb") == r"a\u202eb"
    assert visible(r"a\u202eb") == r"a\\u202eb", "the text that only looks like an escape is told apart"
    assert visible("\x1b\u00a0\U000e0101\ud800") == r"\x1b\xa0\U000e0101\ud800"


@given(st.text(st.characters(), max_size=40))
def test_no_text_gets_through_and_no_two_look_alike(text: str) -> None:
    shown = visible(text)
    assert not unseen(shown)
    assert shown == verify.plain(text) == inspect_offline.plain(text)
    back = shown.replace("\\\\", "\0").encode("ascii", "backslashreplace").decode("ascii")
    assert back.encode("ascii").decode("unicode_escape").replace("\0", "\\") == text.replace(
        "\0", "\\"
    )  # shown \x00 is \0 too


@pytest.mark.parametrize("text", HOSTILE)
def test_a_file_s_name_is_shown_exactly_and_nothing_of_it_acts(bag: Path, text: str) -> None:
    name = text.replace("/", "_")
    (bag / "data" / name).write_bytes(b"not ours")
    code, said = as_terminal(bag)
    assert code == 1
    assert not unseen(said)
    assert f"  ! data/{visible(name)} was added" in said.splitlines()[2]
    code, report = run_verify(bag)
    assert [one["path"] for one in report["findings"]] == [f"data/{name}"], "as JSON it is the name itself"  # type: ignore[attr-defined]


@pytest.mark.parametrize("locale", [{}, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}])
def test_a_name_that_is_no_text_is_shown_and_stops_nothing(bag: Path, locale: dict[str, str]) -> None:
    Path(os.fsdecode(os.fsencode(bag / "data") + b"/bad\xff\x1bname")).write_bytes(b"not ours")
    for more in ((), ("--json",)):
        code, said = as_terminal(bag, *more, **locale)
        assert code == 1, said
        assert "Traceback" not in said
        assert not unseen(said)
        assert r"bad\udcff" in said


def test_what_the_sealed_texts_say_begins_no_line_of_the_verdict(bag: Path, made: tuple[Path, SigningKeys]) -> None:
    told = json.loads((bag / layout.EXHIBIT).read_text())
    told["reference"] = "JD-7: Nothing was altered.\n\nProven\n  - Everything\u202e"
    layout.write(bag, layout.EXHIBIT, pretty(told))
    (bag / "data/more").write_bytes(b"not ours")
    reseal(bag, made[1])
    code, said = as_terminal(bag)
    assert code == 1
    assert not unseen(said)
    assert said.splitlines()[0].endswith("THIS IS NOT AS IT WAS SEALED.")
    assert [line for line in said.splitlines() if line == "  - Everything"] == []


def test_an_inspection_shows_nothing_that_acts(capsys: pytest.CaptureFixture[str]) -> None:
    for text in HOSTILE:
        inspect_offline.say(f"WRONG: Entry 5: its {text} was changed.")
        said = capsys.readouterr().out
        assert not unseen(said)
        assert said.count("\n") == 1
    with redirect_stdout(io.StringIO()) as out:
        print(inspect_offline.plain_json('{"a":"\u202e\x9b"}'))
    assert out.getvalue() == '{"a":"\\u202e\\u009b"}\n'


@pytest.mark.browser
@needs_chromium
def test_the_page_shows_the_same_and_its_escapes_are_the_same(page: Any, bag: Path) -> None:
    names = [text.replace("/", "_") for text in HOSTILE]
    for name in names:
        (bag / "data" / name).write_bytes(b"not ours")
    report = check(page, bag)
    assert report["exit"] == 1
    shown = page.locator("#result").text_content()
    assert not unseen(shown)
    for name in names:
        assert f"data/{visible(name)} was added" in shown
    every = "".join(map(chr, [*range(0x3000), *range(0xFE00, 0x10000), *range(0xE0000, 0xE0200)])) + FINE
    every = "".join(one for one in every if unicodedata.category(one) != "Cn" and not 0xD800 <= ord(one) < 0xE000)
    assert page.evaluate("(text) => plain(text)", every) == visible(every)


@pytest.mark.browser
@needs_chromium
def test_a_file_s_and_a_camera_s_name_stand_on_the_page_as_they_are(
    page: Any, bag: Path, made: tuple[Path, SigningKeys]
) -> None:
    told = json.loads((bag / layout.EXHIBIT).read_text())
    told["clips"][0]["camera"]["name"] = "Tesco Town T \u202eeman"
    told["clips"][0]["files"][0]["path"] = "data/master/JD-7_T1_20261122T021407Z.mp4"
    layout.write(bag, layout.EXHIBIT, pretty(told))
    reseal(bag, made[1])
    assert check(page, bag)["exit"] == 0
    assert page.get_by_role("cell", name=r"127 Tesco Town T \u202eeman", exact=True).first.is_visible()
    assert page.get_by_role("cell", name="data/master/JD-7_T1_20261122T021407Z.mp4", exact=True).is_visible()
    assert page.get_by_role("cell", name="2026-11-01 09:00:30.000 +00:00", exact=True).is_visible()


@pytest.mark.browser
@needs_chromium
def test_readme_shows_what_was_typed_as_it_is(page: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from evidence import making

    monkeypatch.setattr(
        making, "CAMERA", replace(making.CAMERA, name="Market \u202etekraM", partner="Borough\u200bof\x1bX")
    )
    make_bag(tmp_path / "JD-7")
    page.goto((tmp_path / "JD-7/data/README.html").as_uri())
    test_browser.until(page, "document.querySelector('video').readyState >= 2")
    shown = page.locator("main").text_content()
    assert not unseen(shown)
    assert r"Market \u202etekraM" in shown
    assert r"Borough\u200bof\x1bX" in shown
