"""Asks a camera as one who may: answers its challenges, and never says the password where it must not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from footage.rtsp.control.auth import Challenge, Credentials, challenges, strongest
from footage.rtsp.control.connection import RtspConnection
from footage.rtsp.control.messages import Message
from footage.rtsp.control.setup_answer import read_session
from footage.rtsp.control.target import StreamTarget
from footage.rtsp.errors import StreamLost
from footage.rtsp.events import LossCause
from footage.rtsp.memory import CameraMemory, TryAgain
from footage.rtsp.policy import SessionPolicy

#: Challenges answered for one request: the first, and new nonces where the old one went stale.
_MAX_CHALLENGES = 3


class Asker:
    """One connection's questions. `on_odd` is called for each answer that was taken although it is numbered amiss."""

    def __init__(
        self,
        connection: RtspConnection,
        target: StreamTarget,
        policy: SessionPolicy,
        memory: CameraMemory,
        on_odd: Callable[[], None],
    ) -> None:
        self._connection, self._target, self._policy, self._memory = connection, target, policy, memory
        self._on_odd = on_odd
        self._credentials = memory.credentials
        self._challenged = False  # the camera asked who we are, and has not yet heard the answer
        self.session_id = ""
        self.timeout_seconds: int | None = None  # None: the camera has not told

    @property
    def ended(self) -> bool:
        """Whether the connection is over."""
        return self._connection.ended.done()

    @property
    def signs(self) -> bool:
        """Whether requests carry credentials."""
        return self._credentials is not None

    @property
    def says_password(self) -> bool:
        """Whether it is the password itself that requests carry (Basic)."""
        return self._credentials is not None and self._credentials.challenge.scheme == "basic"

    async def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        seconds: float | None = None,
        sign_in: bool = True,
    ) -> Message:
        """The camera's answer, once it knows who asks. Raises StreamLost, or TryAgain where it closes on its challenge.

        `sign_in` False gives a 401 back as it is; the answer to its challenge goes with the next request.
        """
        for _ in range(_MAX_CHALLENGES):
            answer = await self._sent(method, url, headers or {}, seconds or self._policy.answer)
            if answer.status != 401:
                self._challenged = False
                if self._credentials:
                    self._credentials.accepted = True
                self._take_session(method, answer)
                return answer
            if not sign_in:
                self._keep_for_later(answer)
                return answer
            self._credentials = self._answer_to(answer)
            self._challenged = True
            self._leave_if_closing(answer)
        raise self._refused(self._wrong_password)

    def tell(self, method: str, url: str) -> None:
        """Send a request whose answer nobody waits for."""
        self._connection.tell(method, url, self._headers(method, url))

    async def _sent(self, method: str, url: str, headers: Mapping[str, str], seconds: float) -> Message:
        misnumbered = self._connection.misnumbered
        try:
            return await self._connection.ask(method, url, self._headers(method, url) | dict(headers), seconds)
        except StreamLost as lost:
            if self._challenged and lost.cause is LossCause.CLOSED:
                self._take_along(lost)
            raise
        finally:
            if self._connection.misnumbered != misnumbered:
                self._on_odd()

    def _headers(self, method: str, url: str) -> dict[str, str]:
        headers = {"Session": self.session_id} if self.session_id else {}
        if self._credentials:
            headers["Authorization"] = self._credentials.header(method, url)
        return headers

    def _take_session(self, method: str, answer: Message) -> None:
        """The newest session counts: some cameras begin another one with each SETUP."""
        if method not in ("SETUP", "PLAY") or not 200 <= answer.status < 300:
            return
        session = read_session(answer.header("session"))
        if session:
            self.session_id = session.id
            self.timeout_seconds = session.timeout_seconds or self.timeout_seconds

    # ---- signing in

    def _keep_for_later(self, refusal: Message) -> None:
        """Answer a challenge with the next request; one that cannot be answered is that request's matter."""
        try:
            self._credentials = self._answer_to(refusal)
        except StreamLost:
            return
        self._challenged = True
        self._leave_if_closing(refusal)

    def _leave_if_closing(self, refusal: Message) -> None:
        if "close" in refusal.header("connection").lower():
            self._take_along(StreamLost(LossCause.CLOSED, "The camera closes the connection with its challenge."))

    def _take_along(self, lost: StreamLost) -> None:
        """Give the answer to this challenge first on the next connection. Raises TryAgain."""
        self._memory.credentials = self._credentials
        self._memory.answered_elsewhere = True
        raise TryAgain(lost)

    @property
    def _wrong_password(self) -> str:
        if self._memory.answered_elsewhere:
            return (
                "The camera closes its connection when it asks for the password, and refuses it on the next; check the "
                "user name and the password. If they are right, nobody can sign in this way: update its firmware."
            )
        return "The camera refuses the user name or password; check both."

    def _refused(self, why: str) -> StreamLost:
        self._memory.credentials = None
        return StreamLost(LossCause.REFUSED, why)

    def _answer_to(self, refusal: Message) -> Credentials:
        """Credentials for the challenge of a 401. Raises StreamLost (REFUSED) where trying again would not help."""
        listed = challenges(refusal.headers.get("www-authenticate", ()))
        before = self._memory.offered_digest
        self._memory.offered_digest = before or any(one.scheme == "digest" for one in listed)
        offered = strongest(self._not_refused(listed))
        if offered is None:
            raise self._refused("The camera asks for a way to sign in that is not known here.")
        if not self._target.username:
            raise self._refused("The camera asks for a user name and password, and none is set; give them here.")
        if offered.scheme == "basic":
            self._check_basic(before)
        if not self._worth_answering(offered):
            raise self._refused(self._wrong_password)
        return Credentials(offered, self._target.username, self._target.password)

    def _not_refused(self, listed: list[Challenge]) -> list[Challenge]:
        """Without the kinds of Digest that the camera offered and then did not take, while it offers another.

        Some list one that they cannot check. It costs a camera that refuses the password one more failed try.
        """
        before, refused = self._credentials, self._memory.refused_algorithms
        if before and before.challenge.scheme == "digest" and not before.accepted:
            stale = any(one.stale for one in listed if one.algorithm == before.challenge.algorithm)
            if not stale and before.challenge.algorithm not in refused:
                refused.add(before.challenge.algorithm)
        left = [one for one in listed if one.scheme != "digest" or one.algorithm not in refused]
        if (another := strongest(left)) and another.scheme == "digest":
            return left
        refused.clear()
        return listed

    def _worth_answering(self, offered: Challenge) -> bool:
        """Whether this is no second refusal of the same answer, which would count as guessing."""
        before = self._credentials
        # A nonce that was good and is good no more gets one new try even where the camera forgets to say stale.
        expired = before is not None and before.accepted and before.challenge.fields != offered.fields
        another = before is not None and before.challenge.algorithm in self._memory.refused_algorithms
        return before is None or offered.stale or expired or another

    def _check_basic(self, offered_digest: bool) -> None:
        """Raises StreamLost (REFUSED) where the password must not be said itself. Source: RFC 7617, 4."""
        if offered_digest:
            raise self._refused(
                "The camera asked for Digest before and now only for the password itself (Basic): somebody may stand "
                "in between. If it was changed on purpose, switch its recording off and on again."
            )
        if not self._target.tls and not self._target.basic_allowed:
            raise self._refused(
                "The camera takes the password only unencrypted (Basic). Set it to Digest or rtsps, or switch on "
                '"Allow the password to be sent unencrypted (Basic)" for this camera.'
            )
