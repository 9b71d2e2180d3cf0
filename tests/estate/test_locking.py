"""`objects.lock`: the row as it is now, which nobody else may change until the transaction ends."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from overt.estate.models import Camera
from world import World


def test_the_row_is_read_anew_and_locked(world: World) -> None:
    drawn = world.camera("127")
    Camera.objects.filter(pk=drawn.pk).update(name="Changed since the page was drawn")
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        found = Camera.objects.lock(drawn.pk)
    assert found.name == "Changed since the page was drawn"
    locks = "FOR UPDATE OF" in asked[-1]["sql"]
    assert locks == connection.features.has_select_for_update, "SQLite locks as a whole, by its first write"


def test_a_row_that_is_gone_is_said_to_be(world: World) -> None:
    drawn = world.camera("127")
    with pytest.raises(Camera.DoesNotExist):
        Camera.objects.exclude(pk=drawn.pk).lock(drawn.pk)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_locked_in_silence() -> None:
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite takes its lock with the first write, and knows no other")
    with pytest.raises(TransactionManagementError):
        Camera.objects.lock("00000000-0000-0000-0000-000000000000")
