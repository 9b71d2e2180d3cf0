from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from overt.logbook import breach_views, views

asked = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("logbook/", require_safe(views.logbook), name="logbook"),
    path("logbook/print/", require_safe(views.printed), name="logbook-print"),
    path("logbook/breaches/", require_safe(breach_views.breach_list), name="breaches"),
    path("logbook/breaches/report/", asked(breach_views.report), name="report-breach"),
    path("logbook/breaches/<int:number>/", asked(breach_views.breach), name="breach"),
    path("logbook/prove/", asked(views.prove), name="logbook-prove"),
    path("logbook/breaches/<int:number>/suspend/", require_POST(breach_views.suspend), name="suspend-for-breach"),
    path("logbook/key-changes/", require_safe(views.key_changes), name="logbook-key-changes"),
    path("logbook/checkpoint/", require_safe(views.checkpoint), name="logbook-checkpoint"),
    path("logbook/entries/<int:number>/", require_safe(views.entry), name="logbook-entry"),
    path("logbook/entries/<int:number>/proof/", require_safe(views.proof), name="logbook-proof"),
    path("logbook/entries/<int:number>/correct/", asked(views.correct_entry), name="logbook-correct"),
    path("logbook/entries/<int:number>/erase/", asked(views.erase_entry), name="logbook-erase"),
]
