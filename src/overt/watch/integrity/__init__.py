"""Everything stored, held against its hashes."""
