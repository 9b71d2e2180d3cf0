"""Reading a policy: the one in force, a version, a published code; two side by side; what is wrong."""
