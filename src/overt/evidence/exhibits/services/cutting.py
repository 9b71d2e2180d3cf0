"""Cuts an exhibit's clips into a draft, duplicates them, and fixes the content."""

from __future__ import annotations

import shutil
from pathlib import Path

from footage.contract import CameraId, ClipRequest
from overt.estate.node import node
from overt.evidence import papers
from overt.evidence.bag import build, layout
from overt.evidence.bag.build import Content
from overt.evidence.bag.facts import ClipFacts
from overt.evidence.bag.readme import readme
from overt.evidence.errors import SealBroken
from overt.evidence.exhibits.bag_facts import clip_facts, still_name, stills_of
from overt.evidence.exhibits.services.progress import Meter
from overt.evidence.models import Exhibit, ExhibitClip
from overt.evidence.moments import zone
from overt.policy.queries import policy_in_force


def cut_content(exhibit: Exhibit, draft: Path, meter: Meter) -> tuple[list[ClipFacts], Content]:
    shutil.rmtree(draft, ignore_errors=True)
    (draft / layout.MASTER).mkdir(parents=True)
    rows = list(exhibit.clips.select_related("camera__partner", "camera__town"))
    meter.plan(rows)
    clips = [_cut_clip(exhibit, row, draft, meter) for row in rows]
    page = readme(exhibit.reference, policy_in_force().scheme_name, exhibit.reason, zone(), clips)
    recordings = {found.name: found.digests for clip in clips for found in clip.files}
    content = build.fix_content(draft, recordings, page, _stills(exhibit))
    return clips, content


def _stills(exhibit: Exhibit) -> dict[str, bytes]:
    """The exhibit's stills as they were kept. Raises SealBroken where one is gone or was changed."""
    pictures = {}
    for still in stills_of(exhibit):
        kept = papers.read(still.file_name, still.sha512)
        if kept is None:
            raise SealBroken(f"Still {still.number} is gone, or is not the one that was kept; nothing was sealed.")
        pictures[still_name(still)] = kept[0]
    return pictures


def _cut_clip(exhibit: Exhibit, row: ExhibitClip, draft: Path, meter: Meter) -> ClipFacts:
    """Cut one clip into the master and duplicate it. A file is named by reference, camera and time of its start."""
    into = draft / f".cut-{row.position}"
    into.mkdir()
    request = ClipRequest(CameraId(row.camera_id), row.start_90k, row.end_90k)
    receipt = node().cut_clip(request, into, meter.cutting(row))
    paths = []
    for cut in receipt.files:
        name = f"{exhibit.reference}_{row.position:02d}_camera-{row.camera.number}_{cut.path.stem}.mp4"
        paths.append(cut.path.rename(draft / layout.MASTER / name))
    into.rmdir()
    total = sum(one.size_bytes for one in receipt.files)
    for path in paths:
        build.duplicate(draft, path.name, meter.copying(row, total))
        (draft / layout.MASTER / path.name).chmod(0o444)
        (draft / layout.WORKING / path.name).chmod(0o444)
    return clip_facts(row, receipt, paths)


def save_clip(exhibit: Exhibit, clip: ClipFacts) -> None:
    files, gaps = [found.as_json() for found in clip.files], [gap.as_json() for gap in clip.gaps]
    rows = ExhibitClip.objects.filter(exhibit=exhibit, position=clip.position)
    rows.update(files=files, gaps=gaps, clock_offset_ms=clip.clock_offset_ms)
