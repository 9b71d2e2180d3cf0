"""Background entries: each a thin door to one service. Their names outlive a release.

A service is given by its full dotted name, as in a room's declaration: services queue these jobs, and so import this.
"""

from __future__ import annotations

from uuid import UUID

from overt.evidence.models import Exhibit
from overt.jobs.queue import job
from overt.rooms import named


@job
def seal(exhibit_id: str) -> str:
    """Seal an exhibit; harmless on one that is sealed."""
    return str(named("overt.evidence.exhibits.services.sealing.run_sealing")(UUID(exhibit_id)).state)


@job
def verify(exhibit_id: str) -> str:
    """Read a sealed bag whole and write down whether it is as it was sealed."""
    exhibit = Exhibit.objects.get(pk=exhibit_id)
    return str(named("overt.evidence.exhibits.services.verifying.verify_exhibit")(exhibit)["answer"])
