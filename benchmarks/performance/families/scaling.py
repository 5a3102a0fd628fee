"""The same stretch of a charge at every size, contrast and thickness of shell: what grows, what does not."""

from typing import Any

from benchmarks.performance.charging import charge
from benchmarks.performance.families.charge import speed_up
from benchmarks.performance.job import Family, Job
from benchmarks.performance.rows import Rows
from benchmarks.performance.sample import Sample, combined, ratio
from benchmarks.performance.section import Section, Target, panel
from benchmarks.performance.sizes import SOLID, job_name, named, profile, table

NAME = "scaling"
UNKNOWNS = (25e3, 100e3, 250e3, 500e3, 1e6)
QUICK = (12e3, 25e3)
QUICK_STRETCH = "Charge at 1C for 3 s"
STRETCH = "Charge at 1C for 30 s"
"""It begins at the loaded start, where increments are shortest and a set-up weighs most: dear, not cheap."""
CONTRASTED = 100e3
SHELLS = (20, 40, 80, 200)
"""Thickness [nm]."""
THIN = {"shell-20nm": 250e3, "shell-40nm": 100e3}
"""Shells that no mesh of the quick form resolves, with sizes that do."""
SOFT, SLOW = 1e2, 1e4
"""Contrasts of elasticity and of mobility between core and shell."""
ITERATIONS, SPREAD, GROWTH, MEMORY = 25.0, 1.3, 1.5, 1.3
STIFFNESS, POISSON, DIFFUSIVITY = 141e9, 0.25, 2e-15
"""Young's modulus [Pa], Poisson's ratio and diffusivity [m^2/s] that contrasts count from."""


def jobs(quick: bool) -> list[Job]:
    """Sizes first, then contrasts and shells at one size."""
    repeats = 1 if quick else 5
    sizes = QUICK if quick else UNKNOWNS
    stretch = QUICK_STRETCH if quick else STRETCH
    found = [
        _job(case, size, ranks, repeats, stretch)
        for size in sizes
        for case in SOLID
        for ranks in ((1,) if quick else (1, 2))
    ]
    for also, words in variants().items():
        if quick and also in THIN:
            continue
        size = QUICK[-1] if quick else THIN.get(also, CONTRASTED)
        # Iterations are counted, not timed: once is enough.
        found.append(_job(SOLID[0], size, 1, 1, stretch, f"-{also}", words))
    return found


def _job(
    case: str,
    unknowns: float,
    ranks: int,
    repeats: int,
    stretch: str,
    also: str = "",
    words: tuple[str, ...] = (),
) -> Job:
    given: dict[str, Any] = {"case": case, "unknowns": unknowns, "steps": [stretch], "set": list(words)}
    return Job(job_name(case, unknowns, ranks, also), given, ranks, repeats)


def variants() -> dict[str, tuple[str, ...]]:
    """Words of `--set` by name: shells, then contrasts either way."""

    def elastic(phase: str, factor: float) -> str:
        young = f"young_modulus: {STIFFNESS * factor!r} Pa, poisson_ratio: {POISSON!r}"
        return f"phases.{phase}.elasticity={{kind: isotropic, {young}}}"

    def moving(phase: str, factor: float) -> str:
        return f"phases.{phase}.diffusivity.value={DIFFUSIVITY * factor!r} m^2/s"

    found: dict[str, tuple[str, ...]] = {}
    found |= {f"shell-{thick}nm": (f"geometry.shell_thickness={thick} nm",) for thick in SHELLS}
    for name, layered, rock_salt in (("soft-shell", 1.0, 1.0 / SOFT), ("soft-core", 1.0 / SOFT, 1.0)):
        found[name] = (elastic("layered", layered), elastic("rock_salt", rock_salt))
    for name, layered, rock_salt in (("slow-shell", 1.0, 1.0 / SLOW), ("slow-core", 1.0 / SLOW, 1.0)):
        found[name] = (moving("layered", layered), moving("rock_salt", rock_salt))
    return found


