"""What a note says of each oddity, and in which order notes stand.

One sentence each: what was found, what was done about it, what to set. A new `Oddity` needs its words here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from footage.contract import CameraNote
from footage.rtsp.events import Oddity
from footage.rtsp.notes.rates import rate_number
from footage.rtsp.notes.tally import Often

_FIRMWARE = "update its firmware if that can be had"
_STEADY = "set a frame rate that it can keep"
#: Told once; true until a picture comes with which a recording can begin.
NO_START = "no-start"
KEYS_FAR_APART = "key-frames-far-apart"
NO_SECOND_KEY = "no-second-key-frame"

#: Codes as an engineer would mend them: first what costs footage, then what puts it at the wrong time, then what is
#: open to others, last what is merely out of the ordinary. An oddity's code is its own value.
ORDER = (
    NO_START,
    "connection-drops",
    "packets-lost",
    "pictures-unfinished",
    Oddity.CUT_UNIT,
    Oddity.BAD_PARAMETERS,
    "no-idr",
    "few-pictures",
    KEYS_FAR_APART,
    NO_SECOND_KEY,
    "picture-rate-changed",
    "picture-rate-varies",
    "parameters-change",
    Oddity.STAMP_RATE,
    Oddity.STAMP_STEP,
    Oddity.STRAY_STAMP,
    Oddity.REPEATED_STAMP,
    "clock-off",
    "clock-unsteady",
    Oddity.OPEN_PASSWORD,
    Oddity.NOT_RTP,
    Oddity.OTHER_SOURCE,
    Oddity.SOURCE_CHANGED,
    Oddity.TYPE_NOT_TOLD,
    Oddity.OTHER_PAYLOAD_TYPE,
    Oddity.NUMBERS_STAND_STILL,
    Oddity.SWAPPED,
    Oddity.UNKNOWN_UNIT,
    Oddity.BETWEEN_FRAMES,
    Oddity.BAD_REPORT,
    Oddity.EMPTY_UNIT,
    Oddity.JOINED_UNITS,
    Oddity.NEEDS_SOUND,
    Oddity.BAD_DESCRIPTION,
    Oddity.BAD_ANSWER,
    "clock-not-told",
)

#: Told once, when a connection begins, and true for as long as it stands.
STANDING = frozenset(
    {
        NO_START,
        Oddity.NEEDS_SOUND,
        Oddity.BAD_DESCRIPTION,
        Oddity.NUMBERS_STAND_STILL,
        Oddity.SWAPPED,
        Oddity.TYPE_NOT_TOLD,
        Oddity.BAD_ANSWER,
        Oddity.OPEN_PASSWORD,
    }
)


def in_order(found: Iterable[CameraNote]) -> tuple[CameraNote, ...]:
    """Notes as they would be mended; a code that is not known here stands last."""
    return tuple(sorted(found, key=lambda note: ORDER.index(note.code) if note.code in ORDER else len(ORDER)))


def oddity_note(oddity: Oddity, often: Often) -> CameraNote:
    """What to say of an oddity that came so often."""
    return CameraNote(oddity.value, ODDITY_WORDS[oddity](often))


def stamp_rate_words(rate: float, seconds_each: float | None = None) -> str:
    """Of time stamps that count `rate` seconds for each true one: a player that believes them is as wrong as that.

    0: they follow no clock. `seconds_each`: from one picture to the next in truth, where it is known.
    """
    if rate <= 0:
        return f"Its time stamps follow no clock; pictures are placed by their arrival; {_STEADY}."
    wrong = abs(1 / rate - 1) * 100
    sends = 1 / seconds_each if seconds_each else 0.0
    told = (
        f" (they say {rate_number(sends / rate)} pictures a second, and {rate_number(sends)} come)"
        if sends >= 1
        else ""
    )
    percent = f"{wrong:.0f}" if wrong >= 1 else f"{wrong:.1g}"
    return (
        f"Its time stamps count {rate:.3g} s for each second{told}, so that played by them it would run {percent} % "
        f"{'fast' if rate < 1 else 'slow'}; pictures are placed by their arrival; {_STEADY}."
    )


def _strangers(noun: str, which: str, advice: str) -> Callable[[Often], str]:
    """`Sends 3 packets a second that are no video (…); passed over; …`"""
    return lambda often: (
        f"{'Sends' if often.ongoing else 'Sent'} {often.of(noun)} that {often.are} no video ({which}); passed over; "
        f"{advice}."
    )


def _second_stream(often: Often) -> str:
    verb = "come" if often.ongoing else "came"
    return (
        f"Two streams {verb} on one channel (another source, {often.of('packet')}); the second is passed over; "
        "restart the camera if it stays."
    )


def _share(often: Often, fault: str, done: str) -> str:
    """`One picture in 50 has …`, or where it is rare `2 pictures in the last 8 min had …`."""
    if often.ongoing and often.pictures_each:
        each = round(often.pictures_each)
        return f"{f'One picture in {each}' if each > 1 else 'Nearly every picture'} has {fault}; {done}."
    return f"{often.of('picture').capitalize()} had {fault}; {done}."


#: For each oddity the sentence; `often` says how often it came.
ODDITY_WORDS: Mapping[str, Callable[[Often], str]] = MappingProxyType(
    {
        Oddity.NOT_RTP: _strangers("packet", "they cannot be read", _FIRMWARE),
        Oddity.OTHER_PAYLOAD_TYPE: _strangers(
            "packet", "another kind on the same channel", "switch its metadata off if nobody needs it"
        ),
        Oddity.OTHER_SOURCE: _second_stream,
        Oddity.UNKNOWN_UNIT: _strangers("unit", "of a kind that is not known", "nothing is lost by it"),
        Oddity.EMPTY_UNIT: lambda often: (
            f"{'Sends' if often.ongoing else 'Sent'} {often.of('empty unit')}; passed over; nothing is lost by it."
        ),
        Oddity.CUT_UNIT: lambda often: (
            f"{'Sends' if often.ongoing else 'Sent'} {often.of('unit')} that {often.are} cut short, which may cost "
            f"pictures; look at its network, and {_FIRMWARE}."
        ),
        Oddity.BAD_REPORT: lambda often: (
            f"{'Sends' if often.ongoing else 'Sent'} {often.of('clock report')} that cannot be read; passed over; "
            f"{_FIRMWARE}."
        ),
        Oddity.BETWEEN_FRAMES: lambda often: (
            f"{'Sends' if often.ongoing else 'Sent'} bytes between its packets that belong to none, {often.times}; "
            f"passed over; {_FIRMWARE}."
        ),
        Oddity.JOINED_UNITS: lambda often: (
            "Packs parameter sets and picture into one unit; taken apart; nothing is lost by it."
        ),
        Oddity.BAD_PARAMETERS: lambda often: (
            f"{'Sends' if often.ongoing else 'Sent'} {often.of('parameter set')} that cannot be read; the ones before "
            f"stay in force; set another profile, or {_FIRMWARE}."
        ),
        Oddity.BAD_ANSWER: lambda often: (
            f"Answers in an odd way when it is asked for its stream; understood all the same; {_FIRMWARE}."
        ),
        Oddity.STRAY_STAMP: lambda often: _share(
            often,
            "a time stamp far from its neighbours'",
            f"placed between them; nothing is lost by it; {_FIRMWARE}",
        ),
        Oddity.STAMP_STEP: lambda often: (
            f"Its time stamps {'jump' if often.ongoing else 'jumped'}, {often.times}; pictures are placed by their "
            f"arrival; {'look whether its clock is set over and over' if often.hour > 1 else 'nothing to do for once'}."
        ),
        Oddity.STAMP_RATE: lambda often: (
            f"Its time stamps {'run' if often.ongoing else 'ran'} slower or faster than time does; pictures are placed "
            f"by their arrival; {_STEADY}."
        ),
        Oddity.REPEATED_STAMP: lambda often: _share(
            often, "the time stamp of the one before", "both are kept, one behind the other; nothing to do"
        ),
        Oddity.NEEDS_SOUND: lambda often: (
            "Sends pictures only when its sound is set up too; the sound is not recorded, and its start takes some "
            "seconds longer; switch its sound off at the camera and check again."
        ),
        Oddity.BAD_DESCRIPTION: lambda often: (
            f"Describes its stream wrongly or in part; what was meant was guessed; nothing is lost by it; {_FIRMWARE}."
        ),
        Oddity.TYPE_NOT_TOLD: lambda often: (
            f"Sends its pictures under another payload type than it told; taken all the same; {_FIRMWARE}."
        ),
        Oddity.SOURCE_CHANGED: lambda often: (
            f"Its pictures {'go' if often.ongoing else 'went'} on under another source (SSRC), {often.times}; taken "
            "all the same; look whether it restarts."
        ),
        Oddity.NUMBERS_STAND_STILL: lambda often: (
            f"Its packets' sequence numbers do not count; what it loses itself cannot be seen here; {_FIRMWARE}."
        ),
        Oddity.SWAPPED: lambda often: (
            f"Sends packets in another order than they are numbered in; put in order; {_FIRMWARE}."
        ),
        NO_START: lambda often: (
            "Sends pictures, and none with which a recording can begin; set its I-frame interval to 1 s and intra "
            "refresh off, and let it send its parameter sets (SPS, PPS) in the stream."
        ),
        Oddity.OPEN_PASSWORD: lambda often: (
            "The password goes unencrypted (Basic); set Digest sign-in or rtsps at the camera."
        ),
    }
)
