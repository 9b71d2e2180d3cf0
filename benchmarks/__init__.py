"""Benchmarks: each beside what somebody would use instead, in one run, with the machine described."""
