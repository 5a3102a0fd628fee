"""Add up the tests of several pytest runs from their JUnit files and print one closing line.

    python scripts/count_tests.py FOLDER

Exit 1 when a test failed, when a run left no readable file, or when no test ran at all.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree


def count(folder: Path) -> tuple[int, int, int]:
    """Return the tests that passed, failed (errors included) and were skipped."""
    tests = bad = skipped = 0
    for path in sorted(folder.glob("*.xml")):
        for suite in ElementTree.parse(path).iter("testsuite"):
            tests += int(suite.get("tests", 0))
            bad += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
    return tests - bad - skipped, bad, skipped


def main(arguments: list[str]) -> int:
    """Print the closing line and return the exit code."""
    passed, failed, skipped = count(Path(arguments[0]))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
