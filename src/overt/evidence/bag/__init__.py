"""The sealed bag (spec: one folder, RFC 8493, that convinces somebody who has none of our software). No Django here."""
