"""Pages of the watch room. What the two instruments ask for is under /api/v1/watch: see api.py."""

from django.urls import path

from overt.watch.live.views import wall
from overt.watch.reviews import views as review_views
from overt.watch.reviews.register import register
from overt.watch.supervised import views as supervised_views

urlpatterns = [
    path("watch/", wall, name="watch"),
    path("review/", review_views.review, name="review"),
    path("review/register/", register, name="review-register"),
    path("review/supervised/", supervised_views.supervisions, name="supervised-playbacks"),
    path("review/supervised/allow/", supervised_views.allow, name="allow-playback"),
    path("review/supervised/<uuid:supervision_id>/", supervised_views.supervision, name="supervised-playback"),
    path("review/supervised/<uuid:supervision_id>/end/", supervised_views.end, name="end-playback"),
    path("review/<uuid:review_id>/close/", review_views.close, name="review-close"),
]
