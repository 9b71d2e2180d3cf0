"""Who may use each address of the policy and its clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from overt.access.rules import Act
from overt.accounts.models import User
from routing import Make, Route, to
from world import World


def _clock(rest: str) -> Make:
    """A clock that is kept and open."""

    def make(world: World, user: User, number: str) -> str:
        from overt.clocks.kinds import Kind
        from overt.clocks.questions import Question
        from overt.clocks.services import start_clock

        asked = Question(Kind.BREACH, timezone.now())
        return f"/clocks/held/{start_clock(asked, owner=uuid4().hex, by=None).pk}/{rest}"

    return make


def _holiday(world: World, user: User, number: str) -> str:
    from overt.clocks.models import ProclaimedHoliday

    day = timezone.localdate() + timedelta(days=ProclaimedHoliday.objects.count())
    made = ProclaimedHoliday.objects.create(day=day, nation="scotland", name="A fair", source="A notice")
    return f"/clocks/holidays/{made.pk}/take-back/"


def _policy(state: str, rest: str = "") -> Make:
    """A version of the policy in this state that nobody here wrote, so that anybody entitled may approve it."""

    def make(world: World, user: User, number: str) -> str:
        from overt.policy.models import PolicyVersion
        from overt.policy.rules import document_of
        from overt.policy.schemes import unadopted

        made = PolicyVersion.objects.create(
            number=PolicyVersion.objects.count() + 1, state=state, document=document_of(unadopted())
        )
        return f"/policy/versions/{made.number}/{rest}"

    return make


ROUTES: Mapping[str, Route] = {
    "GET policy/": to(Act.READ_POLICY),
    "GET policy/compare/": to(Act.READ_POLICY),
    "GET policy/history/": to(Act.READ_POLICY),
    "GET policy/draft/": to(Act.MANAGE_POLICY, everywhere=True),
    "POST policy/draft/": to(
        Act.MANAGE_POLICY, everywhere=True, body=lambda w, u, n: {"source": "sevenoaks", "reason": "A first policy"}
    ),
    "GET policy/published/<slug:name>/": to(Act.READ_POLICY, path=lambda w, u, n: "/policy/published/sevenoaks/"),
    "GET policy/published/<slug:name>/findings/": to(
        Act.READ_POLICY, path=lambda w, u, n: "/policy/published/sevenoaks/findings/"
    ),
    "GET policy/versions/<int:number>/": to(Act.READ_POLICY, path=_policy("approved")),
    "GET policy/versions/<int:number>/findings/": to(Act.READ_POLICY, path=_policy("approved", "findings/")),
    "GET policy/versions/<int:number>/change/": to(
        Act.MANAGE_POLICY, everywhere=True, path=_policy("draft", "change/")
    ),
    "POST policy/versions/<int:number>/change/": to(
        Act.MANAGE_POLICY, everywhere=True, path=_policy("draft", "change/")
    ),
    "GET policy/versions/<int:number>/head/": to(Act.MANAGE_POLICY, everywhere=True, path=_policy("draft", "head/")),
    "POST policy/versions/<int:number>/head/": to(
        Act.MANAGE_POLICY,
        everywhere=True,
        path=_policy("draft", "head/"),
        body=lambda w, u, n: {"title": "A", "owner_kind": "council", "nation": "scotland", "reason": "x"},
    ),
    "GET policy/versions/<int:number>/settings/<slug:name>/": to(
        Act.MANAGE_POLICY, everywhere=True, path=_policy("draft", "settings/retention_days/")
    ),
    "POST policy/versions/<int:number>/settings/<slug:name>/": to(
        Act.MANAGE_POLICY,
        everywhere=True,
        path=_policy("draft", "settings/retention_days/"),
        body=lambda w, u, n: {"silence": "says", "value": "28", "reason": "x"},
    ),
    "GET+POST policy/versions/<int:number>/consult/": to(
        Act.MANAGE_POLICY,
        everywhere=True,
        path=_policy("draft", "consult/"),
        body=lambda w, u, n: {"reason": "Both partners, who agree"},
    ),
    "GET+POST policy/versions/<int:number>/reopen/": to(
        Act.MANAGE_POLICY,
        everywhere=True,
        path=_policy("consulted", "reopen/"),
        body=lambda w, u, n: {"reason": "A partner objects"},
    ),
    "GET+POST policy/versions/<int:number>/approve/": to(
        Act.APPROVE_POLICY,
        everywhere=True,
        path=_policy("consulted", "approve/"),
        body=lambda w, u, n: {"reason": "Agreed", "accepted": ["no-dp-complaints-route"]},
    ),
    "GET+POST policy/versions/<int:number>/put-in-force/": to(
        Act.MANAGE_POLICY, everywhere=True, path=_policy("approved", "put-in-force/")
    ),
    "GET+POST policy/versions/<int:number>/withdraw/": to(
        Act.MANAGE_POLICY,
        everywhere=True,
        path=_policy("draft", "withdraw/"),
        body=lambda w, u, n: {"reason": "Overtaken"},
    ),
    "GET clocks/": to(Act.READ_POLICY),
    "GET clocks/keep/": to(Act.KEEP_CLOCK, everywhere=True),
    "POST clocks/keep/": to(
        Act.KEEP_CLOCK,
        everywhere=True,
        path=lambda w, u, n: "/clocks/keep/?kind=foi&received=2026-11-09",
        body=lambda w, u, n: {"reference": "FOI-3"},
    ),
    "GET clocks/holidays/": to(Act.READ_POLICY),
    "POST clocks/holidays/": to(
        Act.MANAGE_POLICY,
        everywhere=True,
        body=lambda w, u, n: {"day": "2027-06-08", "nation": "scotland", "name": "A fair", "source": "A notice"},
    ),
    "GET clocks/holidays/<uuid:key>/take-back/": to(Act.MANAGE_POLICY, everywhere=True, path=_holiday),
    "POST clocks/holidays/<uuid:key>/take-back/": to(
        Act.MANAGE_POLICY, everywhere=True, path=_holiday, body=lambda w, u, n: {"reason": "A mistake"}
    ),
    "GET clocks/held/": to(Act.READ_LOGBOOK, everywhere=True),
    "GET clocks/held/<uuid:key>/": to(Act.READ_LOGBOOK, everywhere=True, path=_clock("")),
    "GET clocks/held/<uuid:key>/again/": to(Act.KEEP_CLOCK, everywhere=True, path=_clock("again/")),
    "POST clocks/held/<uuid:key>/again/": to(
        Act.KEEP_CLOCK, everywhere=True, path=_clock("again/?kind=breach&received=2026-11-09T09:00Z")
    ),
    "GET clocks/held/<uuid:key>/done/": to(Act.KEEP_CLOCK, everywhere=True, path=_clock("done/")),
    "POST clocks/held/<uuid:key>/done/": to(Act.KEEP_CLOCK, everywhere=True, path=_clock("done/")),
    "GET clocks/held/<uuid:key>/close/": to(Act.KEEP_CLOCK, everywhere=True, path=_clock("close/")),
    "POST clocks/held/<uuid:key>/close/": to(
        Act.KEEP_CLOCK, everywhere=True, path=_clock("close/"), body=lambda w, u, n: {"reason": "Withdrawn"}
    ),
}
