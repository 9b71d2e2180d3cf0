from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.http import require_safe

from overt.people.views import first_run, grants, own_account, people

urlpatterns = [
    path("first-run/", login_not_required(first_run.first_run), name="first-run"),
    path("account/", require_safe(own_account.account), name="account"),
    path("people/", require_safe(people.people), name="people"),
    path("people/add/", people.add_person, name="add-person"),
    path("people/<uuid:person_id>/", require_safe(people.person), name="person"),
    path("people/<uuid:person_id>/roles/give/", grants.give, name="give-role"),
    path("people/<uuid:person_id>/roles/<uuid:grant_id>/withdraw/", grants.withdraw, name="withdraw-role"),
    path("people/<uuid:person_id>/reset-password/", people.reset_password, name="reset-password"),
    path("people/<uuid:person_id>/close/", people.mark_left, name="close-account"),
    path("people/<uuid:person_id>/reopen/", people.mark_returned, name="reopen-account"),
]
