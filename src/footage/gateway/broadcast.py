"""One camera's live pictures as messages: made once, kept since the last key frame, offered to every viewer.

Times inside the MP4 count from nought at the first picture of this broadcast and never go back, whatever the camera
or the recorder does; the true time of each picture travels in its message's header.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from footage.contract import CameraCondition
from footage.gateway.messages import Message, init_bytes, picture_message
from footage.gateway.upstream import LiveEvent, LiveParameters, LivePicture
from footage.gateway.viewer import LONGEST_BYTES, LONGEST_COUNT, Viewer
from footage.times import HZ, utc_now

#: A jump of the media clock longer than this is a new start, not a long picture.
_LONGEST_STEP = 10 * HZ
_USUAL_STEP = HZ // 25


class Broadcast:
    """What every viewer of one camera shares."""

    def __init__(self) -> None:
        self.viewers: set[Viewer] = set()
        self._parameters: Message | None = None
        self._spoken: LiveParameters | None = None
        self._state: Message | None = None
        self._upstream_trouble = ""
        self._group: list[Message] = []  # since the last key frame; empty where that grew past what a viewer may hold
        self._group_bytes = 0
        self._sequence = 0
        self._media_90k: int | None = None  # of the last picture, by the camera's connection
        self._decode_90k: int | None = None  # of the last picture, as sent
        self._step_90k = _USUAL_STEP

    def join(self, viewer: Viewer) -> None:
        """Tell a new viewer what is known, then the pictures since the last key frame."""
        self.viewers.add(viewer)
        for message in (self._parameters, self._state, *self._group):
            if message is not None:
                viewer.offer(message)

    def leave(self, viewer: Viewer) -> None:
        self.viewers.discard(viewer)

    def on_event(self, event: LiveEvent) -> None:
        if isinstance(event, LivePicture):
            self._on_picture(event)
        elif isinstance(event, LiveParameters):
            self._on_parameters(event)
        else:
            self._on_state(event.fields)

    def on_upstream_lost(self, detail: str) -> None:
        """Said once, not at every attempt to reach the recorder again."""
        self._media_90k = None
        if self._upstream_trouble != detail:
            nothing = {"last_picture_90k": None, "attempts": 0}
            self._on_state({"condition": CameraCondition.STOPPED, "since_90k": utc_now(), "detail": detail, **nothing})
            self._upstream_trouble = detail

    def _on_parameters(self, parameters: LiveParameters) -> None:
        self._group, self._group_bytes = [], 0
        self._step_90k = round(HZ / parameters.fps) if parameters.fps > 0.5 else _USUAL_STEP
        if parameters == self._spoken:
            return
        self._spoken = parameters
        names = {"codec": parameters.codec, "width": parameters.width, "height": parameters.height}
        text = json.dumps({"type": "parameters", **names, "fps": parameters.fps})
        init = init_bytes(self._next(), utc_now(), parameters.init)
        self._parameters = Message((text, init), size_bytes=len(init))
        self._tell(self._parameters)

    def _on_state(self, fields: Mapping[str, object]) -> None:
        self._upstream_trouble = ""
        self._state = Message((json.dumps({"type": "state", **fields}),), state=True)
        self._tell(self._state)

    def _on_picture(self, picture: LivePicture) -> None:
        if self._parameters is None:
            return  # nobody could decode it
        decode_90k = self._advance(picture.media_90k)
        message = picture_message(
            self._next(), picture.utc_90k, decode_90k, self._step_90k, picture.data, key=picture.key
        )
        self._keep(message)
        self._tell(message)

    def _advance(self, media_90k: int) -> int:
        """The decode time of a picture: on by what the media clock moved, or by a usual step where it began anew."""
        step = media_90k - self._media_90k if self._media_90k is not None else 0
        if 0 < step <= _LONGEST_STEP:
            self._step_90k = step
        self._media_90k = media_90k
        self._decode_90k = 0 if self._decode_90k is None else self._decode_90k + self._step_90k
        return self._decode_90k

    def _keep(self, message: Message) -> None:
        if message.key:
            self._group, self._group_bytes = [message], message.size_bytes
        elif self._group:
            self._group.append(message)
            self._group_bytes += message.size_bytes
        if self._group_bytes > LONGEST_BYTES or len(self._group) > LONGEST_COUNT - 2:
            self._group, self._group_bytes = [], 0  # no viewer could hold it; the next joins at the next key frame

    def _tell(self, message: Message) -> None:
        for viewer in self.viewers:
            viewer.offer(message)

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence
