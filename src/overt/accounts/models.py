"""People who sign in, and the tokens scripts use in their name."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from overt.accounts.rules import TokenScope
from overt.shared.ids import new_id


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, full_name: str, password: str | None = None) -> User:
        user = self.model(username=username.strip().lower(), full_name=full_name.strip())
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person. What they may do is in access.Grant, never in a flag here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=80, unique=True)  # lower case
    full_name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)  # a person who has left stays, so that the logbook keeps its names
    suspended_at = models.DateTimeField(null=True, blank=True)  # while the account is closed for a breach
    created_at = models.DateTimeField(auto_now_add=True)
    #: The password was made by somebody else and is only good for setting one's own.
    must_change_password = models.BooleanField(default=False)
    #: Sessions that began before this moment are over ("sign out everywhere").
    sessions_valid_from = models.DateTimeField(null=True, blank=True)

    #: Who made the account or its last one-time link, and so had its key in hand; null for the first person.
    link_made_by = models.ForeignKey("self", null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    def __str__(self) -> str:
        return self.full_name


def somebody_is_here() -> bool:
    """Whether anybody can sign in yet."""
    return User.objects.filter(is_active=True).exists()


class ApiToken(models.Model):
    """A key for a script, good for what its person's roles allow. Only its digest is kept; withdrawn, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)  # what it is for, in the person's words
    sha256 = models.CharField(max_length=64, unique=True)  # of the token; it is random, so no salt is needed
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)  # to the minute
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    #: What of its person's acts it may carry out: see rules.TokenScope.
    scope = models.CharField(max_length=10, default=TokenScope.ALL.value)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def works_at(self, moment: datetime) -> bool:
        return self.withdrawn_at is None and self.created_at <= moment < self.expires_at
