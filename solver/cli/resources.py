"""Words of the command line on what a run may use: ranks and time."""

import argparse
from collections.abc import Sequence


def takes_resources(parser: argparse.ArgumentParser) -> None:
    """Add the ranks and the time that a command may take."""
    parser.add_argument("-n", type=_count, dest="ranks", metavar="RANKS", help="start so many MPI ranks")
    parser.add_argument(
        "--wall-time",
        type=_duration,
        metavar="TIME",
        help="stop by itself, with a checkpoint, in time to be done after so long, such as '2 h'",
    )


def _count(text: str) -> int:
    count = int(text) if text.isdigit() else 0
    if not 1 <= count <= 10**6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of ranks")
    return count


def _duration(text: str) -> float:
    from solver.quantities import QuantityError, read_quantity

    try:
        seconds = read_quantity(text, "s")
    except QuantityError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if seconds <= 0.0:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; give one above zero, such as '2 h'")
    return seconds


def without_ranks(words: Sequence[str]) -> list[str]:
    """The words of a command without `-n` and its number."""
    kept: list[str] = []
    skipped = False
    for word in words:
        if skipped:
            skipped = False
        elif word == "-n":
            skipped = True
        elif not (word.startswith("-n") and word[2:].lstrip("=").isdigit()):
            kept.append(word)
    return kept
