from django.urls import path
from django.views.decorators.http import require_safe

from overt.access import views

urlpatterns = [
    path("roles/", require_safe(views.roles), name="roles"),
]
