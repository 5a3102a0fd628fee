"""What a 1C charge costs in 3D: time and memory by family, size and ranks, and where they go.

    python -m benchmarks.cost [--out FOLDER] [--duration TEXT] [NAME ...]

runs each family's shipped 3D case at two mesh sizes on one and two ranks, one run at a time, and writes
`docs/cost.md` from the run folders. A run whose folder is complete is not repeated. The charge is cut after
`--duration` (default: until its voltage limit) but for that of `WHOLE` on two ranks; times are per Newton
iteration too, so that a short one tells what a long one costs. Times are of one machine on one day: compare
rows, not papers.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "cost.md"
FAMILIES = ("core_shell_liquid_3d", "dispersed_solid_3d", "hollow_secondary_3d")
RANKS = (1, 2)
WHOLE = "dispersed_solid_3d"
"""Its charge is run to the end on two ranks, whatever the others are cut to."""

LIMIT = "until 4.3 V"
COLUMNS = (
    "unknowns",
    "ranks",
    "increments",
    "Newton",
    "Krylov a solve",
    "total [s]",
    "a Newton iteration [s]",
)
PARTS = ("assembly", "local lithium", "preconditioner", "Krylov", "output")


@dataclass(frozen=True)
class Measured:
    """One run.

    Attributes:
        case: name of the shipped case.
        size: `as shipped`, `as shipped, whole charge` or `coarse`.
        ranks: MPI ranks.
        overrides: texts of `--set`.
    """

    case: str
    size: str
    ranks: int
    overrides: tuple[str, ...]

    @property
    def folder(self) -> str:
        """Name of the run folder."""
        return f"{self.case}-{self.size.replace(',', '').replace(' ', '-')}-{self.ranks}"


def runs(
    names: Sequence[str], duration: str | None, ranks: Sequence[int] = RANKS, coarse: bool = False
) -> list[Measured]:
    """The runs of some families, coarse ones first, or these alone."""
    ending = f"for {duration} or {LIMIT}" if duration else LIMIT
    charge = (f'protocol.steps=["Charge at 1C {ending}"]',)
    found = []
    for size in ("coarse",) if coarse else ("coarse", "as shipped"):
        for name in names:
            extends = f"quick/{name}" if size == "coarse" else name
            found += [Measured(extends, size, count, charge) for count in ranks]
    if duration and WHOLE in names and not coarse:
        found.append(
            Measured(WHOLE, "as shipped, whole charge", 2, (f'protocol.steps=["Charge at 1C {LIMIT}"]',))
        )
    return found


def measure(run: Measured, out: Path) -> dict[str, Any]:
    """Run a case unless that is done; gives its summary.

    Raises:
        RuntimeError: the run failed.
    """
    folder = out / run.folder.replace("/", "-")
    if not (folder / "summary.json").exists():
        command = [sys.executable, "-m", "solver.cli", "run", run.case, "--out", str(folder), "--force"]
        for text in run.overrides:
            command += ["--set", text]
        if run.ranks > 1:
            command = [str(Path(sys.executable).parent / "mpiexec"), "-n", str(run.ranks), *command]
        print(f"{run.case}, {run.size}, {run.ranks} ranks", flush=True)
        done = subprocess.run(command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL)
        if done.returncode not in (0, 3):
            msg = f"{folder} ended with exit code {done.returncode}"
            raise RuntimeError(msg)
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    return summary


def page(results: Sequence[tuple[Measured, dict[str, Any]]], duration: str | None) -> str:
    """The page of all runs."""
    until = f"for {duration} or {LIMIT}" if duration else LIMIT
    lines = [
        "# What a charge costs in 3D",
        "",
        f"Written by `python -m benchmarks.cost`, no number by hand: one charge at 1C {until}",
        f"(whole: {LIMIT}), all couplings on, on one machine that other work may share. Shares are of the",
        "total: local lithium is the pointwise problem, assembly is without it; preconditioner the elastic",
        "set-up, once a run, and the factors of the potential's block, Krylov the rest of the linear solves.",
        "",
        "| case | " + " | ".join((*COLUMNS, *PARTS, "memory [GB]", "linear solver")) + " |",
        "|" + "---|" * (len(COLUMNS) + len(PARTS) + 3),
    ]
    for run, summary in results:
        counts, seconds = summary["counts"], summary["wall_time_s"]
        total, newton = seconds["total"], max(counts["newton_iterations"], 1)
        parts = (
            seconds["assemble"] - seconds["local"],
            seconds["local"],
            seconds["preconditioner"],
            seconds["solve"] - seconds["preconditioner"],
            seconds["output"],
        )
        cells = [
            run.case.removeprefix("quick/") + f" ({run.size})",
            str(counts["dofs"]),
            str(run.ranks),
            str(counts["increments"]),
            str(newton),
            f"{counts['linear_iterations'] / max(counts['linear_solves'], 1):.1f}",
            f"{total:.0f}",
            f"{total / newton:.2f}",
            *(f"{100 * part / total:.0f} %" for part in parts),
            f"{summary['peak_memory_bytes'] / 1e9:.1f}",
            summary["linear_solver"],
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


def main(words: Sequence[str] | None = None) -> int:
    """Run what is missing and write the page; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cost", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", default=list(FAMILIES))
    parser.add_argument("--out", type=Path, default=ROOT / "runs" / "cost")
    parser.add_argument("--duration", default=None, metavar="TEXT", help="such as '10 minutes'")
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument("--coarse", action="store_true", help="the coarse meshes alone")
    parser.add_argument("--ranks", type=int, nargs="+", default=list(RANKS))
    given = parser.parse_args(words)
    chosen = runs(given.names, given.duration, given.ranks, given.coarse)
    results = [(run, measure(run, given.out)) for run in chosen]
    given.page.write_text(page(results, given.duration))
    print(f"written: {given.page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
