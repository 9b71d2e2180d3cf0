"""An exhibit's page in words: what it is now, what comes next, what is true of it, what happened."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from footage.contract import ClipFile, Gap
from footage.times import utc_shown
from overt.evidence.bag.readme import duration_words
from overt.evidence.exhibits.events import HistoryLine, history_of
from overt.evidence.exhibits.rules import ExhibitState
from overt.evidence.exhibits.tree import Tree, draw_tree
from overt.evidence.models import Exhibit, ExhibitClip
from overt.shared.lines import visible
from overt.shared.local_times import span_words


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    kind: str  # ok, wait, late, held or nothing


@dataclass(frozen=True, slots=True)
class ClipLine:
    """One clip as the page lists it."""

    clip: ExhibitClip
    start: datetime
    end: datetime
    length: str
    frames: int
    picture: str
    clock: str
    early_seconds: str  # how much before the in point the files begin; empty for not at all
    gaps: Sequence[tuple[datetime, datetime, str]]

    @property
    def details(self) -> str:
        """What the recording is: frames, picture, clock, and how early its file begins."""
        early = f"; begins {self.early_seconds} s before the in point, on a key frame" if self.early_seconds else ""
        return f"{self.frames} frames, {self.picture}; {self.clock}{early}"

    @property
    def still_address(self) -> str:
        """Where a still of this clip is taken, with what the form asks already filled in."""
        start, end = self.clip.start_90k, self.clip.end_90k
        words = {"camera": self.clip.camera.number, "at": start, "start": start, "end": end}
        return f"{reverse('take-still')}?{urlencode(words)}"


@dataclass(frozen=True, slots=True)
class Story:
    state: Chip  # one or two words, for the register
    chips: Sequence[Chip]
    cameras: str
    first: datetime | None
    last: datetime | None
    lead: str
    clips: Sequence[ClipLine]
    wrong: Sequence[str]  # what the last verification found
    tree: Tree | None
    happened: Sequence[HistoryLine]
    fingerprint: str  # in groups of four
    digest: str

    @property
    def copy_kind(self) -> str:
        """How the button that makes a copy stands back where something is wrong."""
        return "secondary" if self.wrong else ""


def story(exhibit: Exhibit, *, whole: bool = False) -> Story:
    """The words for the register's row, or (`whole`) for the exhibit's own page."""
    clips = [_line(clip) for clip in exhibit.clips.all()]
    names = list(dict.fromkeys(f"{line.clip.camera.number} {line.clip.camera.name}" for line in clips))
    return Story(
        state=_state(exhibit),
        chips=_chips(exhibit),
        cameras=", ".join(names),
        first=min((line.start for line in clips), default=None),
        last=max((line.end for line in clips), default=None),
        lead=_lead(exhibit, clips, names),
        clips=clips,
        wrong=[visible(line) for line in json.loads(exhibit.verified_detail or "[]")],
        tree=draw_tree(exhibit) if whole else None,
        happened=history_of(exhibit) if whole else (),
        fingerprint=_grouped(exhibit.key_fingerprint),
        digest=_grouped(exhibit.tags_sha512[:64]),
    )


def _state(exhibit: Exhibit) -> Chip:
    if exhibit.state == ExhibitState.SEALED and exhibit.verified_answer not in {"", "good"}:
        return Chip("Altered", "late")
    words = {
        ExhibitState.SEALED: Chip("Sealed", "ok"),
        ExhibitState.FAILED: Chip("Not\u00a0sealed", "late"),
        ExhibitState.SEALING: Chip("Being\u00a0sealed", "wait"),
    }
    return words.get(ExhibitState(exhibit.state), Chip(exhibit.state, ""))


def _chips(exhibit: Exhibit) -> list[Chip]:
    if exhibit.state == ExhibitState.FAILED:
        return [Chip("Not sealed", "late")]
    if exhibit.state != ExhibitState.SEALED:
        return [Chip("Being sealed", "wait")]
    if exhibit.verified_answer == "good" and exhibit.verified_at is not None:
        chips = [Chip(f"Sealed, verified {_day(exhibit.verified_at)}", "ok")]
    elif exhibit.verified_answer:
        chips = [Chip("Altered since it was sealed", "late")]
    else:
        chips = [Chip("Sealed, being verified", "wait")]
    if exhibit.time_stamped_at is not None:
        chips.append(Chip("Time-stamped", ""))
    return chips


def _day(moment: datetime) -> str:
    local, today = timezone.localtime(moment), timezone.localtime().date()
    if local.date() == today:
        return f"today {local:%H:%M}"
    return f"{local.day} {local:%b %Y %H:%M}"


def _lead(exhibit: Exhibit, clips: Sequence[ClipLine], names: Sequence[str]) -> str:
    where = names[0] if len(names) == 1 else f"{len(names)} cameras"
    count = "One clip" if len(clips) == 1 else f"{len(clips)} clips"
    start, end = (min(line.start for line in clips), max(line.end for line in clips)) if clips else (None, None)
    span = f", {span_words(timezone.localtime(start), timezone.localtime(end))}" if start and end else ""
    told = f"{count} from {where}{span}."
    if exhibit.state == ExhibitState.FAILED:
        return f"{told} It could not be sealed: {exhibit.failure}"
    if exhibit.state != ExhibitState.SEALED:
        return f"{told} The recordings are being cut, hashed and copied; the footage is held meanwhile."
    if exhibit.verified_answer not in {"", "good"}:
        return f"{told} It is no longer as it was sealed: what differs is named below."
    gaps = sum(len(line.gaps) for line in clips)
    missing = "Nothing is missing from" if not gaps else f"{gaps} {'gap is' if gaps == 1 else 'gaps are'} in"
    missing += " it." if len(clips) == 1 else " them."
    return f"{told} {missing} The master and a bit-for-bit working copy are in the bag."


def _line(clip: ExhibitClip) -> ClipLine:
    files = clip.files_cut
    start = min((found.start_90k for found in files), default=clip.start_90k)
    early = (clip.start_90k - start) / 90_000
    first = files[0] if files else None
    return ClipLine(
        clip=clip,
        start=utc_shown(clip.start_90k),
        end=utc_shown(clip.end_90k),
        length=duration_words(clip.end_90k - clip.start_90k),
        frames=sum(found.frames for found in files),
        picture=f"{first.width} × {first.height}, {first.codec}, {_sound(first)}" if first else "",
        clock=_clock(clip.clock_offset_ms),
        early_seconds=f"{early:.2f}" if early > 0 else "",
        gaps=[_gap(gap, clip) for gap in clip.gaps_found],
    )


def _gap(gap: Gap, clip: ExhibitClip) -> tuple[datetime, datetime, str]:
    return utc_shown(gap.start_90k), utc_shown(gap.end_90k or clip.end_90k), gap.words


def _sound(found: ClipFile) -> str:
    return "with sound" if found.sound else "no sound"


def _clock(offset_ms: int | None) -> str:
    if offset_ms is None:
        return "its own clock was not measured; times are the server's"
    side = "ahead" if offset_ms > 0 else "behind"
    return f"its own clock ran {abs(offset_ms) / 1000:.3f} s {side}; times are the server's"


def _grouped(digest: str) -> str:
    return " ".join(digest[n : n + 4] for n in range(0, len(digest), 4))
