from django.urls import path
from django.views.decorators.http import require_http_methods

from overt.lost_property import views

urlpatterns = [
    path("lost-property/", require_http_methods(["GET", "HEAD", "POST"])(views.things), name="lost-property"),
]
