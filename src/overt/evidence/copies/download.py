"""Hands a sealed bag to a browser or a script, streamed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from django.http import StreamingHttpResponse

from overt.evidence.bag.zipstream import zip_pieces


def bag_response(folder: Path, reference: str) -> StreamingHttpResponse:
    """`<reference>.zip`; the disk is read on a thread, so that a slow receiver holds up nobody else."""
    response = StreamingHttpResponse(_off_the_loop(zip_pieces(folder, reference)), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{reference}.zip"'
    response["Cache-Control"] = "no-store"
    return response


async def _off_the_loop(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        if piece:
            yield piece
