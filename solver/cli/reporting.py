"""`lithostat report` and `lithostat compare`."""

from collections.abc import Mapping
from pathlib import Path

from solver.cli.bad_input import BadInput, bad_input_from
from solver.cli.drawing import hush_vtk
from solver.cli.launch import launched_rank

WRITTEN = ("comparison.png", "comparison.csv", "comparison.md", "comparison.html")


def report(run: Path, data: Path | None, out: Path | None) -> int:
    """Make the report of a run and print where it is.

    Args:
        run: Run folder.
        data: Measured curves, or None.
        out: Folder of the report, or None for RUN/report.

    Returns:
        0.

    Raises:
        BadInput: No run folder, or measured data that cannot be read.
    """
    from solver.report.errors import ReportError
    from solver.results import RunReadError

    hush_vtk()
    with bad_input_from(ReportError, RunReadError):
        from solver.report.page import report as write_report

        page = write_report(run, data, out)
    folder = page.parent
    for file in sorted(folder.glob("*.png")):
        print(file)
    print(page)
    return 0


def compare(run_a: Path, run_b: Path, out: Path | None, force: bool, ablate: bool, strength: str) -> int:
    """Compare two runs, print the tables, and end with where they and the figures are.

    With `ablate` it may be started on several ranks, which then share the runs that it makes.

    Args:
        run_a: Run folder.
        run_b: Run folder.
        out: Folder of the comparison, or None for `comparison`.
        force: Replace files of an earlier comparison.
        ablate: Run each case again with each coupling switched off in turn.
        strength: Tensile strength with its unit.

    Returns:
        0, or 130 when an ablation was interrupted.

    Raises:
        BadInput: No run folders, no stress, or files in the way.
    """
    folder = out if out is not None else Path("comparison")
    first = launched_rank() == 0
    limit = _before_anything(run_a, run_b, folder, force, strength) if first else 0.0
    ablations: Mapping[str, tuple[Path, Path]] = {}
    if ablate:
        from solver.cli.ablation import ablate_runs

        code, ablations = ablate_runs((run_a, run_b), folder / "ablations")
        if code:
            return code
    if not first:
        return 0

    from solver.report.compare import compare as write_comparison
    from solver.report.errors import ReportError
    from solver.results import RunReadError

    hush_vtk()
    with bad_input_from(ReportError, RunReadError):
        page = write_comparison(run_a, run_b, folder, limit, ablations)
    print(page.read_text(encoding="utf-8"))
    for name in WRITTEN:
        if (folder / name).exists():
            print(folder / name)
    return 0


def _before_anything(run_a: Path, run_b: Path, folder: Path, force: bool, strength: str) -> float:
    """Refuse bad input before hours of reruns; returns the strength [Pa]."""
    from solver.quantities import QuantityError, read_quantity
    from solver.results import RunReadError, read_run

    lines = []
    for run in (run_a, run_b):
        try:
            read_run(run)
        except RunReadError as error:
            lines.append(str(error))
    limit = 0.0
    try:
        limit = read_quantity(strength, "Pa")
        if limit <= 0:
            lines.append(f"--strength: {strength} is not above zero; a tensile strength such as 745 MPa")
    except QuantityError as error:
        lines.append(f"--strength: {error}; a tensile strength such as 745 MPa")
    taken = [name for name in WRITTEN if (folder / name).exists()]
    if folder.exists() and not folder.is_dir():
        lines.append(f"{folder}: is a file; give --out a folder")
    elif taken and not force:
        lines.append(
            f"{folder}: holds {taken[0]} already; give --out another folder, or --force to replace it"
        )
    if lines:
        raise BadInput(list(dict.fromkeys(lines)))
    return limit
