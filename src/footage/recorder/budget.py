"""How many files one camera may begin: each costs the disk and the journal of all some flushes, however small it is.

A camera whose parameter sets, size or connection change without end begins one at every change.
"""

from __future__ import annotations

#: Sixty times what a regular camera begins; orders to close a file count as well.
FILES_A_MINUTE = 60
_MINUTE_SECONDS = 60.0


class FileBudget:
    """Counts the files that are begun. `most` in a minute; 0 sets no bound."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._began = self._paused_until = float("-inf")
        self._files = 0

    @property
    def paused_until(self) -> float:
        """When the next file may be begun; long ago where there is room for it now. Seconds, on the loop's clock."""
        return self._paused_until

    def spend(self, now: float) -> bool:
        """Take one file out of the budget. False, and a whole minute of pause, where there is none left."""
        if self._most and now - self._began >= _MINUTE_SECONDS:
            self._began, self._files = now, 0
        self._files += 1
        if not self._most or self._files <= self._most:
            return True
        self._paused_until, self._began = now + _MINUTE_SECONDS, float("-inf")
        return False

    def words(self) -> str:
        """Why nothing is recorded for now."""
        return (
            f"the camera's picture or connection changed so often that it began more than {self._most} files within a "
            "minute; it is paused for a minute"
        )
