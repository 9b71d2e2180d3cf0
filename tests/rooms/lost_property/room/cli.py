"""`overt lost-property`: what was handed in."""

from __future__ import annotations

import argparse


def add_arguments(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    listing = subparsers.add_parser("lost-property", help="what was handed in")
    listing.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from overt.lost_property.models import Thing

    for thing in Thing.objects.order_by("handed_in_at"):
        print(thing)
    return 0
