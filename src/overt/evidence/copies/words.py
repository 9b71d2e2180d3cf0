"""A copy in words: what it is, where it is, and which step comes next."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from overt.evidence.bag import zipstream
from overt.evidence.bag.zipstream import part_name, parts_of
from overt.evidence.copies import rules
from overt.evidence.copies.register import medium_line
from overt.evidence.copies.rules import CopyKind, CopyState
from overt.evidence.exhibits.folders import bag_folder
from overt.evidence.models import Copy
from overt.policy.queries import policy_in_force


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One copy. `step`: store, test, hand-over or nothing is what comes next; `tag_kind` colours the tag."""

    copy: Copy
    title: str
    medium: str
    where: str
    tag: str
    tag_kind: str
    test: str
    step: str
    on_server: bool
    here: bool
    may_lie: bool  # in a storage location
    may_return: bool
    may_leave: bool  # be handed over, once it is tested: it is on a medium, or links are on
    destruction_due: bool

    @property
    def parts(self) -> list[tuple[int, str]]:
        """Number and file name of each part, where one file would be more than a FAT32 medium holds; else nothing."""
        exhibit = self.copy.exhibit
        folder = bag_folder(exhibit.reference)
        large = exhibit.size_bytes > zipstream.MOST_BYTES * 99 // 100  # no folder is read for what is surely small
        if not (self.here and large and folder.is_dir()) or self.on_server:
            return []
        count = len(parts_of(folder, exhibit.reference))
        names = [(part, part_name(exhibit.reference, part, count)) for part in range(1, count + 1)]
        return names if count > 1 else []

    @property
    def next_words(self) -> str:
        """What comes next, as the page says it."""
        words = {"test": "Write it, then test it", "hand-over": "Hand it over", "store": "Lock it away"}
        return words.get(self.step, "It stays where it is")

    @property
    def write_kind(self) -> str:
        """How the button that writes it stands back once it is written."""
        return "secondary" if self.step in {"hand-over", ""} else ""

    @property
    def hand_over_kind(self) -> str:
        """How the button that hands it over stands back until it was tested."""
        return "" if self.step == "hand-over" else "secondary"


def copy_line(copy: Copy) -> CopyLine:
    here = copy.state in {CopyState.KEPT, CopyState.OUT}
    on_server = copy.medium == rules.SERVER
    tag, tag_kind = _tag(copy)
    due = copy.kind == CopyKind.MASTER and copy.keep_until is not None and copy.keep_until <= timezone.now()
    return CopyLine(
        copy=copy,
        title=f"{copy.exhibit.reference} copy {copy.number}, {copy.kind}",
        medium="In the bag on the server" if on_server else medium_line(copy),
        where=_where(copy),
        tag=tag,
        tag_kind=tag_kind,
        test=_test(copy),
        step=_step(copy) if here else "",
        on_server=on_server,
        here=here,
        may_lie=here and copy.medium not in {rules.SERVER, rules.DOWNLOAD},
        may_return=copy.state == CopyState.HANDED_OVER
        and policy_in_force().in_effect("released_media_may_return") is True,
        may_leave=not _stays_a_file(copy),
        destruction_due=here and not on_server and due,
    )


def _tag(copy: Copy) -> tuple[str, str]:
    if copy.state == CopyState.HANDED_OVER:
        return "Handed over", "ok"
    if copy.state == CopyState.DESTROYED:
        return "Destroyed", ""
    if copy.state == CopyState.OUT:
        return "Out of storage", "wait"
    if copy.test_answer and copy.test_answer != "good":
        return "Failed its test", "late"
    return ("Tested", "ok") if copy.test_answer == "good" else ("Kept", "")


def _where(copy: Copy) -> str:
    if copy.state == CopyState.HANDED_OVER:
        return f"{copy.recipient}, {copy.recipient_number}, {copy.recipient_body}"
    if copy.state == CopyState.DESTROYED:
        return "Destroyed"
    if copy.medium == rules.SERVER:
        return "The server"
    if copy.place is not None:
        return str(copy.place)
    return f"With {copy.made_by.full_name if copy.made_by else 'the server'}, in no storage location"


def _test(copy: Copy) -> str:
    if not copy.test_answer:
        return "Not opened yet"
    return copy.test_detail if copy.test_answer == "good" else f"{copy.test_answer}: {copy.test_detail}"


def _step(copy: Copy) -> str:
    if copy.medium == rules.SERVER:
        return ""
    if copy.kind == CopyKind.MASTER:
        return "store" if copy.place is None else ""
    if copy.test_answer != "good":
        return "test"
    return "" if _stays_a_file(copy) else "hand-over"


def _stays_a_file(copy: Copy) -> bool:
    return copy.medium == rules.DOWNLOAD and policy_in_force().in_effect("link_delivery") == "off"


def terms() -> list[str]:
    """The terms of the release form, in the scheme's name. Source: HERTS-24.6, HERTS-24.7, HERTS-1.7."""
    scheme = policy_in_force().scheme_name
    return [
        f"The recording belongs to {scheme} and is personal data under UK data protection law.",
        "It is used for the purpose above only, and is not copied, shown or passed on beyond it.",
        "It is kept securely, and returned or destroyed when the purpose is over.",
        "From the moment of signing, its continuity is the duty of whoever receives it.",
        "Pictures may show people who have nothing to do with the matter; their privacy is respected.",
    ]
