"""Signing in and out, and one's own account."""

from overt.accounts.views.sign_in import locked_out

__all__ = ["locked_out"]
