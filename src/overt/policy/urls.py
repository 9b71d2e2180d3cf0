from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from overt.policy.calculator import views as clocks
from overt.policy.drafting import moves as moving
from overt.policy.drafting import views as drafting
from overt.policy.held import views as held
from overt.policy.holidays import views as holidays
from overt.policy.reading import views as reading

asked = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("policy/", require_safe(reading.home), name="policy"),
    path("policy/compare/", require_safe(reading.compare), name="policy-compare"),
    path("policy/history/", require_safe(reading.history), name="policy-history"),
    path("policy/draft/", asked(moving.draft), name="policy-draft"),
    path("policy/published/<slug:name>/", require_safe(reading.published), name="policy-published"),
    path(
        "policy/published/<slug:name>/findings/",
        require_safe(reading.published_findings),
        name="policy-published-findings",
    ),
    path("policy/versions/<int:number>/", require_safe(reading.version), name="policy-version"),
    path(
        "policy/versions/<int:number>/findings/", require_safe(reading.version_findings), name="policy-version-findings"
    ),
    path("policy/versions/<int:number>/change/", asked(drafting.change), name="policy-change"),
    path("policy/versions/<int:number>/head/", asked(drafting.change_head), name="policy-head"),
    path("policy/versions/<int:number>/settings/<slug:name>/", asked(drafting.change_setting), name="policy-setting"),
    path("policy/versions/<int:number>/consult/", asked(moving.consult), name="policy-consult"),
    path("policy/versions/<int:number>/reopen/", asked(moving.reopen), name="policy-reopen"),
    path("policy/versions/<int:number>/approve/", asked(moving.approve), name="policy-approve"),
    path("policy/versions/<int:number>/put-in-force/", asked(moving.start), name="policy-start"),
    path("policy/versions/<int:number>/withdraw/", asked(moving.withdraw), name="policy-withdraw"),
    path("clocks/", require_safe(clocks.clock), name="clocks"),
    path("clocks/keep/", asked(held.keep), name="clock-keep"),
    path("clocks/holidays/", asked(holidays.holidays), name="clock-holidays"),
    path("clocks/holidays/<uuid:key>/take-back/", asked(holidays.take_back), name="clock-holiday-back"),
    path("clocks/held/", require_safe(held.held), name="clocks-held"),
    path("clocks/held/<uuid:key>/", require_safe(held.one), name="clock-held"),
    path("clocks/held/<uuid:key>/again/", asked(held.again), name="clock-again"),
    path("clocks/held/<uuid:key>/done/", asked(held.meet), name="clock-meet"),
    path("clocks/held/<uuid:key>/close/", asked(held.close), name="clock-close"),
]
