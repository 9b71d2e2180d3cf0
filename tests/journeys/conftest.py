"""A whole installation, cameras and a browser: what every journey starts from."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from journeys.installation import Installation, SimulatedCameras, until
from journeys.visitor import TRUST, Visitor, add_person

CHROMIUM = Path("/usr/bin/chromium")
BUILT = Path(__file__).parents[2] / "src/overt/web/static/overt/watch.js"
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"]
PASSWORD = "quarry-lantern-88-bridge"
MANAGER = {"username": "elin", "full_name": "Elin Ward"}
#: Camera password, as the simulated cameras ask for it.
CAMERA_USER, CAMERA_PASSWORD = "overt", "lamp-post-7"


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two drawn films in which a bar moves across."""
    pytest.importorskip("av", reason="the films are drawn with PyAV, from the extra `picture`")
    from footage.simcam.pattern import write_pattern

    folder = tmp_path_factory.mktemp("films")
    return [
        write_pattern(folder / "one.mp4", seconds=4),
        write_pattern(folder / "two.mp4", seconds=4, width=640, height=360),
    ]


@pytest.fixture(scope="session")
def simulated(films: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedCameras]:
    """Two cameras that ask for a password."""
    log = tmp_path_factory.mktemp("simcam") / "log"
    made = SimulatedCameras(films, "--user", CAMERA_USER, "--password", CAMERA_PASSWORD, log=log)
    yield made
    made.close()


@pytest.fixture(scope="session")
def install() -> Iterator[Callable[..., Installation]]:
    """Makes installations on new folders; all of them are gone at the end. Names are short, for sockets' sake."""
    made: list[Installation] = []
    root = Path(tempfile.mkdtemp(prefix="ovj-"))

    def make(name: str, *words: str, **more: str) -> Installation:
        made.append(Installation(root / name, *words, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()
    shutil.rmtree(root, ignore_errors=True)


@dataclass
class Scheme:
    """A running installation with its people (their browsers) and two cameras, 127 and 128 in Market Town."""

    installation: Installation
    people: dict[str, Visitor]
    tokens: dict[str, str] = field(default_factory=dict)

    def api(self, username: str) -> httpx.Client:
        """The API in somebody's name."""
        if username not in self.tokens:
            self.tokens[username] = self.people[username].token()
        headers = {"Authorization": f"Bearer {self.tokens[username]}"}
        return httpx.Client(base_url=f"{self.installation.address}/api/v1", headers=headers, timeout=30.0, verify=TRUST)

    def state(self, number: str) -> Any:
        """A camera as the API tells it to the supervisor."""
        return self.api("dev").get(f"/cameras/{number}").json()

    def wait_for_state(self, number: str, state: str, *, seconds: float = 30.0) -> Any:
        def there() -> Any:
            found = self.state(number)
            return found if found["state"] == state else None

        return until(there, seconds=seconds, says=lambda: self.state(number))

    def entries(self, **filters: str) -> Any:
        """Logbook entries, newest first, as the supervisor's script reads them."""
        return self.api("dev").get("/logbook/entries", params=filters).json()["entries"]


@pytest.fixture(scope="session")
def scheme(install: Callable[..., Installation], simulated: SimulatedCameras) -> Scheme:
    """Brought about without script and by the command line, as somebody in a hurry would."""
    installation = install("line")
    installation.start()
    manager = Visitor(installation.address)
    made = manager.submit(installation.first_run_address(), **MANAGER, password=PASSWORD, again=PASSWORD)
    assert made.status_code == 302, made.text
    manager.password = PASSWORD
    for number, name in (("127", "High Street north"), ("128", "High Street south")):
        camera = simulated.url("cam1" if number == "127" else "cam2")
        words = ["--name", name, "--town", "Market Town", "--partner", "Borough of Marketon", "--new-places"]
        done = installation.overt("camera", "add", number, camera, *words, "--user", CAMERA_USER, "--as", "elin",
                                  OVERT_CAMERA_PASSWORD=CAMERA_PASSWORD)  # fmt: skip
        assert done.returncode == 0, done.stderr
    people = {"elin": manager}
    for username, full_name, role in (
        ("asha", "Asha Patel", "operator"), ("dev", "Dev Chandra", "supervisor"), ("cerys", "Cerys Morgan", "inspector")
    ):  # fmt: skip
        people[username] = add_person(manager, username, full_name, role, PASSWORD)
    found = Scheme(installation, people)
    for number in ("127", "128"):
        found.wait_for_state(number, "recording")
    return found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real browser; skipped with the reason where there is none.

    Not for the whole session: while playwright is open its event loop runs in this thread, and no async test can.
    """
    if not CHROMIUM.exists():
        pytest.skip("there is no Chromium here (Debian's package chromium)")
    if not BUILT.exists():
        pytest.skip("the front end is not built: cd frontend && npm ci && npm run build")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as play:
        running = play.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def browse(chromium: Any) -> Iterator[Callable[..., Any]]:
    """`browse(address)` is a new person's browser window; an error in a page's script fails the test."""
    contexts: list[Any] = []
    errors: list[str] = []

    def make(address: str, username: str = "", password: str = PASSWORD) -> Any:
        context = chromium.new_context(
            base_url=address, locale="en-GB", viewport={"width": 1366, "height": 768}, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        if username:
            sign_in(page, username, password)
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == []


def sign_in(page: Any, username: str, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Sign-in name").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
