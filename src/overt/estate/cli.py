"""`overt camera add|check|list|retire`, for whoever runs the server.

With --as an act is that person's: his rights decide, as they do on the pages, and the logbook says him. Without it the
act is the server's own.

Exit codes: 0 done; 1 the camera was looked at and something is wrong; 2 what was given cannot be used; 3 there is no
such camera, or not for the person named by --as; 4 refused to that person.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from overt.shared.errors import BadInput, NotThere, OvertError, Refused

if TYPE_CHECKING:
    from overt.accounts.models import User
    from overt.estate.cameras.states import CameraState
    from overt.estate.managers import CameraQuerySet
    from overt.estate.models import Camera
    from overt.places.models import Partner, Town

DONE, WRONG, MISUSED, MISSING, REFUSED = 0, 1, 2, 3, 4
#: Where a password may come from besides the keyboard; never from the command line, which every user can list.
PASSWORD_VARIABLE = "OVERT_CAMERA_PASSWORD"  # noqa: S105  # a name, not a password


def add_arguments(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Put `camera` and its verbs under the main command."""
    camera = subparsers.add_parser("camera", help="add, check, list and retire cameras")
    verbs = camera.add_subparsers(required=True, metavar="VERB")
    _add_verb(verbs)
    check = verbs.add_parser("check", help="connect and say what the camera sends")
    check.add_argument("number", nargs="*", help="cameras to check; all that are recorded where none is named")
    check.add_argument("--seconds", type=float, default=4.0, help="how long to watch each (4)")
    _finish(check, run_check)
    listed = verbs.add_parser("list", help="the cameras and how they are")
    listed.add_argument("--retired", action="store_true", help="the retired ones too")
    _finish(listed, run_list)
    retire = verbs.add_parser("retire", help="stop recording a camera for good")
    retire.add_argument("number")
    retire.add_argument("--reason", required=True, help="why; it goes into the logbook")
    _finish(retire, run_retire)


