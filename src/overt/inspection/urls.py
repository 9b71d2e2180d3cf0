from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from overt.inspection import views

asked = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("logbook/", require_safe(views.logbook), name="logbook"),
    path("logbook/print/", require_safe(views.printed), name="logbook-print"),
    path("logbook/prove/", asked(views.prove), name="logbook-prove"),
    path("logbook/key-changes/", require_safe(views.key_changes), name="logbook-key-changes"),
    path("logbook/checkpoint/", require_safe(views.checkpoint), name="logbook-checkpoint"),
    path("logbook/entries/<int:number>/", require_safe(views.entry), name="logbook-entry"),
    path("logbook/entries/<int:number>/proof/", require_safe(views.proof), name="logbook-proof"),
    path("logbook/entries/<int:number>/correct/", asked(views.correct_entry), name="logbook-correct"),
    path("logbook/entries/<int:number>/erase/", asked(views.erase_entry), name="logbook-erase"),
]
