"""Draws where an exhibit comes from and what was made of it, as SVG that prints; the page has the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from overt.evidence.bag.readme import duration_words
from overt.evidence.exhibits.rules import ExhibitState
from overt.evidence.models import Exhibit, ExhibitClip

_BOX, _STEP = 52, 70
_STROKE = '<path d="{}" fill="none" stroke="#8d97a3" stroke-width="1.5"/>'
_LEFT_WIDTH, _MIDDLE, _MIDDLE_WIDTH, _RIGHT, _RIGHT_WIDTH = 212, 262, 214, 526, 234


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its place, its two lines, whether it is the master, and where it leads."""

    x: int
    y: int
    width: int
    height: int
    title: str
    detail: str
    master: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    boxes: Sequence[Box]
    lines: Sequence[str]  # SVG paths
    height: int
    label: str
    rows: Sequence[tuple[str, str, str]]  # kind, name, detail: the table beneath

    @property
    def svg(self) -> SafeString:
        """The whole as an SVG that prints, each box a link to what it stands for."""
        return format_html(
            '<svg viewBox="0 0 762 {}" width="762" height="{}" role="img" aria-label="{}"'
            ' font-family="Atkinson Hyperlegible Next, sans-serif">{}{}</svg>',
            self.height,
            self.height,
            self.label,
            format_html_join("", _STROKE, ((line,) for line in self.lines)),
            format_html_join("", "{}", ((_box(box),) for box in self.boxes)),
        )


def draw_tree(exhibit: Exhibit) -> Tree:
    """Cameras on the left, the master in the middle, its copies and what was made of it on the right."""
    sources = [(_clip_title(clip), clip_detail(clip), "") for clip in exhibit.clips.all()]
    made = [*_copies(exhibit), *_children(exhibit)]
    rows = max(len(sources), len(made), 1)
    height = rows * _STEP + 12
    middle = Box(_MIDDLE, height // 2 - 32, _MIDDLE_WIDTH, 64, *_master(exhibit), master=True)
    left = _column(sources, 1, _LEFT_WIDTH, height)
    right = _column(made, _RIGHT, _RIGHT_WIDTH, height)
    centre = middle.y + middle.height // 2
    lines = [_line(box.x + box.width, _at(box), middle.x, centre) for box in left]
    lines += [_line(middle.x + middle.width, centre, box.x, _at(box)) for box in right]
    table = [
        *(("From", title, detail) for title, detail, _ in sources),
        ("Master", *_master(exhibit)),
        *(("Made of it", title, detail) for title, detail, _ in made),
    ]
    label = "; ".join(f"{kind.lower()}: {title}" for kind, title, _ in table)
    return Tree([*left, middle, *right], lines, height, label, table)


def clip_detail(clip: ExhibitClip) -> str:
    """5 min 14 s, no gap."""
    length = duration_words(clip.end_90k - clip.start_90k)
    count = len(clip.gaps)
    return f"{length}, {'no gap' if not count else f'{count} gap' + ('s' if count > 1 else '')}"


def size_words(count: int) -> str:
    """118 MB."""
    return (
        f"{count / 1e9:.2f} GB"
        if count >= 1e9
        else f"{count / 1e6:.0f} MB"
        if count >= 1e7
        else f"{count / 1e3:,.0f} kB"
    )


def _clip_title(clip: ExhibitClip) -> str:
    return _short(f"{clip.camera.number} {clip.camera.name}", 22)


def _master(exhibit: Exhibit) -> tuple[str, str]:
    size = sum(found.size_bytes for clip in exhibit.clips.all() for found in clip.files_cut)
    if exhibit.state != ExhibitState.SEALED:
        return f"{exhibit.reference} master", "not sealed yet"
    state = "untouched" if exhibit.verified_answer in {"", "good"} else "ALTERED"
    return f"{exhibit.reference} master", f"{size_words(size)} · {state}"


def _copies(exhibit: Exhibit) -> list[tuple[str, str, str]]:
    if exhibit.state != ExhibitState.SEALED:
        return []
    return [(f"{exhibit.reference} working copy", "the same bytes, in the bag", "")]


def _children(exhibit: Exhibit) -> list[tuple[str, str, str]]:
    return [(child.reference, child.state, child.get_absolute_url()) for child in exhibit.children.all()]


def _column(items: Sequence[tuple[str, str, str]], x: int, width: int, height: int) -> list[Box]:
    top = (height - len(items) * _STEP) // 2 + (_STEP - _BOX) // 2
    return [
        Box(x, top + number * _STEP, width, _BOX, title, detail, href=href)
        for number, (title, detail, href) in enumerate(items)
    ]


def _at(box: Box) -> int:
    return box.y + box.height // 2


def _line(x1: int, y1: int, x2: int, y2: int) -> str:
    turn = (x1 + x2) // 2
    return f"M{x1} {y1} H{turn} V{y2} H{x2}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _box(box: Box) -> SafeString:
    """The box with its two lines, which are cut off where it ends; a link where it leads somewhere."""
    place = format_html('x="{}" y="{}" width="{}" height="{}"', box.x, box.y, box.width, box.height)
    plain, master = ("#8d97a3", 1.5, 500, 22, 42), ("#23303d", 3, 700, 28, 49)
    stroke, stroke_width, weight, first, second = master if box.master else plain
    drawn = format_html(
        '<rect {} rx="3" fill="#fff" stroke="{}" stroke-width="{}"/><svg {}>'
        '<text x="14" y="{}" font-size="16" font-weight="{}" fill="#14181d">{}</text>'
        '<text x="14" y="{}" font-size="14.5" fill="#5a6470">{}</text></svg>',
        place,
        stroke,
        stroke_width,
        place,
        first,
        weight,
        box.title,
        second,
        box.detail,
    )
    return format_html('<a href="{}">{}</a>', box.href, drawn) if box.href else drawn
