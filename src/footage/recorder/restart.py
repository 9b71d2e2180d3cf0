"""What is known at a start of the time since the recorder last ran: told to the journal before anything is recorded."""

from __future__ import annotations

from footage.catalogue import Catalogue
from footage.catalogue.lived import Reading
from footage.contract import Gap, GapCause
from footage.recorder.adopt import ENDED
from footage.recorder.missing import step_words

#: The clocks are stored at least so often while the recorder runs, so it ran that much longer at most.
_STORED_EVERY_90K = 90 * 90_000
#: Gaps that say already that the recorder need not run for them.
_STOPPED = (GapCause.NODE_STOPPED, GapCause.OPERATOR_STOP, GapCause.MAINTENANCE)


def tell_of_restart(catalogue: Catalogue, last: Reading | None, now: Reading) -> None:
    """Say of each open gap when the recorder stopped and by how much the clock was set meanwhile.

    `last` is the look at the clocks that was stored last. Unfinished files were adopted before.
    """
    if last is None:
        return
    step = now.stepped_since(last)
    for camera in catalogue.known_cameras():
        gap = catalogue.open_gap_of(camera.camera_id)
        if gap is None:
            continue
        if gap.cause not in _STOPPED:
            gap = _tell_of_crash(catalogue, gap, last, now)
        if step:
            _tell_of_step(catalogue, gap, step, now)


def _tell_of_crash(catalogue: Catalogue, gap: Gap, last: Reading, now: Reading) -> Gap:
    """A gap was open when the recorder ended without a word: what kept the camera then is not what kept it since."""
    at = last.wall_90k if last.wall_90k > gap.start_90k else gap.start_90k + _STORED_EVERY_90K
    if last.boot == now.boot:
        at = min(at, now.wall_90k - now.stepped_since(last))
    at = max(at, gap.start_90k + 1)
    catalogue.change_gap(gap.camera_id, at, *ENDED)
    return Gap(gap.camera_id, at, None, *ENDED)


def _tell_of_step(catalogue: Catalogue, gap: Gap, step: int, now: Reading) -> None:
    """The gap ends by the old time, the step has its row, and the gap goes on in the new time."""
    old = max(gap.start_90k, now.wall_90k - step)
    catalogue.change_gap(gap.camera_id, old, GapCause.CLOCK_STEP, step_words(step), since_90k=min(old, now.wall_90k))
    catalogue.change_gap(gap.camera_id, now.wall_90k, gap.cause, gap.detail)
