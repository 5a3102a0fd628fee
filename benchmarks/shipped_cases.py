"""How far the shipped cases are converged, and what each coupling changes.

    python -m benchmarks.shipped_cases [--out FOLDER] [NAME ...]

runs every shipped case as it is, at half the mesh size, at half the time tolerance, and with each coupling
switched off in turn, two runs at a time, and writes `docs/shipped_cases.md` from the run folders. A run whose
folder is complete is not repeated. The tables of the README's section on measurements are written anew too.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.case import Case, load_case

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("core_shell_liquid", "core_shell_liquid_disc", "dispersed_solid", "hollow_secondary")
LABELS = ("as shipped", "half the mesh size", "half the tolerance")
SWITCHES = ("misfit", "chemical_strain", "stress_in_potential", "stress_in_mobility")
PAGE = ROOT / "docs" / "shipped_cases.md"
README = ROOT / "README.md"
MARKS = ("<!-- shipped cases: begin -->", "<!-- shipped cases: end -->")
"""The README's tables stand between these lines."""
NOT_RUN = "not run"


@dataclass(frozen=True)
class Variant:
    """One run of a case.

    Attributes:
        case: name of the shipped case.
        label: what differs, also the name of the run folder.
        overrides: texts of `--set`.
    """

    case: str
    label: str
    overrides: tuple[str, ...]


def variants(name: str) -> list[Variant]:
    """The runs that a case needs."""
    case = load_case(Path(name))
    runs = [
        Variant(name, LABELS[0], ()),
        Variant(name, LABELS[1], _finer(case)),
        Variant(name, LABELS[2], (f"numerics.tolerance={case.numerics.tolerance / 2!r}",)),
    ]
    return runs + [Variant(name, f"{switch} off", (f"couplings.{switch}=false",)) for switch in SWITCHES]


def _finer(case: Case) -> tuple[str, ...]:
    """Both mesh sizes halved; where the case names none, those that the mesher chooses are halved."""
    size = case.geometry.mesh_size
    radius = case.geometry.radius
    bulk = size.bulk if size.bulk is not None else radius / 100
    interface = size.interface if size.interface is not None else radius / 400
    return (
        f"geometry.mesh_size.bulk={bulk * 0.5e9!r} nm",
        f"geometry.mesh_size.interface={interface * 0.5e9!r} nm",
    )


def folder_of(variant: Variant, folder: Path) -> Path:
    """Run folder of a variant."""
    return folder / variant.case / variant.label.replace(" ", "_")


def summary_of(variant: Variant, folder: Path) -> dict[str, Any]:
    """Run a variant unless its folder is complete; gives its summary."""
    out = folder_of(variant, folder)
    summary = out / "summary.json"
    if not summary.exists():
        words = [sys.executable, "-m", "solver.cli", "run", variant.case, "--out", str(out), "--force"]
        for override in variant.overrides:
            words += ["--set", override]
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
        if done.returncode not in {0, 3}:
            raise RuntimeError(f"{variant.case}, {variant.label}: {done.stdout}{done.stderr}")
        print(f"{variant.case}, {variant.label}: {done.stdout.splitlines()[-1]}", flush=True)
    result: dict[str, Any] = json.loads(summary.read_text())
    return result


def page(names: Sequence[str], found: dict[tuple[str, str], dict[str, Any]]) -> str:
    """The page, every number from the runs."""
    lines = [
        "# The shipped cases: how far converged, and what each coupling changes",
        "",
        "Written by `python -m benchmarks.shipped_cases`, no number by hand. Capacities in mAh per gram",
        "of all active material; below the first row of each table, the change against it.",
    ]
    for name in names:
        base = found[name, "as shipped"]
        titles = [step["name"] for step in base["steps"]]
        lines += ["", f"## {name}", ""]
        lines += [
            f"{base['dimension'].replace('_', ' ')}, {base['counts']['dofs']} unknowns, "
            f"{base['counts']['increments']} increments; steps ended by "
            f"{', '.join(step['reason'] for step in base['steps'])}; lithium balance "
            f"{base['lithium_balance_error']:.0e}, volume mean of stress "
            f"{base['volume_mean_stress_error']:.0e}.",
            "",
        ]
        lines += ["| run | " + " | ".join(titles) + " | unknowns |", "|---" * (len(titles) + 2) + "|"]
        lines.append(_row("as shipped", [f"{c:.2f}" for c in _capacities(base)], base))
        for (case, label), summary in found.items():
            if case == name and label != "as shipped":
                changes = [
                    f"{c - b:+.2f}" for c, b in zip(_capacities(summary), _capacities(base), strict=False)
                ]
                lines.append(_row(label, changes, summary))
        lines += ["", *_stresses(base)]
    return "\n".join(lines) + "\n"


