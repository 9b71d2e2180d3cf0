"""The recorder as a process: cameras from the journal, orders over a local socket, an orderly end."""
