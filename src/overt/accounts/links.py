"""One-time links by which a person sets the password of an account that somebody else made or reset.

So nobody ever knows another's password. A link is a signature over the account's state (Django's own generator for
resets): used once, the state has changed; it ends by itself after PASSWORD_RESET_TIMEOUT. Nothing of it is kept.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction

from overt.accounts import log_actions
from overt.accounts.models import User
from overt.logbook.services import log
from overt.shared.errors import NotThere


class LinkOver(NotThere):
    """The link was used, replaced by a newer one, or is older than three days."""

    code = "link-over"


def token_of(user: User) -> str:
    """The part of the link's address that is good once. The account cannot be signed in to until it was used."""
    return default_token_generator.make_token(user)


def person_of(person_id: UUID, token: str) -> User:
    """Whose link this is. Raises LinkOver, whichever the reason."""
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None or person.has_usable_password() or not default_token_generator.check_token(person, token):
        raise LinkOver("This link was used, or is over. Ask whoever gave it to you for a new one.")
    return person


@transaction.atomic
def use_link(person_id: UUID, token: str, password: str) -> User:
    """Set the password, once. The caller has judged its strength. Raises LinkOver."""
    User.objects.select_for_update(of=("self",)).filter(pk=person_id).first()
    person = person_of(person_id, token)
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    log(log_actions.PASSWORD_CHOSEN, person, by=person)
    return person
