"""Pages of the watch room. What the two instruments ask for is under /api/v1/watch: see api.py."""

from django.urls import path

from overt.watch import register_view, review_views, supervised_views, views

urlpatterns = [
    path("watch/", views.wall, name="watch"),
    path("review/", review_views.review, name="review"),
    path("review/register/", register_view.register, name="review-register"),
    path("review/supervised/", supervised_views.leaves, name="supervised-playbacks"),
    path("review/supervised/allow/", supervised_views.allow, name="allow-playback"),
    path("review/supervised/<uuid:leave_id>/", supervised_views.leave, name="supervised-playback"),
    path("review/supervised/<uuid:leave_id>/end/", supervised_views.end, name="end-playback"),
    path("review/<uuid:review_id>/close/", review_views.close, name="review-close"),
]
