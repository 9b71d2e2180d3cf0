"""Writes data/README.html: what the exhibit shows, and a player for it that opens in any browser."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from zoneinfo import ZoneInfo

from footage.times import utc_shown
from overt.evidence.bag.facts import ClipFacts, FileFacts, clip_json, file_json
from overt.evidence.bag.index import Fragment
from overt.evidence.bag.pages import readme_page
from overt.shared.canonical import Json
from overt.shared.lines import visible
from overt.shared.local_times import span_words

HZ = 90_000


def readme(reference: str, scheme: str, reason: str, zone: ZoneInfo, clips: Sequence[ClipFacts]) -> bytes:
    """The page, with the index of every frame in it, so that it needs no other file than the recordings."""
    facts: dict[str, Json] = {"time_zone": zone.key, "clips": [_clip(clip, zone) for clip in clips]}
    rows = [("Reason", reason or "none given"), *(row for clip in clips for row in _clip_rows(clip))]
    table = "".join(f"<dt>{_shown(key)}</dt><dd>{_shown(value)}</dd>" for key, value in rows)
    words = {
        "REFERENCE": escape(reference),
        "SCHEME": _shown(scheme),
        "TITLE": _shown(_title(clips)),
        "LEAD": _shown(lead(clips, zone)),
        "CHIPS": _chips(clips),
        "ZONE": escape(zone.key.replace("_", " ")),
        "CLOCKS": _shown(" ".join(clock_words(clip) for clip in clips)),
        "TABLE": f"<h2>Facts</h2><dl>{table}</dl>",
    }
    return readme_page(facts, words)


def _shown(text: str) -> str:
    """Text as safe HTML, whoever typed it: nothing in it is hidden, or turns the direction of what stands beside it."""
    return escape(visible(text))


def lead(clips: Sequence[ClipFacts], zone: ZoneInfo) -> str:
    """What there is, in two sentences: how many clips, of when, and whether anything is missing."""
    start = utc_shown(min(clip.start_90k for clip in clips)).astimezone(zone)
    end = utc_shown(max(clip.end_90k for clip in clips)).astimezone(zone)
    one = "One clip" if len(clips) == 1 else f"{len(clips)} clips"
    count, pronoun = sum(len(clip.gaps) for clip in clips), "it" if len(clips) == 1 else "them"
    gaps = f"{count} {'gap is' if count == 1 else 'gaps are'} in {pronoun}, listed below with the cause."
    return f"{one}, {span_words(start, end)}. {gaps if count else f'Nothing is missing from {pronoun}.'}"


def clock_words(clip: ClipFacts) -> str:
    """How the camera's own clock stood against the server's."""
    if clip.clock_offset_ms is None:
        return f"Camera {clip.camera.number}: its own clock was not measured."
    seconds = abs(clip.clock_offset_ms) / 1000
    side = "ahead of" if clip.clock_offset_ms > 0 else "behind"
    return f"Camera {clip.camera.number}: its own clock ran {seconds:.3f} s {side} the server's."


def duration_words(ticks: int) -> str:
    """5 min 14 s, 1 h 2 min, 7 s."""
    seconds = round(ticks / HZ)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else seconds, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


def _title(clips: Sequence[ClipFacts]) -> str:
    names = list(dict.fromkeys(clip.camera.name for clip in clips))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _chips(clips: Sequence[ClipFacts]) -> str:
    # Of the pictures themselves: one file goes on over a gap.
    length = duration_words(sum(f.duration_90k for clip in clips for found in clip.files for f in found.index))
    count = sum(len(clip.gaps) for clip in clips)
    gaps = "no gap" if not count else f"{count} gap{'s' if count > 1 else ''}"
    return f'<span class="chip">{length} recorded</span> <span class="chip{" gapped" if count else ""}">{gaps}</span>'


def _clip_rows(clip: ClipFacts) -> list[tuple[str, str]]:
    camera = clip.camera
    place = f"{camera.latitude}, {camera.longitude}" if camera.latitude else "place not recorded"
    rows = [(f"Camera {camera.number}", f"{camera.name}, {camera.town}; {camera.partner}; {place}")]
    for number, found in enumerate(clip.files, start=1):
        early = (clip.start_90k - found.cut.start_90k) / HZ if number == 1 else 0
        begins = f"; begins {early:.2f} s before the in point, on a key frame, and hides nothing" if early > 0 else ""
        sound = "with sound" if found.cut.sound else "no sound"
        told = f"{found.name}: {found.cut.size_bytes:,} bytes, {found.cut.codec}, {sound}{begins}."
        rows.append((f"Recording {number}", f"{told} SHA-256 {found.cut.sha256}"))
    return rows


def _clip(clip: ClipFacts, zone: ZoneInfo) -> dict[str, Json]:
    told = clip_json(clip, zone)
    told["files"] = [_file(found, zone) for found in clip.files]
    return {key: told[key] for key in ("camera", "asked_for", "files", "gaps")}


def _file(found: FileFacts, zone: ZoneInfo) -> dict[str, Json]:
    told = file_json(found, zone)
    kept = ("path", "start_90k", "end_90k", "frames", "width", "height", "sound")
    index: list[Json] = [_runs(fragment) for fragment in found.index]
    return {**{key: told[key] for key in kept}, "index": index}


def _runs(fragment: Fragment) -> list[Json]:
    """[media time, UTC, [[duration, count], ...]]: frames of one length are told once."""
    runs: list[Json] = [[duration, len(list(same))] for duration, same in groupby(fragment.durations)]
    return [fragment.media_90k, fragment.utc_90k, runs]
