"""Measures the recorder on the machine it runs on: cameras that are simulated, costs and losses that are not."""
