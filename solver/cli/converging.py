"""`lithostat converge`: a case at finer meshes and tighter tolerances, and what that says of its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from solver.cli.ablation import INTERRUPTED, finished
from solver.cli.bad_input import BadInput, bad_input_from
from solver.cli.running import on_first_rank, run_into, world
from solver.progress import duration_text

if TYPE_CHECKING:
    from solver.case import Case
    from solver.convergence.levels import Cost, Level

SEVERITY = (0, 3, 4)
"""Exit codes of runs, the worst last."""


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Attributes:
        levels: Of the mesh, and of the time steps.
        ratio: Of successive cell sizes; None for the default of the dimension.
        time: Whether to refine the time steps too.
        threshold: Index up to which a figure counts as converged.
        allow_outside: Whether the case may name files outside its folder and the current one.
    """

    levels: int
    ratio: float | None
    time: bool
    threshold: float
    allow_outside: bool = False


@dataclass(frozen=True)
class Planned:
    """One run to make.

    Attributes:
        level: Its name, and what it sets.
        case: The case with that.
        resolved: The same as `resolved.yaml` has it.
        text: Its file as given.
        work: Relative to that of the first level.
    """

    level: "Level"
    case: "Case"
    resolved: str
    text: bytes
    work: float


def converge(
    case: Path, overrides: Sequence[str], wish: Wish, out: Path | None, force: bool, petsc: str
) -> int:
    """Run the levels of a case on however many ranks were started, and judge its figures.

    Args:
        case: Case file, or the name of a shipped case.
        overrides: Texts of `--set`.
        wish: What is asked for.
        out: Folder of the study, or None for converge/NAME.
        force: Go on in an existing folder; finished levels of the same case are kept.
        petsc: Options for PETSc, one text.

    Returns:
        The worst exit code of the runs, the same on every rank; 130 when one was interrupted.

    Raises:
        BadInput: On every rank; quiet on all but the first. Nothing is written.
    """
    comm = world()
    out, plan = on_first_rank(comm, partial(_prepare, case, overrides, wish, out, force))
    codes = [0]
    for number, planned in enumerate(plan):
        folder = out / planned.level.name
        code = on_first_rank(comm, partial(_earlier, planned, folder))
        if code is None:
            code, _ = run_into(comm, planned.case, planned.text, folder, force, petsc)
        if code == INTERRUPTED:
            if comm.rank == 0:
                print(f"interrupted; the same command with --force goes on: {out}")
            return INTERRUPTED
        codes.append(code)
        if number == 0:
            on_first_rank(comm, partial(_foretell, out, plan))
    on_first_rank(comm, partial(_judge, out, [planned.level.name for planned in plan], wish.threshold))
    return max(codes, key=SEVERITY.index)


def _prepare(
    path: Path, overrides: Sequence[str], wish: Wish, out: Path | None, force: bool
) -> tuple[Path, list[Planned]]:
    """Read the case of every level, say what they cost, and build their meshes: what is bad shows here."""
    from meshes import MeshError, build
    from solver.cache import mesh_cache
    from solver.case import CaseError, load_with_text
    from solver.case.resolved import write_resolved
    from solver.cli.running import read_case
    from solver.convergence.levels import (
        LevelError,
        default_ratio,
        expected_costs,
        mesh_levels,
        time_levels,
    )

    own, text = read_case(path, overrides, wish.allow_outside)
    out = out if out is not None else Path("converge") / own.name
    _refuse_existing(out, force)
    ratio = wish.ratio if wish.ratio is not None else default_ratio(own.geometry.dimension)
    with bad_input_from(LevelError):
        levels = mesh_levels(own, wish.levels, ratio)
    if wish.time:
        levels += time_levels(own, wish.levels)
    cases = [own]
    for level in levels[1:]:
        with bad_input_from(CaseError):
            words = [*overrides, *level.settings]
            cases.append(load_with_text(path, words, allow_outside=wish.allow_outside)[0])
    costs = list(expected_costs(levels, cases))
    for line in cost_lines(levels, cases, costs):
        print(line, flush=True)
    for level, case in zip(levels, cases, strict=True):
        with bad_input_from(MeshError):
            try:
                build(case.mesh_geometry(), mesh_cache())
            except MeshError as error:
                raise MeshError(f"{level.name}: {error}") from error
    return out, [
        Planned(level, case, write_resolved(case), text, cost.work)
        for level, case, cost in zip(levels, cases, costs, strict=True)
    ]


def _refuse_existing(out: Path, force: bool) -> None:
    if not out.exists() and not out.is_symlink():
        return
    if not out.is_dir():
        raise BadInput([f"{out}: is a file; give --out a folder"])
    if not force:
        raise BadInput(
            [
                f"{out}: exists already; give --out another folder, or --force to go on in it"
                " (finished levels of the same case are kept)"
            ]
        )


def cost_lines(levels: Sequence["Level"], cases: Sequence["Case"], costs: Sequence["Cost"]) -> list[str]:
    """What the levels are expected to take, as lines to print.

    Args:
        levels: The runs.
        cases: Of the levels.
        costs: Of the levels.
    """
    from solver.estimates import estimate_seconds

    lines = []
    for level, case, cost in zip(levels, cases, costs, strict=True):
        line = (
            f"{level.name}: {level.words}; about {cost.cells} cells, {cost.unknowns} unknowns,"
            f" {cost.memory / 2**30:.1f} GiB on one rank"
        )
        if case.geometry.dimension == "3d" and level.name.startswith("mesh"):
            line += f", {duration_text(estimate_seconds(cost.unknowns))} of one core for 100 increments"
        lines.append(line)
    total = sum(cost.work for cost in costs)
    lines.append(f"{len(levels)} runs, all together about {total:.2g} times the work of mesh-1")
    return lines


def _earlier(planned: Planned, folder: Path) -> int | None:
    """Exit code of an earlier run of the same case in this folder; None where there is none to keep."""
    from solver.results import read_run
    from solver.results.summary import exit_code

    kept = finished(folder, planned.resolved)
    print(f"{planned.level.name}: {'kept, ' if kept else ''}{planned.level.words}", flush=True)
    return exit_code(read_run(folder).status) if kept else None


def _foretell(out: Path, plan: Sequence[Planned]) -> None:
    """After the first run: how long the others will take."""
    from solver.results import read_run

    first, *others = plan
    left = [planned for planned in others if not finished(out / planned.level.name, planned.resolved)]
    took = (read_run(out / first.level.name).summary.get("wall_time_s") or {}).get("total")
    if left and took is not None:
        work = sum(planned.work for planned in left)
        print(f"{len(left)} more runs: about {duration_text(took * work)}", flush=True)


def _judge(out: Path, names: Sequence[str], threshold: float) -> None:
    from solver.report.convergence import WRITTEN, write_convergence
    from solver.report.convergence_words import NAMES, notes, sentences, tally
    from solver.report.errors import ReportError

    mesh = [out / name for name in names if name.startswith("mesh")]
    time = [out / name for name in names if name.startswith("time")]
    with bad_input_from(ReportError):
        studies = write_convergence(out, mesh, [mesh[0], *time] if time else (), threshold)
    for study in studies:
        print(f"\n{NAMES[study.kind]}, {len(study.levels)} levels: {tally(study)}")
        for words in notes(study):
            print(f"  note: {words}")
        for words in sentences(study, walls=False):
            print(f"  {words}")
    print()
    for name in WRITTEN:
        print(out / name)
