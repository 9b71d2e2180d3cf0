"""Evidence for scripts: the addresses of exhibits and of holds."""

from __future__ import annotations

from ninja import Router

from overt.evidence.exhibits.api import router as exhibits
from overt.evidence.holds.api import router as holds

router = Router()
router.add_router("", exhibits)
router.add_router("", holds)
