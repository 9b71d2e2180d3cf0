"""A bag by somebody who has the exhibit's keys: only the scheme's logbook in it can tell, to verify.py and VERIFY.html."""

from __future__ import annotations

import shutil
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from evidence import test_browser
from evidence.forging import FORGE, Log, forged, log_of
from evidence.making import make_bag, run_verify
from logbook.forgeries import Forgery, one_by_one_and_in_pairs, uncovered
from overt.evidence.bag import layout, verify
from overt.evidence.bag.digests import digests_of
from overt.evidence.bag.keys import SigningKeys, make_keys
from overt.evidence.bag.manifests import manifest

browser, page, check = test_browser.browser, test_browser.page, test_browser.check


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SigningKeys]:
    folder = tmp_path_factory.mktemp("forged") / "JD-7"
    keys = make_bag(folder)
    return folder, keys


@pytest.fixture
def bag(made: tuple[Path, SigningKeys], tmp_path: Path) -> Path:
    """A bag of its own, with the logbook of the table in it."""
    folder = Path(shutil.copytree(made[0], tmp_path / "JD-7"))
    log_of(folder).put(folder, made[1])
    return folder


def judged(folder: Path, log: Log, keys: SigningKeys, *heads: str) -> dict[str, Any]:
    log.put(folder, keys)
    given = [head for text in heads for head in verify.read_heads(text)]
    return verify.verify_bag(folder, heads=given)


def left_alone(log: Log, done: tuple[Forgery, ...]) -> bool:
    """Whether all that was forged was then signed with the logbook's own key, the sealing among it."""
    shows_sealing = any(one.entry["action"] == "evidence.exhibit.sealed" for one in log.shown)
    return not uncovered(done) and shows_sealing


def test_an_honest_bag_is_good_and_says_under_which_head_its_entries_stand(
    bag: Path, made: tuple[Path, SigningKeys]
) -> None:
    log = log_of(bag)
    code, report = run_verify(bag, "--head", log.head)
    assert (code, report["findings"]) == (0, [])
    told: Any = report["logbook"]
    assert (told["events"], told["proven"], told["head"], told["held"]) == (3, 3, log.head, "same")
    assert "That head is the one that you hold." in report["proven"]  # type: ignore[operator]
    code, report = run_verify(bag)
    assert code == 0
    assert any("compare its head with one that somebody else holds" in line for line in report["not_proven"])  # type: ignore[attr-defined]
    assert any("That these are all the entries about it" in line for line in report["not_proven"])  # type: ignore[attr-defined]


def test_no_forgery_passes_one_by_one_or_in_pairs(bag: Path, made: tuple[Path, SigningKeys]) -> None:
    assert set(FORGE) == set(Forgery)
    honest = log_of(bag)
    for done in one_by_one_and_in_pairs():
        log = forged(honest, done)
        report = judged(bag, log, made[1], honest.head)
        alone = {one["code"] for one in report["findings"]} - {"head-disagrees"}
        assert alone == (set() if left_alone(log, done) else {"event-bad"}), (done, report["findings"])
        assert report["exit"] == 1 or report["logbook"]["held"] == "other-size", done


def test_what_the_key_s_holder_wrote_anew_is_named_by_the_head_of_the_same_size(
    bag: Path, made: tuple[Path, SigningKeys]
) -> None:
    honest = log_of(bag)
    log = forged(honest, (Forgery.WRITTEN_ANEW,))
    assert judged(bag, log, made[1])["exit"] == 0, "nothing in the bag can show it"
    report = judged(bag, log, made[1], honest.head)
    assert [(one["code"], one["path"]) for one in report["findings"]] == [("head-disagrees", layout.EXHIBIT)]
    assert "That head is the one that you hold." not in report["proven"]


def test_a_head_of_another_size_cannot_be_compared_and_the_verdict_says_so(
    bag: Path, made: tuple[Path, SigningKeys]
) -> None:
    honest = log_of(bag)
    report = judged(bag, forged(honest, (Forgery.CUT_AND_SIGNED,)), made[1], honest.head)
    assert report["exit"] == 0
    assert any("yours is of another size than 4:" in line for line in report["not_proven"])


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("exhibit.json", "metadata/exhibit.json has no head of the logbook that is signed with the logbook's key."),
        ("one proof", "has a proof whose checkpoint is not signed by the logbook's key"),
    ],
)
def test_one_checkpoint_without_a_signature_is_enough(
    bag: Path, made: tuple[Path, SigningKeys], where: str, says: str
) -> None:
    log = log_of(bag)
    unsigned = log.note(log.leaves, None)
    if where == "exhibit.json":
        log.stated = unsigned
    else:
        log.shown[1].note = unsigned
    report = judged(bag, log, made[1])
    assert report["exit"] == 1
    [found] = report["findings"]
    assert (found["code"], says in found["says"]) == ("event-bad", True)


