"""People who sign in, and the tokens scripts use in their name."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models

from overt.shared.ids import new_id


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, full_name: str, password: str | None = None) -> User:
        user = self.model(username=username.strip().lower(), full_name=full_name.strip())
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do is in access.Grant, never in a flag here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=80, unique=True)  # lower case
    full_name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)  # a person who has left stays, so that the logbook keeps its names
    created_at = models.DateTimeField(auto_now_add=True)
    #: Sessions that began before this moment are over ("sign out everywhere").
    sessions_valid_from = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    def __str__(self) -> str:
        return self.full_name