def _add_verb(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    add = verbs.add_parser("add", help="add a camera and record it")
    add.add_argument("number", help="as painted on the pole: 127, R2")
    add.add_argument("address", help="rtsp:// or rtsps://")
    add.add_argument("--name", required=True, help="what it looks at")
    add.add_argument("--town", required=True)
    add.add_argument("--partner", default="", help="whose it is, where not the town's partner's")
    add.add_argument("--new-places", action="store_true", help="make the town and the partner where they are missing")
    add.add_argument("--kind", choices=["fixed", "ptz", "mobile"], default="fixed")
    add.add_argument("--latitude", type=_degrees)
    add.add_argument("--longitude", type=_degrees)
    add.add_argument("--bearing", type=int)
    add.add_argument("--user", default="", help=f"at the camera; its password is asked for, or {PASSWORD_VARIABLE}")
    add.add_argument(
        "--certificate", default="", metavar="SHA256", help="rtsps: of the camera's own certificate, or the word any"
    )
    add.add_argument(
        "--allow-basic", action="store_true", help="the password may be sent unencrypted (Basic) at rtsp://"
    )
    add.add_argument("--transport", choices=["tcp", "udp"], default="tcp", help="udp: it offers nothing else")
    add.add_argument("--days-kept", type=int, help="a shorter period than the scheme's")
    add.add_argument("--not-recorded", action="store_true")
    _finish(add, run_add)


def _finish(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> None:
    parser.add_argument("--as", dest="person", default="", metavar="NAME", help="whose act it is, by sign-in name")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.set_defaults(run=_with_exit_code(run))


def _with_exit_code(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A room's error as one sentence (or a problem, with --json) and its exit code."""

    def safely(options: argparse.Namespace) -> int:
        try:
            return run(options)
        except OvertError as error:
            if options.json:
                print(json.dumps({"code": error.code, "detail": str(error)}))
            else:
                print(f"overt camera: {error}", file=sys.stderr)
            return MISSING if isinstance(error, NotThere) else REFUSED if isinstance(error, Refused) else MISUSED

    return safely


def run_add(options: argparse.Namespace) -> int:
    from django.db import transaction

    from overt.estate.cameras.addresses import look_up_addresses
    from overt.estate.cameras.services import add_camera
    from overt.estate.cameras.values import CameraValues

    password = os.environ.get(PASSWORD_VARIABLE, "")
    if options.user and not password:
        password = getpass.getpass(f"Password of {options.user} at the camera: ")
    by = _person(options.person)
    find = look_up_addresses([options.address])  # before the transaction: a name server may be slow
    with transaction.atomic():
        town, partner = _places(options, by)
        values = CameraValues(
            number=options.number,
            name=options.name,
            town=town,
            address=options.address,
            partner=partner,
            kind=options.kind,
            latitude=options.latitude,
            longitude=options.longitude,
            bearing_degrees=options.bearing,
            username=options.user,
            password=password if options.user else "",
            certificate=options.certificate,
            basic_allowed=options.allow_basic,
            transport=options.transport,
            recorded=not options.not_recorded,
            retention_days=options.days_kept,
        )
        camera = add_camera(values, by=by, find=find)
    _say(options, {"number": camera.number, "id": str(camera.pk)}, f"Camera {camera} is added.")
    return DONE


def run_check(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from footage.contract import CheckOutcome
    from overt.estate.cameras.checks import check_camera, sentence

    by = _person(options.person)
    cameras = _to_check(options.number, by)
    seconds = min(max(options.seconds, 1.0), 60.0)
    found = []
    for camera in cameras:
        progress = _progress(camera.number)
        result = check_camera(camera, by=by, seconds=seconds, progress=progress)
        if progress:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        found.append((camera, result))
        if not options.json:  # each as it is known: a street takes minutes
            print("\n".join([f"{camera.number}  {sentence(result)}", *(f"  {note.text}" for note in result.notes)]))
    if options.json:
        print(json.dumps([{"number": c.number, "says": sentence(r), **asdict(r)} for c, r in found], indent=2))
    return DONE if all(result.outcome is CheckOutcome.CONNECTS for _, result in found) else WRONG


def _to_check(numbers: Sequence[str], by: User | None) -> list[Camera]:
    """The cameras named, or all that are recorded, so far as this person may check them. Raises NoSuchCamera."""
    from overt.access.doors import need
    from overt.access.rules import Act
    from overt.estate.models import Camera
    from overt.estate.queries import access_camera

    if by is None:
        return [_camera(number) for number in numbers] or list(Camera.objects.in_use().filter(recorded=True))
    need(by, Act.CHECK_CAMERA)
    if numbers:
        return [access_camera(by, _number(number), to=Act.CHECK_CAMERA) for number in numbers]
    return list(Camera.objects.visible_to(by, to=Act.CHECK_CAMERA).in_use().filter(recorded=True))


def _progress(number: str) -> Callable[[str], None] | None:
    """What is waited for, on a terminal alone, on one line that is written over."""
    if not sys.stderr.isatty():
        return None
    return lambda words: print(f"\r\x1b[K{number}  {words}", end="\r", file=sys.stderr, flush=True)


def run_list(options: argparse.Namespace) -> int:
    from overt.estate.cameras.states import states_now
    from overt.estate.rules import number_key

    known = _known_to(_person(options.person))
    rows = known if options.retired else known.in_use()
    cameras = sorted(rows.select_related("town", "partner"), key=lambda camera: number_key(camera.number))
    states = states_now()
    if options.json:
        print(json.dumps([_row(camera, states.of(camera)) for camera in cameras], indent=2))
    elif not cameras:
        print("There is no camera yet. See: overt camera add --help", file=sys.stderr)
    for camera in [] if options.json else cameras:
        print(f"{camera.number:<12}  {states.of(camera).words:<22}  {camera.name}, {camera.town}")
    return DONE


def run_retire(options: argparse.Namespace) -> int:
    from overt.estate.cameras.services import retire_camera

    camera = _camera(options.number)
    retire_camera(camera, by=_person(options.person), reason=options.reason)
    _say(options, {"number": camera.number, "retired": True}, f"Camera {camera} is retired.")
    return DONE


def _known_to(by: User | None) -> CameraQuerySet:
    """The cameras that this person may know of; all of them for the server itself."""
    from overt.access.doors import need
    from overt.access.rules import Act
    from overt.estate.models import Camera

    if by is None:
        return Camera.objects.all()
    need(by, Act.SEE_CAMERA)
    return Camera.objects.visible_to(by)


def _row(camera: Camera, state: CameraState) -> dict[str, object]:
    return {
        "number": camera.number,
        "name": camera.name,
        "town": camera.town.name,
        "partner": camera.partner.name,
        "kind": camera.kind,
        "recorded": camera.recorded and camera.retired_at is None,
        "state": state.key,
        "notes": [{"code": note.code, "text": note.text} for note in state.notes],
        "id": str(camera.pk),
    }


def _say(options: argparse.Namespace, facts: dict[str, object], words: str) -> None:
    print(json.dumps(facts) if options.json else words)


def _camera(number: str) -> Camera:
    from overt.estate.models import Camera
    from overt.estate.queries import NoSuchCamera

    named = _number(number)
    camera = Camera.objects.filter(number__iexact=named).select_related("town", "partner").first()
    if camera is None:
        raise NoSuchCamera(named, None)
    return camera


def _number(text: str) -> str:
    """What can be a number. Raises BadInput for an address: it may hold a password, so it is not said again."""
    if "://" in text:
        raise BadInput("That is an address. Name the camera by its number; `overt camera list` shows them.")
    return text


def _person(username: str) -> User | None:
    """Whose act it is; None is the server itself, which the logbook shows as such."""
    from overt.accounts.models import User
    from overt.accounts.rules import BadPerson

    if not username:
        return None
    person = User.objects.filter(username=username.lower(), is_active=True).first()
    if person is None:
        raise BadPerson(f"Nobody signs in as {username}.")
    return person


def _places(options: argparse.Namespace, by: User | None) -> tuple[Town, Partner | None]:
    """The town and partner by name; made where they are missing and `--new-places` says so.

    Raises BadPlace, or NotYours where a place is to be made for somebody who does not look after the whole estate.
    """
    from overt.places.errors import BadPlace
    from overt.places.models import Partner, Town
    from overt.places.services import NOUNS, add_place

    partner = Partner.objects.filter(name__iexact=options.partner).first() if options.partner else None
    town = Town.objects.filter(name__iexact=options.town).select_related("partner").first()
    if options.partner and partner is None:
        if not options.new_places:
            raise BadPlace(f"There is no partner {options.partner}. Add it on the page, or give --new-places.")
        _check_may_make_places(by)
        partner = add_place(NOUNS["partners"], options.partner, by=by)
    if town is None:
        if not options.new_places or partner is None:
            raise BadPlace(f"There is no town {options.town}. Add it on the page, or give --partner and --new-places.")
        _check_may_make_places(by)
        town = add_place(NOUNS["towns"], options.town, by=by, parent=partner)
    return town, partner


def _check_may_make_places(by: User | None) -> None:
    """As on the pages of places: for whoever manages cameras over the whole scheme. Raises NotYours."""
    from overt.access.doors import need
    from overt.access.rules import Act

    if by is not None:
        need(by, Act.MANAGE_CAMERA, everywhere=True)


def _degrees(text: str) -> object:
    from overt.estate.imports.services import degrees

    try:
        return degrees(text)
    except OvertError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
