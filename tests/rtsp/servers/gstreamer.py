#!/usr/bin/env python3
"""GStreamer's RTSP server with some films on it: gstreamer.py PORT PATH=FILM ... ; a film's name tells its coding.

Runs under the system's Python, for that is where Debian puts the bindings, and so imports nothing of ours. PORT serves
anyone; PORT + 1 serves the same to `asha` with the password `towpath`, who has to sign in by digest.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

SOUNDS = {
    "aac": "d.audio_0 ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97",
    "pcma": "d.audio_0 ! queue ! rtppcmapay name=pay1 pt=8",
}


def pipeline(film: str) -> str:
    """H.264 has its parameter sets in the description alone, H.265 before each key frame as well."""
    name = film.rpartition("/")[2]
    video = "h265parse ! rtph265pay config-interval=-1" if "h265" in name else "h264parse ! rtph264pay"
    sound = next((words for kind, words in SOUNDS.items() if kind in name), "")
    return f"( filesrc location={film} ! qtdemux name=d d.video_0 ! queue ! {video} name=pay0 pt=96 {sound} )"


def serve(port: int, films: dict[str, str], *, signed_in: bool) -> GstRtspServer.RTSPServer:
    server = GstRtspServer.RTSPServer(address="127.0.0.1", service=str(port))
    if signed_in:
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        auth.add_digest("asha", "towpath", token)
        server.set_auth(auth)
    for path, film in films.items():
        factory = GstRtspServer.RTSPMediaFactory(launch=pipeline(film))
        if signed_in:
            factory.add_role_from_structure(
                Gst.Structure.from_string("viewer,media.factory.access=true,media.factory.construct=true")[0]
            )
        server.get_mount_points().add_factory(f"/{path}", factory)
    if not server.attach(None):
        sys.exit(f"port {port} is taken")
    return server


if __name__ == "__main__":
    Gst.init(None)
    films = dict(word.split("=", 1) for word in sys.argv[2:])
    first = int(sys.argv[1])
    servers = [serve(first, films, signed_in=False), serve(first + 1, films, signed_in=True)]
    GLib.MainLoop().run()
