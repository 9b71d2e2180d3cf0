"""Cameras from a CSV file: looked at first, then added, all or none; hostile files get a sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from overt.estate.cameras.credentials import decrypt
from overt.estate.imports.csv_files import BadFile, read, safe_cell, write
from overt.estate.imports.services import COLUMNS, REQUIRED
from overt.estate.models import Camera, ImportDraft
from overt.logbook.models import Entry
from world import World

ClientAs = Callable[..., Client]
GOOD = (
    "number,name,town,address,groups,latitude,longitude,username,password,certificate,basic allowed,transport\n"
    "500,Quay Lane,Harbour,rtsps://127.0.0.1/1,Town centre,51.745,-0.36,viewer,keys-under-the-mat,"
    + ":".join(["AB"] * 32)
    + ",,\n501,Slipway,harbour,rtsp://127.0.0.1/2,,,,,,,yes,UDP\n"
)


def upload(client: Client, content: str | bytes):  # type: ignore[no-untyped-def]  # django's test response
    data = content.encode() if isinstance(content, str) else content
    return client.post("/cameras/import/", {"file": SimpleUploadedFile("cameras.csv", data)})


def test_a_good_file_is_shown_first_and_added_when_confirmed(world: World, client_as: ClientAs) -> None:
    elin = client_as(world.elin)
    preview = upload(elin, GOOD).headers["Location"]
    page = elin.get(preview).content.decode()
    assert "2 cameras would be added" in page
    assert "keys-under-the-mat" not in page
    assert not Camera.objects.filter(number="500").exists()

    assert elin.post(preview).headers["Location"] == "/cameras/"

    camera = Camera.objects.get(number="500")
    assert decrypt(camera.credentials_sealed) == ("viewer", "keys-under-the-mat")
    assert camera.certificate == "ab" * 32
    assert (camera.basic_allowed, camera.transport) == (False, "tcp")
    other = Camera.objects.get(number="501")
    assert (other.basic_allowed, other.transport) == (True, "udp")
    assert [group.name for group in camera.groups.all()] == ["Town centre"]
    assert not ImportDraft.objects.exists()
    actions = [entry.action for entry in Entry.objects.order_by("number")]
    assert actions == ["estate.camera.added", "estate.camera.added", "estate.cameras.imported"]
    assert elin.post(preview).status_code == 404, "a second click adds nothing"


def test_each_wrong_row_says_why_and_nothing_is_added(world: World, client_as: ClientAs) -> None:
    elin = client_as(world.elin)
    rows = [
        "500,Quay Lane,Harbour,rtsp://127.0.0.1/1",
        "127,High Street,Harbour,rtsp://127.0.0.1/1",
        "502,Slipway,Nowhere,rtsp://127.0.0.1/1",
        "503,Slipway,Harbour,http://127.0.0.1/1",
        "500,Again,Harbour,rtsp://127.0.0.1/1",
        "504,Slipway,Harbour,rtsp://8.8.8.8/1",
        "505,=HYPERLINK(1),Harbour,rtsp://127.0.0.1/1",
        "506,Too,many,rtsp://127.0.0.1/1,cells",
        "507,Slipway,Harbour,rtsp://u:hunter#2@127.0.0.1/1",
    ]
    preview = upload(elin, "number,name,town,address\n" + "\n".join(rows)).headers["Location"]
    page = elin.get(preview).content.decode()

    assert "8 of 9 rows cannot be added" in page
    for words in (
        "Row 10: The user name or password holds the sign # as it is; write it as %23",
        "Row 3: There has already been a camera 127",
        "Row 4: There is no town",
        "Row 5: A camera address begins with",
        "Row 6: The number 500 stands in row 2 already",
        "Row 7: 8.8.8.8 lies outside",
        "Row 8: A camera&#x27;s name begins with",
        "Row 9: This row has more cells than the heading",
    ):
        assert words in page, words
    assert elin.post(preview).status_code == 422
    assert Camera.objects.count() == 6


def test_what_changed_since_the_preview_stops_the_import_whole(world: World, client_as: ClientAs) -> None:
    elin = client_as(world.elin)
    preview = upload(elin, GOOD).headers["Location"]
    Camera.objects.filter(number="202").update(number="501")
    assert elin.post(preview).status_code == 422
    assert not Camera.objects.filter(number="500").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"number,name\n1,2\n", "missing: town, address"),
        (b"number,name,town,address\n", "no cameras below it"),
        (b"number,name,town,address,colour\n1,2,3,4,5\n", "Unknown column"),
        (b"number,name,town,address,name\n1,2,3,4,5\n", "twice"),
        (b"number,name,town,address\n1,\x00,3,4\n", "not a text file"),
        (b'number,name,town,address\n1,"never closed,3,4\n', "cannot be read as CSV"),
        (b"x" * 1_000_001, "larger than 1 MB"),
        (b"number,name,town,address\n" + b"1,a,b,c\n" * 2001, "at most 2000"),
        (b"PK\x03\x04\x81\x8d\x8f\x90\x9d binary", "not a text file"),
    ],
)
def test_a_file_that_is_no_list_of_cameras_is_told_so(
    world: World, client_as: ClientAs, content: bytes, words: str
) -> None:
    page = upload(client_as(world.elin), content)
    assert page.status_code == 422
    assert words in page.content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_encodings_and_delimiters_of_spreadsheets_are_read(encoding: str, delimiter: str) -> None:
    text = "number,name,town,address\r\n500,Café Court,Harbour,rtsp://127.0.0.1/1\r\n".replace(",", delimiter)
    line = read(text.encode(encoding), COLUMNS, REQUIRED)[0]
    assert line.cells["name"] == "Café Court"


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    try:
        read(b"number,name,town,address\n" + content, COLUMNS, REQUIRED)
    except BadFile:
        return  # told in a sentence


@given(st.text(max_size=40))
def test_no_cell_is_taken_for_a_formula_and_each_comes_back(cell: str) -> None:
    shown = safe_cell(cell)
    assert not shown.startswith(("=", "@", "\t", "\r"))
    row = next(csv.reader(io.StringIO(write(["a"], [[cell]]).split("\r\n", 1)[1], newline="")), [""])
    assert row[0] in (shown, shown.replace("\r\n", "\n")) or "\r" in cell


def test_the_template_can_be_filled_in_and_read_back(world: World, client_as: ClientAs) -> None:
    response = client_as(world.elin).get("/cameras/import/template.csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="cameras.csv"'
    lines = read(response.content, COLUMNS, REQUIRED)
    assert lines[0].cells["town"] == "Harbour"
    assert lines[0].cells["longitude"] == "-0.338510", "a number is no formula"


def test_an_uploaded_file_rests_sealed_and_belongs_to_who_uploaded_it(world: World, client_as: ClientAs) -> None:
    from overt.access.rules import Role
    from world import give_role

    preview = upload(client_as(world.elin), GOOD).headers["Location"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM estate_importdraft")
        assert b"keys-under-the-mat" not in bytes(cursor.fetchone()[0])
    give_role(world.dev, Role.MANAGER)
    assert client_as(world.dev).get(preview).status_code == 404
    assert client_as(world.dev).post(preview).status_code == 404
