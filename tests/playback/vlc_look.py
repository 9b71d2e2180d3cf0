"""Plays an MP4 with libvlc, by ctypes: `vlc_look.py FILE SECONDS` prints length and where a seek lands, as JSON.

Exit code 77 where libvlc is missing, or has no plug-in that opens an MP4.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import sys
import time


def look(path: str, seek_to: float) -> dict[str, object]:
    name = ctypes.util.find_library("vlc")
    if name is None:
        sys.exit(77)
    vlc = ctypes.CDLL(name)
    for function in ("libvlc_new", "libvlc_media_new_path", "libvlc_media_player_new_from_media"):
        getattr(vlc, function).restype = ctypes.c_void_p
    for function in ("libvlc_media_player_get_length", "libvlc_media_player_get_time"):
        getattr(vlc, function).restype = ctypes.c_int64
    options = [b"--intf=dummy", b"--vout=dummy", b"--aout=dummy", b"--quiet"]
    core = vlc.libvlc_new(len(options), (ctypes.c_char_p * len(options))(*options))
    if not core:
        sys.exit(77)
    media = ctypes.c_void_p(vlc.libvlc_media_new_path(ctypes.c_void_p(core), path.encode()))
    player = ctypes.c_void_p(vlc.libvlc_media_player_new_from_media(media))
    vlc.libvlc_media_player_play(player)
    if not _until(lambda: vlc.libvlc_media_player_get_length(player) > 0):
        sys.exit(77)  # it opened nothing
    length, seekable = vlc.libvlc_media_player_get_length(player), vlc.libvlc_media_player_is_seekable(player)
    vlc.libvlc_media_player_set_time(player, ctypes.c_int64(round(seek_to * 1000)))
    _until(lambda: vlc.libvlc_media_player_get_time(player) > seek_to * 1000 - 1500)
    at = vlc.libvlc_media_player_get_time(player)
    vlc.libvlc_media_player_stop(player)
    return {"length": length / 1000, "seekable": bool(seekable), "at": at / 1000}


def _until(true, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


if __name__ == "__main__":
    print(json.dumps(look(sys.argv[1], float(sys.argv[2]))))
