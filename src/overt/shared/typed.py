"""What somebody typed into a form, kept for the same person while something else comes first: signing in, mostly.

Each form says in a signed field (`TOKEN`) for whom its page was made and which of its fields are passwords. So what is
sent after the session has ended is still known to be this person's, and nothing that anybody else sends is ever kept.
The values lie on the server, in the session; the address holds a key that means nothing elsewhere. Passwords and the
bytes of files are not kept: their fields are named as to be given again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from html import unescape
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, QueryDict

#: The hidden field of every form, and the word in the address that asks for what was kept.
TOKEN, ASKED = "form_of", "kept"
#: The longest text that is kept in all, and for how many forms at once; a policy's document is the longest.
MOST_CHARACTERS, MOST_FORMS = 600_000, 3
_SESSION = "kept_forms"
_SALT = "overt.typed"
_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(type|name)="([^"]*)"')
#: `rtsp://name:password@host`: an address with a password in it.
_WITH_PASSWORD = re.compile(r"://[^/\s]*@")
#: What a form holds besides what was typed.
_OF_THE_HOUSE = {"csrfmiddlewaretoken", TOKEN}


@dataclass(frozen=True, slots=True)
class FormOf:
    """For whom a form was drawn, which of its fields nobody sees (`hidden`) or may keep (`secret`), and where it goes.

    `elsewhere`: not to the page it stands on, so the address it goes to has no such form to show.
    """

    person: str
    elsewhere: bool = False
    secret: Sequence[str] = ()
    hidden: Sequence[str] = ()


@dataclass(slots=True)
class Typed:
    """What was sent and not acted on: the fields' values (as `QueryDict.lists` gives them) and the names of files."""

    person: str
    path: str
    values: dict[str, list[str]]
    files: dict[str, list[str]]
    left_out: list[str]  # fields with a password in them
    hidden: list[str]
    elsewhere: bool = False
    key: str = ""
    shown: bool = False  # the view filled its own form with them

    @property
    def data(self) -> QueryDict:
        """As a form takes it."""
        made = QueryDict(mutable=True)
        for name, values in self.values.items():
            made.setlist(name, values)
        return made

    @property
    def file_names(self) -> list[str]:
        return [name for names in self.files.values() for name in names]

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Name, words and value of each field that a person could see."""
        seen = ((name, values) for name, values in self.values.items() if name not in self.hidden)
        return [(name, _words(name), value) for name, values in seen for value in values]

    @property
    def unseen(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.values.items() if name in self.hidden for value in values]


def token_of(person: object, markup: str, *, elsewhere: bool) -> str:
    """The signed field of a form drawn for somebody, from the markup of its fields. The same for the same form."""
    kinds: dict[str, list[str]] = {"password": [], "hidden": []}
    for tag in _INPUT.findall(markup):
        said = dict(_ATTRIBUTE.findall(tag))
        if said.get("type") in kinds and said.get("name"):
            kinds[said["type"]].append(unescape(said["name"]))
    made = FormOf(str(person), elsewhere, tuple(kinds["password"]), tuple(kinds["hidden"]))
    return Signer(salt=_SALT).sign_object(asdict(made))


def typed_in(request: HttpRequest) -> Typed | None:
    """What this POST holds, or None where it does not say for whom its form was drawn, or cannot be read."""
    try:
        posted, files = request.POST, request.FILES
        said = FormOf(**Signer(salt=_SALT).unsign_object(posted.get(TOKEN, "")))
    except (BadSignature, RequestDataTooBig, SuspiciousOperation, TypeError, ValueError):
        return None
    names = [name for name in posted if name not in _OF_THE_HOUSE]
    left_out = [name for name in names if name in said.secret or _has_password(posted.getlist(name))]
    values = {name: posted.getlist(name) for name in names if name not in left_out}
    if sum(len(value) for kept in values.values() for value in kept) > MOST_CHARACTERS:
        return None
    chosen = {name: [str(one.name) for one in files.getlist(name)] for name in files}
    return Typed(said.person, request.get_full_path(), values, chosen, left_out, list(said.hidden), said.elsewhere)


def keep(session: SessionBase, typed: Typed) -> str:
    """Keep it; returns the address at which its person finds the form again."""
    key = secrets.token_urlsafe(9)
    kept = dict(session.get(_SESSION, {}))
    while len(kept) >= MOST_FORMS:
        del kept[next(iter(kept))]
    fields = ("person", "path", "values", "files", "left_out", "hidden", "elsewhere")
    kept[key] = {name: getattr(typed, name) for name in fields}
    session[_SESSION] = kept
    path, mark, query = typed.path.partition("?")
    rest = [part for part in query.split("&") if part and not part.startswith(f"{ASKED}=")] if mark else []
    return f"{path}?{'&'.join([*rest, f'{ASKED}={key}'])}"


def kept_for(session: SessionBase, key: str, person: object) -> Typed | None:
    """What was kept under a key; what is another person's is thrown away unseen."""
    found: Mapping[str, Any] | None = session.get(_SESSION, {}).get(key)
    if found is None:
        return None
    if found["person"] != str(person):
        forget(session, key)
        return None
    return Typed(**found, key=key)


def forget(session: SessionBase, key: str) -> None:
    """It was sent again, or is nobody's."""
    if key in session.get(_SESSION, {}):
        session[_SESSION] = {other: kept for other, kept in session[_SESSION].items() if other != key}


def _has_password(values: Sequence[str]) -> bool:
    return any(_WITH_PASSWORD.search(value) for value in values)


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").strip().capitalize()
