"""A camera's challenges are answered as the standards say, once, and never beyond what is safe."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from dataclasses import replace

import pytest

from footage.rtsp.client import StreamTarget
from footage.rtsp.control.auth import Credentials, challenges, strongest
from footage.rtsp.events import Codec, LossCause
from rtsp.listener import IMPATIENT, following, until
from rtsp.pictures import encoded
from rtsp.scripted import Answer, Connection, Request, ScriptedCamera

USER, PASSWORD = "asha", 'p"ä\\ss:1'
coded = encoded(Codec.H264, width=64, height=48, frames=6, gop=3)


class Doorkeeper:
    """The camera's side of signing in, written from RFC 7616 and RFC 7617 and not from our client."""

    def __init__(self, *offers: str, password: str = PASSWORD) -> None:
        self.offers, self.password = offers, password
        self.nonces = ["" if 'nonce=""' in offers[0] else "n0"]
        self.uses: dict[str, list[str]] = {}
        self.failed = 0
        self.stale_said = True
        self.open = False

    def __call__(self, request: Request) -> Answer | None:
        told = request.headers.get("authorization", "")
        if self.open or (told and self.lets_in(request, told)):
            return None
        current = bool(told) and f'nonce="{self.nonces[-1]}"' in told
        self.failed += current or told.startswith("Basic")
        stale = ", stale=true" if told and not current and self.stale_said else ""
        lines = [f"WWW-Authenticate: {offer.format(nonce=self.nonces[-1])}{stale}" for offer in self.offers]
        return Answer(401, "Unauthorized", tuple(lines))

    def lets_in(self, request: Request, told: str) -> bool:
        if told.startswith("Basic "):
            return base64.b64decode(told[6:]).decode() == f"{USER}:{self.password}"
        fields = {
            n: q.replace('\\"', '"').replace("\\\\", "\\") or p
            for n, q, p in re.findall(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))', told)
        }
        if fields["nonce"] != self.nonces[-1] or fields["uri"] != request.url:
            return False
        return fields["response"] == self.expected(request.method, fields)

    def expected(self, method: str, f: dict[str, str]) -> str:
        name = f.get("algorithm", "MD5")
        algorithm = hashlib.sha256 if name.startswith("SHA-256") else hashlib.md5

        def h(text: str) -> str:
            return algorithm(text.encode(errors="surrogateescape")).hexdigest()

        a1 = h(f"{USER}:{f['realm']}:{self.password}")
        if name.endswith("-sess"):
            a1 = h(f"{a1}:{f['nonce']}:{f['cnonce']}")
        a2 = h(f"{method}:{f['uri']}")
        if "qop" not in f:
            return h(f"{a1}:{f['nonce']}:{a2}")
        counts = self.uses.setdefault(f["nonce"], [])
        if f["qop"] != "auth" or f["nc"] in counts:  # a count that comes twice is a replay
            return "refused"
        counts.append(f["nc"])
        return h(f"{a1}:{f['nonce']}:{f['nc']}:{f['cnonce']}:auth:{a2}")


OFFERS = {
    "basic": ['Basic realm="cam"'],
    "digest without an algorithm": ['Digest realm="cam", nonce="{nonce}"'],
    "digest md5 with qop": [
        'Digest realm="cam, \\"north\\"", nonce="{nonce}", algorithm=MD5, qop="auth,auth-int", opaque="o"'
    ],
    "digest sha-256": ['Digest realm="cam", nonce="{nonce}", algorithm=SHA-256, qop="auth"'],
    "digest md5-sess": ['Digest realm="cam", nonce="{nonce}", algorithm=MD5-sess, qop="auth"'],
    "digest with an odd realm": ['Digest realm="c\udce9m, =x; \\"é\\"", nonce="{nonce}"'],
    "digest with an empty nonce": ['Digest realm="cam", nonce=""'],
    "digest with an empty qop": ['Digest realm="cam", nonce="{nonce}", qop="", stale="FALSE"'],
    "digest with lists without quotes": ['Digest realm=cam, qop=auth,auth-int, nonce="{nonce}", algorithm=md5'],
    "an unknown digest beside one": [
        'Digest realm="cam", nonce="x", algorithm=TOKEN',
        'Digest realm="cam", nonce="{nonce}"',
    ],
    "several headers": ['Basic realm="cam"', 'Digest realm="cam", nonce="{nonce}"'],
    "several in one header": ['Basic realm="cam", Digest realm="cam", nonce="{nonce}", algorithm="SHA-256"'],
}


async def visit(door: Doorkeeper, *, password: str = PASSWORD, username: str = USER, pictures: int = 6, play=None):
    camera = ScriptedCamera(coded, before=door)
    if play:
        camera.play = play
    async with camera, following(StreamTarget(camera.url, username, password, basic_allowed=True)) as heard:
        await until(lambda: len(heard.units) >= pictures if pictures else heard.losses)
    return camera, heard


