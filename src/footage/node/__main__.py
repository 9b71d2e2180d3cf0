"""`python -m footage.node --store DIR --run DIR`."""

from __future__ import annotations

import argparse
import sys

from footage.node.options import add_arguments, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="footage node", description="Record the cameras of a store.")
    add_arguments(parser)
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
