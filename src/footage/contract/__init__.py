"""Everything the other house may know of this one: the door between footage and the scheme that owns it.

Frozen values and a Protocol. All times are UTC counts of 1/90000 s (see times.py); ranges are half-open. The scheme
gives orders (which cameras, which holds) and asks questions (timelines, clips, stills, health); the node answers
from its own journal and never asks the scheme for anything, so it records on without it.
"""

from __future__ import annotations

from footage.contract.cameras import (
    CameraCondition,
    CameraHealth,
    CameraNote,
    CameraSource,
    CheckOutcome,
    CheckResult,
    NodeHealth,
    SoundCondition,
)
from footage.contract.errors import (
    BadSpan,
    DamagedFootage,
    DiskFull,
    FootageError,
    NodeUnreachable,
    NoFootage,
)
from footage.contract.node import (
    Node,
    Progress,
)
from footage.contract.recordings import (
    CameraId,
    CheckStep,
    ClipFile,
    ClipReceipt,
    ClipRequest,
    Damage,
    DeletionReceipt,
    Gap,
    GapCause,
    Hold,
    SegmentClosed,
    Span,
    Still,
    Timeline,
    gaps_of_span,
    times_json,
)
from footage.contract.words import CAUSE_WORDS, cause_words

__all__ = [
    "CAUSE_WORDS",
    "BadSpan",
    "CameraCondition",
    "CameraHealth",
    "CameraId",
    "CameraNote",
    "CameraSource",
    "CheckOutcome",
    "CheckResult",
    "CheckStep",
    "ClipFile",
    "ClipReceipt",
    "ClipRequest",
    "Damage",
    "DamagedFootage",
    "DeletionReceipt",
    "DiskFull",
    "FootageError",
    "Gap",
    "GapCause",
    "Hold",
    "NoFootage",
    "Node",
    "NodeHealth",
    "NodeUnreachable",
    "Progress",
    "SegmentClosed",
    "SoundCondition",
    "Span",
    "Still",
    "Timeline",
    "cause_words",
    "gaps_of_span",
    "times_json",
]
