"""Hands a sealed bag to a browser or a script, streamed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from django.http import StreamingHttpResponse

from overt.evidence.bag.zipstream import part_name, parts_of, zip_pieces


def bag_response(folder: Path, reference: str, part: int = 0) -> StreamingHttpResponse:
    """`<reference>.zip`; the disk is read on a thread, so that a slow receiver holds up nobody else.

    Of a part, from 1: `<reference>-part-2-of-3.zip`, with whole files that a FAT32 medium can hold.
    """
    parts = parts_of(folder, reference)
    files = parts[part - 1] if part else None
    name = part_name(reference, part, len(parts)) if part else f"{reference}.zip"
    pieces = zip_pieces(folder, reference, files)
    response = StreamingHttpResponse(_off_the_loop(pieces), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


async def _off_the_loop(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        if piece:
            yield piece
