"""The scheme of the demo, made without its cameras running."""

from __future__ import annotations

import pytest

from overt.demo.scheme import CAMERAS, Stream, build_scheme
from overt.logbook.models import Entry
from overt.logbook.verify import verify


@pytest.mark.django_db
def test_the_demo_writes_down_that_it_made_a_scheme() -> None:
    sign_ins = build_scheme(Stream({camera.number: "rtsp://127.0.0.1/1" for camera in CAMERAS}, "viewer", "secret"))
    told = Entry.objects.get(action="demo.scheme.made")
    assert told.facts["partners"] == 2
    assert told.personal.get(field="actor_name").value == sign_ins[0].full_name
    assert verify().sound
