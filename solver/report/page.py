"""The report of one run: a page with its figures, made from the run folder alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from solver.report.curves import curves_figure
from solver.report.document import Document
from solver.report.errors import ReportError
from solver.report.fields import REGION_WORDS, REGIONS
from solver.report.measured import read_measured
from solver.report.moment_figure import Limits, moment_figure
from solver.report.moments import Moment, step_ends, subtitle
from solver.report.numbers import fixed, megapascals, plain
from solver.report.solid_figures import particle_figure, slices_figure
from solver.results.reader import Run, RunReadError, read_run

MOST_MOMENTS = 12
"""Figures of moments in one report; of a longer protocol the first and the last ones are drawn."""
SINGULAR = (
    "Largest values sit at corners and where three regions meet; they grow with refinement. Read the 95th"
    " percentile beside them."
)
IN_SPACE = (
    "The particle is whole: a sector that was meshed is mirrored. An eighth of it, x, y, z > 0, is cut away;"
    " the faces of the cut have exactly the colours of the scale, the round surface is shaded by light. Paths"
    " of lithium follow the part of the flux that lies in the plane, through places in the rock salt (where"
    " none carries lithium, through places everywhere), with arrows the way that lithium goes; in a plane of"
    " symmetry the flux has no other part."
)
STRESSES = ("mean_hydrostatic", "p05_hydrostatic", "p95_hydrostatic", "p95_principal", "max_principal")
REASONS = {
    "time": "time was up",
    "voltage": "voltage limit",
    "current": "current limit",
    "occupancy": "occupancy limit",
    "surface_depleted": "surface depleted",
    "surface_saturated": "surface saturated",
    "phase_separation": "phase separation",
    "numerics": "numerics failed",
    "interrupted": "interrupted",
}


def report(run: Path | Run, data: Path | None = None, out: Path | None = None) -> Path:
    """Write report.md, report.html and their figures.

    Args:
        run: run folder.
        data: CSV file of measured curves to lay over the voltage.
        out: folder to write into; the run folder's `report` unless given.

    Returns:
        The Markdown page.

    Raises:
        ReportError: bad input, before anything is written.
    """
    run = open_run(run)
    measured = read_measured(Path(data)) if data is not None else []
    moments = step_ends(run)
    if len(moments) > MOST_MOMENTS:
        moments = moments[: MOST_MOMENTS // 2] + moments[-MOST_MOMENTS // 2 :]
    limits = Limits.over(moment.alone() for moment in moments) if moments else None
    folder = Path(out) if out is not None else run.path / "report"
    make_folder(folder)

    page = Document(f"{run.name}: report", folder)
    page.paragraph(subtitle(run) + f". Status of the run: {run.status}.")
    for words in run.summary.get("warnings", ()):
        page.warning(str(words))
    _steps(page, run)
    if len(run.history.get("time [s]", ())) > 1:
        page.picture(curves_figure(run, folder / "curves.png", measured), "Voltage, capacity and phase means")
    elif measured:
        raise ReportError(f"{run.path}: has no history to compare measured curves with")
    _stresses(page, run)
    if limits is not None:
        _fields(page, moments, limits)
    _checks(page, run)
    return page.write("report")[0]


def open_run(run: Path | Run) -> Run:
    """A run folder, opened; what is wrong with it is a ReportError."""
    if isinstance(run, Run):
        return run
    try:
        opened = read_run(Path(run))
        _ = opened.summary, opened.case, opened.history, opened.snapshots
    except (RunReadError, OSError, ValueError, KeyError) as error:
        raise ReportError(str(error)) from error
    return opened


def make_folder(folder: Path) -> None:
    """Make a folder for pages; a disk that refuses is a ReportError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = f"cannot be written ({error.strerror}); give --out another folder"
        raise ReportError(f"{folder}: {reason}") from error


def _steps(page: Document, run: Run) -> None:
    steps = run.summary.get("steps") or ()
    if not steps:
        return
    page.heading("Steps")
    page.table(
        ["step", "ended by", "duration [min]", "capacity [mAh/g]", "per gram of pristine [mAh/g]"],
        [
            [
                f"{number}. {step.get('name', '')}",
                REASONS.get(str(step.get("reason")), str(step.get("reason"))),
                fixed(float(step.get("duration_s", 0.0)) / 60),
                fixed(step.get("capacity_mAh_g")),
                fixed(step.get("capacity_mAh_per_g_pristine")),
            ]
            for number, step in enumerate(steps, 1)
        ],
    )
    page.paragraph(
        "Capacity is per gram of all meshed active phases, rock salt included; the last column counts the"
        " whole active volume as if it were the layered phase, as papers do."
    )


def _stresses(page: Document, run: Run) -> None:
    rows = []
    for words, key in (("equilibrium", "equilibrium"), ("end", "final")):
        state: Mapping[str, Any] = run.summary.get(key) or {}
        for region in REGIONS:
            values = state.get("regions", {}).get(region)
            if values is None:
                continue
            stress = [megapascals(values.get(f"{name}_stress_Pa")) for name in STRESSES]
            rows.append([f"{words}, {REGION_WORDS[region]}", plain(values.get("mean_occupancy")), *stress])
    if rows:
        page.heading("Stresses by phase [MPa]")
        page.table(["", "θ mean", "σ_h mean", "σ_h 5 %", "σ_h 95 %", "σ_1 95 %", "σ_1 largest"], rows)
        page.paragraph(SINGULAR)


def _fields(page: Document, moments: Sequence[Moment], limits: Limits) -> None:
    page.heading("Fields")
    page.paragraph("Stress in tension is positive. All moments share their colour scales.")
    folder = page.folder
    if moments[0].in_space:
        page.paragraph(IN_SPACE)
        made_of = particle_figure(moments[0].alone(), folder / "particle.png")
        page.picture(made_of, "What the particle is made of")
    for written in moments:
        moment = written.alone()  # so that the fields of one moment are held at a time
        name = "equilibrium" if moment.record.step == 0 else f"step_{moment.record.step:02d}"
        words = moment.record.moment
        page.picture(moment_figure(moment, limits, folder / f"fields_{name}.png"), words)
        if moment.in_space:
            page.picture(slices_figure(moment, limits, folder / f"slices_{name}.png"), f"slices, {words}")


def _checks(page: Document, run: Run) -> None:
    summary = run.summary
    page.heading("Checks and cost")
    counts, times = summary.get("counts", {}), summary.get("wall_time_s", {})
    mean_error = summary.get("volume_mean_stress_error")
    rows = [
        ["lithium balance, worst over the run", plain(summary.get("lithium_balance_error"), 2)],
        ["volume mean of σ_h, worst relative deviation from its exact value", plain(mean_error, 2)],
        ["cells / unknowns", _pair(counts, "cells", "dofs")],
        ["increments / rejected", _pair(counts, "increments", "rejected")],
        ["ranks", plain(summary.get("ranks"))],
        ["wall time [s]", plain(times.get("total"), 3)],
    ]
    switched_off = [name.replace("_", " ") for name, on in summary.get("couplings", {}).items() if not on]
    rows.append(["couplings switched off", ", ".join(switched_off) or "none"])
    page.table(["", "value"], rows)


def _pair(counts: Mapping[str, Any], first: str, second: str) -> str:
    return f"{plain(counts.get(first), 9)} / {plain(counts.get(second), 9)}"