def tell(rows: Rows) -> Section:
    """Iterations, cost and memory over size; iterations over contrast and shell."""
    measured = {case: [job for job in rows.jobs(NAME) if _plain(job, case)] for case in SOLID}
    targets = [*_iterations(rows, measured), *_growth(rows)]
    for case in SOLID:
        for size in (250e3, 500e3, 1e6):
            targets += [
                speed_up(rows, NAME, case, size, part)
                for part in ("march", "assembly", "preconditioner", "Krylov")
            ]
    curves: dict[str, dict[str, Any]] = {"krylov_a_solve": {}, "unknown_increment_us": {}}
    for name, by_case in curves.items():
        for case, names in measured.items():
            points = [
                (count.median, value.median)
                for job in names
                if (count := rows.sample(NAME, job, "unknowns")) and (value := rows.sample(NAME, job, name))
            ]
            by_case[case] = tuple(zip(*points, strict=True)) if points else ((), ())
    return Section(
        "Scaling",
        (
            f"`{_stretch(rows)}` from the loaded start, the same stretch at every size: the largest meshes "
            "are not charged to the end. It holds the shortest increments, and what is set up once a run "
            "weighs more in it than in a whole charge, so that its cost per increment is not that of a "
            "whole charge; its ratios from size to size are like with like. Contrasts replace one phase's "
            f"stiffness by an isotropic one {SOFT:g} times softer, or its diffusivity by one {SLOW:g} "
            "times smaller.",
        ),
        tuple(targets),
        (table(rows, NAME),),
        (
            panel(
                "Krylov iterations a solve",
                "unknowns",
                "iterations",
                curves["krylov_a_solve"],
                ("log", "linear"),
            ),
            panel(
                "cost",
                "unknowns",
                "µs an unknown and increment",
                curves["unknown_increment_us"],
                ("log", "linear"),
            ),
        ),
    )


def _stretch(rows: Rows) -> str:
    """What was marched."""
    return str(rows.of(NAME)[0].given["steps"][0]) if rows.of(NAME) else STRETCH


def _plain(job: str, case: str) -> bool:
    """Whether a job is a size of a case on one rank, without a variant."""
    return job.startswith(f"{case}-") and job.endswith("-1")


def _iterations(rows: Rows, measured: dict[str, list[str]]) -> list[Target]:
    """Krylov iterations: the most, their spread over sizes, and those of every variant."""
    found = []
    for case, names in measured.items():
        counts = [rows.sample(NAME, job, "krylov_a_solve") for job in names]
        words = f"Krylov iterations a solve, {case}"
        found.append(
            Target(f"{words}, most of all sizes", ITERATIONS, combined(counts, max) if counts else None)
        )
        spread = combined(counts, lambda row: max(row) / min(row)) if len(counts) > 1 else None
        found.append(Target(f"{words}, most over least of all sizes", SPREAD, spread))
    for also in variants():
        sizes = [job for job in rows.jobs(NAME) if job.endswith(f"-{also}")]
        count = rows.sample(NAME, sizes[0], "krylov_a_solve") if sizes else None
        found.append(Target(f"Krylov iterations a solve, {SOLID[0]}, {also}", ITERATIONS, count))
    return found


def _growth(rows: Rows) -> list[Target]:
    """Cost and memory per unknown, a million of them over a hundred thousand."""
    found = []
    for case in SOLID:
        small, large = (job_name(case, size, 1) for size in (100e3, 1e6))
        for name, words, limit in (
            ("unknown_increment_us", "cost per unknown and increment", GROWTH),
            ("memory_per_unknown_bytes", "memory per unknown", MEMORY),
        ):
            grown: Sample | None = ratio(rows.sample(NAME, large, name), rows.sample(NAME, small, name))
            text = f"{words}, {named(1e6)} over {named(100e3)}, {case}"
            found.append(Target(text, limit, grown, profile=profile(rows, NAME, large)))
    return found


FAMILY = Family(NAME, jobs, charge, tell)
