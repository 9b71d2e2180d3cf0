from django.contrib.auth.decorators import login_not_required
from django.urls import path

from overt.accounts.views import account, sign_in
from overt.accounts.views.links import choose_password

urlpatterns = [
    path("sign-in/", login_not_required(sign_in.SignIn.as_view()), name="sign-in"),
    path("sign-out/", sign_in.SignOut.as_view(next_page="/sign-in/"), name="sign-out"),
    path("account/password/", account.change_password, name="change-password"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign-out-everywhere"),
    path("account/tokens/add/", account.add_token, name="add-token"),
    path("account/tokens/<uuid:token_id>/withdraw/", account.withdraw_token, name="withdraw-token"),
    path("choose-password/<uuid:person_id>/<str:token>/", login_not_required(choose_password), name="choose-password"),
]
