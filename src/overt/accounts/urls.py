from django.contrib.auth.decorators import login_not_required
from django.urls import path

from overt.accounts.views import account, grants, people, sign_in

urlpatterns = [
    path("sign-in/", login_not_required(sign_in.SignIn.as_view()), name="sign-in"),
    path("sign-out/", sign_in.SignOut.as_view(next_page="/sign-in/"), name="sign-out"),
    path("first-run/", login_not_required(sign_in.first_run), name="first-run"),
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="change-password"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign-out-everywhere"),
    path("account/tokens/add/", account.add_token, name="add-token"),
    path("account/tokens/<uuid:token_id>/withdraw/", account.withdraw_token, name="withdraw-token"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add_person, name="add-person"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("people/<uuid:person_id>/roles/give/", grants.give, name="give-role"),
    path("people/<uuid:person_id>/roles/<uuid:grant_id>/withdraw/", grants.withdraw, name="withdraw-role"),
    path("people/<uuid:person_id>/reset-password/", people.reset_password, name="reset-password"),
    path("people/<uuid:person_id>/close/", people.mark_left, name="close-account"),
    path("people/<uuid:person_id>/reopen/", people.mark_returned, name="reopen-account"),
]
