"""The versions of a policy: drafted, changed, consulted on, approved, put in force."""
