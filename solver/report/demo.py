"""What the demonstration shows at its end: `python -m solver.report.demo RUN...`.

The first two runs are compared like with like; the others stand beside them in the table.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from solver.report.compare import DEFAULT_STRENGTH
from solver.report.comparison_rows import Side
from solver.report.errors import ReportError
from solver.report.headline import headline
from solver.report.page import open_run


def main(arguments: Sequence[str]) -> int:
    """Print the headline table of some run folders and the paths of the pictures that lie beside them.

    Args:
        arguments: run folders.

    Returns:
        Exit code: 0, or 2 for bad input.
    """
    if not arguments:
        print("give at least one run folder", file=sys.stderr)
        return 2
    folders = [Path(argument) for argument in arguments]
    try:
        sides = [Side.of(open_run(folder), DEFAULT_STRENGTH) for folder in folders]
    except ReportError as error:
        print(error, file=sys.stderr)
        return 2
    print(headline(sides, DEFAULT_STRENGTH))
    print("\npictures:")
    for parent in dict.fromkeys(folder.resolve().parent for folder in folders):
        for picture in sorted(parent.rglob("*.png")):
            print(f"  {picture}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
