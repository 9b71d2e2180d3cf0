from django.contrib.auth.decorators import login_not_required
from django.urls import path

from overt.accounts import views

urlpatterns = [
    path("sign-in/", login_not_required(views.SignIn.as_view()), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(next_page="/sign-in/"), name="sign-out"),
]
