"""What a password may not be, beside what Django's own validators say: mostly the person's name."""

from __future__ import annotations

from django.core.exceptions import ValidationError

#: What has to be left of a password once the person's own names are taken out of it.
LEAST_LEFT = 8
_SHORTEST_NAME = 3


class NotMostlyTheName:
    """Refuses `asha-asha-asha` and `patelpatel2026`: names are the first that anybody tries."""

    def validate(self, password: str, user: object | None = None) -> None:
        names = f"{getattr(user, 'username', '')} {getattr(user, 'full_name', '')}".lower().split()
        left = said = password.lower()
        for name in sorted(names, key=len, reverse=True):
            if len(name) >= _SHORTEST_NAME:
                left = left.replace(name, "")
        if left != said and sum(letter.isalnum() for letter in left) < LEAST_LEFT:
            raise ValidationError("The password is mostly your own name. Choose another.", code="password-of-the-name")

    def get_help_text(self) -> str:
        return "Your password cannot be mostly your own name."