@pytest.mark.parametrize("offers", OFFERS.values(), ids=OFFERS)
async def test_the_right_password_opens_and_a_wrong_one_is_refused_after_one_try(offers):
    door = Doorkeeper(*offers)
    camera, heard = await visit(door)
    assert len(heard.units) == 6
    assert door.failed == 0
    wrong = Doorkeeper(*offers)
    camera, heard = await visit(wrong, password="guess", pictures=0)
    assert heard.losses[0] == (LossCause.REFUSED, "The camera refuses the user name or password; check both.")
    assert wrong.failed == camera.connections == 1
    assert not heard.units


async def test_the_strongest_way_is_taken_and_the_password_stays_unsaid():
    door = Doorkeeper(
        'Basic realm="cam"',
        'Digest realm="cam", nonce="{nonce}"',
        'Digest realm="cam", nonce="{nonce}", algorithm=SHA-256',
    )
    camera, _ = await visit(door)
    used = {request.headers["authorization"] for request in camera.requests[1:]}
    assert all(told.startswith("Digest ") and "algorithm=SHA-256" in told for told in used)
    assert not any(PASSWORD in value for request in camera.requests for value in request.headers.values())


@pytest.mark.parametrize(
    "offer",
    [
        'Digest realm="c", nonce="n", qop="auth-int"',
        ('Digest realm="c", nonce="n", algorithm=TOKEN', 'Basic realm="c"'),
        'Digest realm="c", nonce="n", algorithm=TOKEN',
        "Negotiate",
        "",
        'Digest realm="c"',
    ],
)
async def test_a_way_that_is_not_known_is_refused_with_a_sentence(offer):
    _, heard = await visit(Doorkeeper(*([offer] if isinstance(offer, str) else offer)), pictures=0)
    assert heard.losses[0] == (LossCause.REFUSED, "The camera asks for a way to sign in that is not known here.")


async def test_a_camera_that_asks_for_a_password_when_none_is_set_says_so():
    door = Doorkeeper(*OFFERS["basic"])
    _, heard = await visit(door, username="", password="", pictures=0)
    assert heard.losses[0][0] is LossCause.REFUSED
    assert "none is set" in heard.losses[0][1]
    assert door.failed == 0


async def test_the_password_itself_is_said_only_where_that_is_allowed():
    door = Doorkeeper(*OFFERS["basic"])
    camera = ScriptedCamera(coded, before=door)
    async with camera, following(StreamTarget(camera.url, USER, PASSWORD)) as heard:
        await until(lambda: heard.losses)
    assert heard.losses[0][0] is LossCause.REFUSED
    assert "Allow the password to be sent unencrypted (Basic)" in heard.losses[0][1]
    assert not any("authorization" in request.headers for request in camera.requests)
    async with camera, following(StreamTarget(camera.url, USER, PASSWORD, basic_allowed=True)) as heard:
        await until(lambda: len(heard.units) >= 6)


@pytest.mark.parametrize("when", ["the next session", "the next question"])
async def test_who_asked_for_digest_once_never_gets_the_password_itself(when):
    """Somebody in between can take the Digest out of what a camera offers."""
    door = Doorkeeper(*OFFERS["digest md5 with qop"])

    async def play(connection: Connection) -> None:
        await connection.paced(0.3)
        door.offers = OFFERS["basic"]
        door.lets_in = lambda request, told: told.startswith("Basic")
        if when == "the next session":
            connection.writer.close()
        await asyncio.sleep(3)

    camera = ScriptedCamera(coded, before=door, play=play, session="S;timeout=1")
    async with camera, following(StreamTarget(camera.url, USER, PASSWORD, basic_allowed=True)) as heard:
        await until(lambda: LossCause.REFUSED in [cause for cause, _ in heard.losses])
    refused = next(detail for cause, detail in heard.losses if cause is LossCause.REFUSED)
    assert "somebody may stand in between" in refused
    assert not any(request.headers.get("authorization", "").startswith("Basic") for request in camera.requests)


class Closing(Doorkeeper):
    """Closes the connection with its challenge, and says so or not."""

    said = True

    def __call__(self, request: Request) -> Answer | None:
        answer = None if request.method == "OPTIONS" and not self.all_methods else super().__call__(request)
        headers = ("Connection: close",) if self.said else ()
        return replace(answer, headers=answer.headers + headers, closes=True) if answer else None

    all_methods = False


@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize("all_methods", [True, False])
async def test_a_camera_that_closes_with_its_challenge_hears_the_answer_on_the_next_connection(said, all_methods):
    async def briefly(connection: Connection) -> None:
        await connection.paced(1.1)
        connection.writer.close()

    door = Closing(*OFFERS["digest md5 with qop"])
    door.said, door.all_methods = said, all_methods
    camera = ScriptedCamera(coded, before=door, play=briefly)
    async with camera, following(StreamTarget(camera.url, USER, PASSWORD)) as heard:
        await until(lambda: len(heard.units) >= 6)
        assert (camera.connections, heard.losses, door.failed) == (2, [], 0)
        await until(lambda: heard.losses and heard.story[-1] in ("key", "picture"))
        assert camera.connections == 3, "the next session begins with the answer"


