from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from overt.breaches import views

asked = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("logbook/breaches/", require_safe(views.breach_list), name="breaches"),
    path("logbook/breaches/report/", asked(views.report), name="report-breach"),
    path("logbook/breaches/<int:number>/", asked(views.breach), name="breach"),
    path("logbook/breaches/<int:number>/suspend/", require_POST(views.suspend), name="suspend-for-breach"),
]