def test_the_entries_of_another_exhibit_do_not_tell_of_this_sealing(bag: Path, made: tuple[Path, SigningKeys]) -> None:
    report = judged(bag, Log("ab" * 64), made[1])
    assert [one["says"] for one in report["findings"]] == [
        "No entry in metadata/events.jsonl is of the sealing of what lies in this folder."
    ]


@pytest.mark.parametrize("given", ["5", "5:AAAA", ":", "x:" + "0" * 64, "-5:" + "0" * 64])
def test_what_is_no_head_is_refused(bag: Path, given: str) -> None:
    assert run_verify(bag, f"--head={given}")[0] == 2


@pytest.mark.parametrize("kind", ["ed25519", "p256"])
def test_one_good_signature_of_two_is_not_enough(bag: Path, made: tuple[Path, SigningKeys], kind: str) -> None:
    """Another key's signature in the place of one, and the plain sums made to fit: the other vouches for nothing."""
    stranger = make_keys()
    name = verify.ED_SIG if kind == "ed25519" else verify.EC_SIG
    signatures = dict(zip(("ed25519", "p256"), stranger.signatures((bag / verify.TAG512).read_bytes()), strict=True))
    (bag / name).write_bytes(signatures[kind])
    signed = {f"signatures/{path.name}": digests_of(path.read_bytes()) for path in (bag / "signatures").iterdir()}
    signed.pop(verify.SIGNATURE_SUMS)
    (bag / verify.SIGNATURE_SUMS).write_bytes(manifest(signed, "sha512"))
    code, report = run_verify(bag)
    assert (code, report["signed"]) == (1, False)
    assert [(one["code"], one["path"]) for one in report["findings"]] == [("signature-bad", name)]  # type: ignore[index, attr-defined]
    for own in run_verify(bag)[1]["key"].values():  # type: ignore[attr-defined]
        if len(own or "") > 60:
            assert run_verify(bag, "--key", own)[0] == 1, "a key that is right does not make it good"


# ---- the page


@pytest.mark.browser
@pytest.mark.skipif(not test_browser.CHROMIUM.exists(), reason="there is no Chromium here")
def test_the_page_gives_the_same_answers_to_every_forgery_and_to_pairs_of_them(
    page: Any, bag: Path, made: tuple[Path, SigningKeys]
) -> None:
    """Every third pair: verify.py is given all of them, and the two must say the same."""
    honest = log_of(bag)
    for done in [*((one,) for one in Forgery), *list(combinations(Forgery, 2))[::3]]:
        theirs = judged(bag, forged(honest, done), made[1])
        report = check(page, bag)
        assert (report["exit"], report["findings"]) == (theirs["exit"], theirs["findings"]), done


@pytest.mark.browser
@pytest.mark.skipif(not test_browser.CHROMIUM.exists(), reason="there is no Chromium here")
def test_the_page_takes_a_head_too(page: Any, bag: Path, made: tuple[Path, SigningKeys]) -> None:
    honest = log_of(bag)
    for log, head, exit_code, held in (
        (honest, honest.head, 0, "same"),
        (forged(honest, (Forgery.WRITTEN_ANEW,)), honest.head, 1, "differs"),
        (forged(honest, (Forgery.CUT_AND_SIGNED,)), honest.head, 0, "other-size"),
    ):
        log.put(bag, made[1])
        page.goto((bag / "VERIFY.html").as_uri())
        page.get_by_label("Head of the scheme").fill(head)
        page.locator("#folder").set_input_files(str(bag))
        test_browser.until(page, "!!window.overtReport")
        report = page.evaluate("window.overtReport")
        assert (report["exit"], report["logbook"]["held"]) == (exit_code, held)
    page.goto((bag / "VERIFY.html").as_uri())
    page.get_by_label("Head of the scheme").fill("5:nonsense")
    page.locator("#folder").set_input_files(str(bag))
    assert page.get_by_role("heading", name="This cannot be checked").is_visible()
