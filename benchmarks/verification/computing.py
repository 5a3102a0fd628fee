"""One page, computed in this process, as a file of plain numbers.

    python -m benchmarks.verification.computing PAGE FILE [--short]

Exit 0 when everything on the page holds, 1 when something does not or the computation ended with an error;
the file is written in both cases and says which.
"""

import argparse
import json
import sys
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from benchmarks.verification.contents import load
from benchmarks.verification.page import Check, Findings, Line, Panel, Refinement, Workbench


@dataclass(frozen=True)
class Computed:
    """A page with what computing it gave.

    Attributes:
        name: `chapter/page`.
        findings: its numbers; empty where it failed.
        failure: the error that ended it; empty for none.
        duration: wall time [s].
    """

    name: str
    findings: Findings
    failure: str
    duration: float

    @property
    def holds(self) -> bool:
        """Whether it was computed and everything on it holds."""
        return not self.failure and self.findings.holds


def compute(name: str, short: bool) -> Computed:
    """Compute a page in a temporary folder; an error is part of the answer."""
    began, findings, failure = monotonic(), Findings(), ""
    try:
        with TemporaryDirectory(prefix="verification-") as folder:
            findings = load(name).compute(Workbench(Path(folder), short))
    except Exception as error:
        traceback.print_exc()
        failure = f"{type(error).__name__}: {error}"
    return Computed(name, findings, failure, monotonic() - began)


def save(computed: Computed, path: Path) -> None:
    """Write a computed page as JSON."""
    path.write_text(json.dumps(asdict(computed)), encoding="utf-8")


def read(path: Path) -> Computed:
    """Read back what `save` wrote."""
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    found = told["findings"]
    rows = [
        {**row, "sizes": tuple(row["sizes"]), "errors": tuple(row["errors"])} for row in found["refinements"]
    ]
    findings = Findings(
        checks=[Check(**row) for row in found["checks"]],
        refinements=[Refinement(**row) for row in rows],
        panels=[
            Panel(
                panel["title"],
                panel["across"],
                panel["up"],
                tuple(Line(**line) for line in panel["lines"]),
                tuple(panel["scales"]),
            )
            for panel in found["panels"]
        ],
        notes=found["notes"],
    )
    return Computed(told["name"], findings, told["failure"], told["duration"])


def complaints(computed: Computed) -> list[str]:
    """What does not hold, a line each; empty for a page that stands."""
    if computed.failure:
        return [computed.failure]
    found = computed.findings
    lines = [
        f"{c.law} ({c.dimension}), {c.quantity}: found {c.found:.8g}, should be {c.wanted:.8g}, "
        f"error {c.error:.2e} above {c.limit:.0e}"
        for c in found.checks
        if not c.holds
    ]
    lines += [
        f"{r.law} ({r.dimension}), {r.quantity}: order {r.observed:.2f}, should be {r.order:g}; "
        f"errors {', '.join(f'{e:.2e}' for e in r.errors)}"
        for r in found.refinements
        if not r.holds
    ]
    if not found.checks and not found.refinements:
        lines.append("the page checks nothing")
    return lines


def main(arguments: list[str]) -> int:
    """Compute one page into a file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verification.computing")
    parser.add_argument("page", help="chapter/page")
    parser.add_argument("file", type=Path, help="where the numbers go")
    parser.add_argument("--short", action="store_true", help="the form that `make test` runs")
    given = parser.parse_args(arguments)
    computed = compute(given.page, given.short)
    save(computed, given.file)
    for line in complaints(computed):
        print(f"{given.page}: {line}", file=sys.stderr)
    return 0 if computed.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
