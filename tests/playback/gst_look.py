"""Looks at an MP4 with GStreamer's own demuxer, by ctypes: `gst_look.py FILE [SECONDS]` prints what it found as JSON.

A process of its own, so that its threads are nobody else's. Exit code 77 where GStreamer or its demuxer is missing.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import sys

TIME, FLUSH_TO_KEY, PAUSED, PLAYING, NULL = 3, 1 | 4, 3, 4, 1
PTS_AT, DURATION_AT, NONE = 72, 88, (1 << 64) - 1
TAG_MESSAGE, ERROR_MESSAGE = 1 << 4, 1 << 1


def library(name: str) -> ctypes.CDLL:
    path = ctypes.util.find_library(name)
    if path is None:
        sys.exit(77)
    found = ctypes.CDLL(path)
    for function, result in RESULTS.items():
        if hasattr(found, function):
            getattr(found, function).restype = result
    return found


POINTER = ctypes.c_void_p
RESULTS = {
    "gst_parse_launch": POINTER,
    "gst_bin_get_by_name": POINTER,
    "gst_element_get_bus": POINTER,
    "gst_bus_pop_filtered": POINTER,
    "gst_element_factory_find": POINTER,
    "gst_tag_list_to_string": ctypes.c_char_p,
    "gst_app_sink_try_pull_sample": POINTER,
    "gst_sample_get_buffer": POINTER,
}


def look(path: str, seek_to: float | None) -> dict[str, object]:
    gst, app = library("gstreamer-1.0"), library("gstapp-1.0")
    gst.gst_init(None, None)
    if not gst.gst_element_factory_find(b"qtdemux"):
        sys.exit(77)
    line = f"filesrc location={path} ! qtdemux name=d d.video_0 ! queue ! appsink name=s sync=false"
    pipeline = POINTER(gst.gst_parse_launch(line.encode(), None))
    sink = POINTER(gst.gst_bin_get_by_name(pipeline, b"s"))
    gst.gst_element_set_state(pipeline, PAUSED)
    state = ctypes.c_int()
    gst.gst_element_get_state(pipeline, ctypes.byref(state), None, ctypes.c_uint64(20_000_000_000))
    length = ctypes.c_int64(-1)
    gst.gst_element_query_duration(pipeline, TIME, ctypes.byref(length))
    if seek_to is not None:
        gst.gst_element_seek_simple(pipeline, TIME, FLUSH_TO_KEY, ctypes.c_int64(round(seek_to * 1e9)))
    gst.gst_element_set_state(pipeline, PLAYING)
    shown = list(_pictures(gst, app, sink))
    told = {"length": length.value / 1e9, "pictures": len(shown), "tags": _tags(gst, pipeline)}
    if shown:
        told |= {"begins": shown[0][0], "least": min(shown)[0], "ends": max(at + lasts for at, lasts in shown)}
    gst.gst_element_set_state(pipeline, NULL)
    return told


def _pictures(gst: ctypes.CDLL, app: ctypes.CDLL, sink: POINTER):
    """When each is shown and how long it lasts, in seconds, in the order of the file."""
    while sample := app.gst_app_sink_try_pull_sample(sink, ctypes.c_uint64(10_000_000_000)):
        buffer = gst.gst_sample_get_buffer(POINTER(sample))
        at, lasts = (ctypes.c_uint64.from_address(buffer + offset).value for offset in (PTS_AT, DURATION_AT))
        yield at / 1e9, 0 if lasts == NONE else lasts / 1e9
        gst.gst_mini_object_unref(POINTER(sample))


def _tags(gst: ctypes.CDLL, pipeline: POINTER) -> str:
    bus, found = POINTER(gst.gst_element_get_bus(pipeline)), ""
    while message := gst.gst_bus_pop_filtered(bus, TAG_MESSAGE):
        tags = POINTER()
        gst.gst_message_parse_tag(POINTER(message), ctypes.byref(tags))
        found += (gst.gst_tag_list_to_string(tags) or b"").decode()
    return found


if __name__ == "__main__":
    print(json.dumps(look(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else None)))
