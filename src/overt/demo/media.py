"""What the demo's cameras see: generated street scenes, or files that were given."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from overt.demo.people import CAMERAS
from overt.up.preflight import CannotStart


def films(given: Sequence[Path]) -> list[Path]:
    """A film for each camera of the demo, in its order; given files are used in turn.

    The scenes are drawn once, which takes a minute or two, and kept in the user's cache. Raises CannotStart for a
    file that is not there.
    """
    missing = [str(path) for path in given if not path.is_file()]
    if missing:
        raise CannotStart(f"No such video: {', '.join(missing)}")
    if given:
        _prepare(given)
        return list(islice(cycle(path.resolve() for path in given), len(CAMERAS)))
    from footage.simcam.scenes.films import make_scenes

    return make_scenes(count=len(CAMERAS))


def _prepare(given: Sequence[Path]) -> None:
    """Transcode now, with a line that says how long it takes, what the simulated cameras cannot send as it is."""
    from footage.simcam.film import FilmError
    from footage.simcam.transcode import load_film

    shape = "{desc} {percentage:3.0f} % |{bar}| {remaining} left"
    for path in given:
        with tqdm(total=1.0, desc=f"preparing {path.name}", bar_format=shape, leave=False, delay=1) as bar:
            try:
                load_film(path, report=partial(_advance, bar))
            except FilmError as error:
                raise CannotStart(str(error)) from None


def _advance(bar: tqdm[NoReturn], name: str, done: float) -> None:
    bar.update(done - bar.n)
