"""Addresses of the watch room. JSON in and out, save the two pages and the question before a review."""

from django.urls import path

from overt.watch import register_view, review_views, supervised_views, views

urlpatterns = [
    path("watch/", views.wall, name="watch"),
    path("watch/now/", views.now, name="watch-now"),
    path("watch/open/", views.open_live, name="watch-open"),
    path("watch/viewings/<uuid:viewing_id>/renew/", views.renew_live, name="watch-renew"),
    path("watch/viewings/<uuid:viewing_id>/close/", views.close_live, name="watch-close"),
    path("watch/entry/", views.write_entry, name="watch-entry"),
    path("review/", review_views.review, name="review"),
    path("review/register/", register_view.register, name="review-register"),
    path("review/supervised/", supervised_views.leaves, name="supervised-playbacks"),
    path("review/supervised/allow/", supervised_views.allow, name="allow-playback"),
    path("review/supervised/<uuid:leave_id>/", supervised_views.leave, name="supervised-playback"),
    path("review/supervised/<uuid:leave_id>/end/", supervised_views.end, name="end-playback"),
    path("review/timeline/", review_views.timeline, name="review-timeline"),
    path("review/<uuid:review_id>/ticket/", review_views.ticket, name="review-ticket"),
    path("review/<uuid:review_id>/camera/", review_views.add_camera, name="review-camera"),
    path("review/<uuid:review_id>/close/", review_views.close, name="review-close"),
]
