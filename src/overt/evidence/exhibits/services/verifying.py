"""Checks a sealed bag against its seal, byte by byte, and writes the answer down."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from overt.evidence import log_actions
from overt.evidence.bag import verify
from overt.evidence.errors import WrongMove
from overt.evidence.exhibits.folders import bag_folder
from overt.evidence.exhibits.rules import ExhibitState
from overt.evidence.log_facts import Verified, Wrong
from overt.evidence.models import Exhibit
from overt.logbook.services import log

if TYPE_CHECKING:
    from overt.accounts.models import User

_MOST_FINDINGS = 20


def verify_exhibit(exhibit: Exhibit, *, by: User | None = None, now: datetime | None = None) -> dict[str, Any]:
    """Read the whole bag, keep and log the answer, and return verify.py's report. Raises WrongMove before it is sealed.

    The key must be the one that sealed it, the list of files the one that the records hold: a bag that was exchanged
    for another one, well signed, is found too. Source: BASS-9.1.b (integrity and continuity).
    """
    if exhibit.state != ExhibitState.SEALED:
        raise WrongMove(f"Exhibit {exhibit.reference} is not sealed; there is nothing to verify yet.")
    report = _report(exhibit)
    _write_down(exhibit, report, by, now or timezone.now())
    return report


def _report(exhibit: Exhibit) -> dict[str, Any]:
    folder = bag_folder(exhibit.reference)
    try:
        report: dict[str, Any] = verify.verify_bag(folder, keys=[exhibit.key_fingerprint])
    except verify.Unusable as error:
        return {
            "answer": "unusable",
            "exit": 2,
            "findings": [{"code": "unusable", "path": str(folder), "says": str(error)}],
        }
    listed = folder / verify.TAG512
    if report["exit"] == 0 and verify.digest_file(listed).sha512 != exhibit.tags_sha512:
        says = "The bag is whole and signed, but it is not the one that was sealed under this reference."
        return {
            **report,
            "answer": "altered",
            "exit": 1,
            "findings": [{"code": "another-bag", "path": verify.TAG512, "says": says}],
        }
    return report


@transaction.atomic
def _write_down(exhibit: Exhibit, report: dict[str, Any], by: User | None, now: datetime) -> None:
    found = [finding["says"] for finding in report["findings"]][:_MOST_FINDINGS]
    exhibit.verified_at, exhibit.verified_answer = now, report["answer"]
    exhibit.verified_detail = json.dumps(found)
    exhibit.save(update_fields=["verified_at", "verified_answer", "verified_detail"])
    wrong = [Wrong(str(one["path"]), str(one["code"])) for one in report["findings"]]
    facts = Verified(exhibit.reference, report["answer"], tuple(wrong[:_MOST_FINDINGS]), found=len(wrong))
    log(log_actions.EXHIBIT_VERIFIED, exhibit, by=by, facts=facts)
