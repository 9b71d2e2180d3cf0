"""One row, kept from others until the transaction ends: `Hold.objects.lock(hold.pk)`."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

from overt.shared.edits import check_under_lock

M = TypeVar("M", bound=models.Model)


class LockQuerySet(models.QuerySet[M]):
    """A model's rows, any of which can be locked by its key: `objects = LockQuerySet.as_manager()`."""

    def lock(self, key: object) -> M:
        """The row as it is now, locked until the transaction ends; what is joined to it is read and not locked.

        It may have changed since the page was drawn, so a rule is asked about this row and no other. Raises
        DoesNotExist, TransactionManagementError outside a transaction (SQLite locks as a whole, when written), and
        ChangedMeanwhile where a form is saved that was drawn before somebody else's change (shared.edits).
        """
        row = self.select_for_update(of=("self",)).get(pk=key)
        check_under_lock(row)
        return row