async def test_a_wrong_password_costs_such_a_camera_one_failed_try_too():
    door = Closing(*OFFERS["digest sha-256"])
    camera = ScriptedCamera(coded, before=door)
    async with camera, following(StreamTarget(camera.url, USER, "guess")) as heard:
        await until(lambda: heard.losses)
    assert heard.losses[0] == (
        LossCause.REFUSED,
        "The camera closes its connection when it asks for the password, and refuses it on the next; check the user "
        "name and the password. If they are right, nobody can sign in this way: update its firmware.",
    )
    assert (door.failed, camera.connections) == (1, 2)


@pytest.mark.parametrize("stale_said", [True, False])
async def test_a_nonce_that_expires_between_requests_is_renewed(stale_said):
    door = Doorkeeper(*OFFERS["digest md5 with qop"])
    door.stale_said = stale_said
    inner = door.lets_in

    def expiring(request: Request, told: str) -> bool:
        if request.method in ("SETUP", "PLAY") and f"n{request.method}" not in door.nonces:
            door.nonces.append(f"n{request.method}")
        return inner(request, told)

    door.lets_in = expiring
    camera, _ = await visit(door)
    assert camera.methods[:6] == ["OPTIONS", "DESCRIBE", "SETUP", "SETUP", "PLAY", "PLAY"]
    assert door.failed == 0


async def test_a_camera_that_calls_every_nonce_stale_is_not_asked_for_ever():
    door = Doorkeeper(*OFFERS["digest sha-256"])

    def never(request: Request, told: str) -> bool:
        door.nonces.append(f"n{len(door.nonces)}")
        return False

    door.lets_in = never
    camera, heard = await visit(door, pictures=0)
    assert heard.losses[0][0] is LossCause.REFUSED
    assert camera.methods == ["OPTIONS", *["DESCRIBE"] * 3]


async def test_signing_in_again_in_the_middle_of_a_stream_loses_no_picture():
    """The camera forgets its nonce while it plays; the keep-alive is answered with 401 and then signed anew."""
    door = Doorkeeper(*OFFERS["digest md5 with qop"])

    async def play(connection: Connection) -> None:
        door.nonces.append("fresh")
        await connection.paced(1.6)

    camera = ScriptedCamera(coded, before=door, play=play, session="S;timeout=2")
    async with camera, following(StreamTarget(camera.url, USER, PASSWORD)) as heard:
        await until(lambda: camera.methods.count("GET_PARAMETER") == 2)
        await until(lambda: len(heard.units) > 30)
        assert not heard.losses
    assert door.failed == 0
    assert camera.connections == 1
    assert not heard.lost_packets


async def test_refused_cameras_are_asked_again_slowly():
    """The camera's lock against guessing must not trip: the waits are refused_first and more, not retry_first."""
    door = Doorkeeper(*OFFERS["basic"])
    camera = ScriptedCamera(coded, before=door)
    async with camera, following(StreamTarget(camera.url, USER, "guess", basic_allowed=True)) as heard:
        await until(lambda: len(heard.losses) == 2)
        door.password = "guess"
        await until(lambda: heard.units)
    assert IMPATIENT.refused_first > 4 * IMPATIENT.retry_first
    assert camera.connections == 3


def test_the_example_of_rfc_7616():
    """Section 3.9.1, both algorithms; the client nonce is the example's."""
    header = (
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    expected = {
        "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        "MD5": "8ca523f5e9506fed4657c9700eebdbec",
    }
    for algorithm, response in expected.items():
        [challenge] = challenges([header.format(algorithm)])
        credentials = Credentials(challenge, "Mufasa", "Circle of Life")
        credentials._cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
        assert f'response="{response}"' in credentials.header("GET", "/dir/index.html")


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",,,,",
        "=",
        '"',
        'Digest nonce="',
        "Digest " + "a=b," * 5000,
        'Digest nonce="x\\',
        "\x00\xff",
        "Basic Basic Digest",
    ],
)
def test_broken_challenges_are_no_more_than_that(text):
    strongest(challenges([text]))


async def test_a_digest_that_is_offered_and_not_taken_gives_way_to_the_other_one():
    """Some cameras list SHA-256 and can only check MD5. It is asked once, and not again on the next connection."""
    offers = [
        'Digest realm="cam", nonce="abc", algorithm=SHA-256',
        'Digest realm="cam", nonce="abc", algorithm=MD5',
        'Basic realm="cam"',
    ]
    said: list[str] = []

    def only_md5(request: Request) -> Answer | None:
        told = request.headers.get("authorization", "")
        if request.method != "OPTIONS":
            said.append(re.sub(r".*algorithm=([\w-]+).*", r"\1", told) if told else "")
        if told.startswith("Digest") and "algorithm=MD5" in told:
            return None
        return Answer(401, "Unauthorized", tuple(f"WWW-Authenticate: {one}" for one in offers))

    camera = ScriptedCamera(coded, before=only_md5)
    async with camera, following(StreamTarget(camera.url, "asha", "towpath")) as heard:
        await until(lambda: heard.units)
    assert said[:3] == ["", "SHA-256", "MD5"] or said[:2] == ["SHA-256", "MD5"]
    assert set(said[3:]) == {"MD5"}
    assert not any(one.startswith("Basic") for one in said)
