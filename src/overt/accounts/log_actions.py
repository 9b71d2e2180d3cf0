"""What this room writes into the logbook."""

from overt.logbook.actions import register

register("accounts.signed_in", "Signed in")
register("accounts.sign_in.failed", "Sign-in failed")
register("accounts.locked_out", "Locked out after failed sign-ins")
register("accounts.signed_out", "Signed out")
register("accounts.signed_out_everywhere", "Signed out everywhere")
register("accounts.session.ended", "Session ended")
register("accounts.password.changed", "Password changed")
register("accounts.password.reset", "Password reset")
register("accounts.first_person.made", "First person made")
register("accounts.person.added", "Person added")
register("accounts.person.renamed", "Person renamed")
register("accounts.person.left", "Person left")
register("accounts.person.suspended", "Person's access suspended")
register("accounts.person.returned", "Person returned")
register("accounts.token.created", "API token created")
register("accounts.token.withdrawn", "API token withdrawn")
