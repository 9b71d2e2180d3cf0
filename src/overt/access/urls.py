from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from overt.access import views

urlpatterns = [
    path("roles/", require_safe(views.roles), name="roles"),
    path("roles/confirm/", require_http_methods(["GET", "HEAD", "POST"])(views.renewals), name="renewals"),
]
