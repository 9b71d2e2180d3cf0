"""`python -m footage.simcam`."""

import argparse

from footage.simcam.cli import add_arguments, run

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="footage simcam")
    add_arguments(parser)
    raise SystemExit(run(parser.parse_args()))