def readme_tables(names: Sequence[str], found: dict[tuple[str, str], dict[str, Any]]) -> str:
    """Two tables: capacities with their convergence, and what each coupling changes."""
    lines = ["| case | step | capacity | half the mesh size | half the tolerance |", "|---|---|---|---|---|"]
    for name in names:
        base = _capacities(found[name, LABELS[0]])
        changes = [_changes(found.get((name, label)), base, ".2f") for label in LABELS[1:]]
        for number, step in enumerate(found[name, LABELS[0]]["steps"]):
            cells = " | ".join(change[number] for change in changes)
            lines.append(f"| `{name}` | {step['name']} | {base[number]:.2f} | {cells} |")
    titles = [switch.replace("_", " ") for switch in SWITCHES]
    lines += [
        "",
        "What switching a coupling off changes in the charge (both steps) and in the discharge [mAh/g]:",
        "",
        "| case | " + " | ".join(titles) + " |",
        "|---" * (len(SWITCHES) + 1) + "|",
    ]
    for name in names:
        base, cells = _capacities(found[name, LABELS[0]]), []
        for switch in SWITCHES:
            run = found.get((name, f"{switch} off"))
            if run is not None:
                changed = _capacities(run)
                charge, discharge = sum(changed[:2]) - sum(base[:2]), changed[2] - base[2]
            cells.append(NOT_RUN if run is None else f"{charge:+.1f} / {discharge:+.1f}")
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _changes(run: dict[str, Any] | None, base: Sequence[float], digits: str) -> list[str]:
    """Change of each step's capacity against the shipped case, or that the run is missing."""
    if run is None:
        return [NOT_RUN] * len(base)
    return [f"{c - b:+{digits}}" for c, b in zip(_capacities(run), base, strict=True)]


def update_readme(tables: str) -> None:
    """Put the tables between the marks of the README."""
    before, rest = README.read_text().split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    README.write_text(f"{before}{MARKS[0]}\n{tables}\n{MARKS[1]}{after}")


def _capacities(summary: dict[str, Any]) -> list[float]:
    return [step["capacity_mAh_g"] for step in summary["steps"]]


def _row(label: str, cells: Sequence[str], summary: dict[str, Any]) -> str:
    return f"| {label} | " + " | ".join(cells) + f" | {summary['counts']['dofs']} |"


def _stresses(summary: dict[str, Any]) -> list[str]:
    lines = [
        "| phase | moment | mean occupancy | mean hydrostatic stress [MPa] | 5 % | 95 % |",
        "|---|---|---|---|---|---|",
    ]
    for moment in ("equilibrium", "final"):
        for region, values in summary[moment]["regions"].items():
            stresses = [values[f"{kind}_hydrostatic_stress_Pa"] / 1e6 for kind in ("mean", "p05", "p95")]
            lines.append(
                f"| {region.replace('_', ' ')} | {moment} | {values['mean_occupancy']:.3f} | "
                + " | ".join(f"{s:.0f}" for s in stresses)
                + " |"
            )
    return lines


def main() -> None:
    """Run and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", default=list(NAMES), metavar="NAME", help="shipped cases")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "runs" / "shipped_cases", help="folder of the runs"
    )
    parser.add_argument("--finished", action="store_true", help="run nothing, take what is complete")
    given = parser.parse_args()
    every = [variant for name in given.names for variant in variants(name)]
    if given.finished:
        every = [variant for variant in every if (folder_of(variant, given.out) / "summary.json").exists()]
    with ThreadPoolExecutor(max_workers=2) as pool:
        summaries = list(pool.map(lambda variant: summary_of(variant, given.out), every))
    found = {(v.case, v.label): s for v, s in zip(every, summaries, strict=True)}
    PAGE.write_text(page(given.names, found))
    if tuple(given.names) == NAMES:
        update_readme(readme_tables(NAMES, found))


if __name__ == "__main__":
    main()
