"""Signing in, one's own account, and people, for those who look after them."""

from overt.accounts.views.sign_in import locked_out

__all__ = ["locked_out"]
