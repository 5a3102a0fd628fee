"""Sizes that charges are measured at, and the table that says what they took."""

from benchmarks.performance.charging import PARTS
from benchmarks.performance.rows import Rows
from benchmarks.performance.section import Table, shares

SOLID = ("core_shell_liquid_3d", "dispersed_solid_3d")
FLAT = "dispersed_solid"
WHOLE = "Charge at 1C until 4.3 V"
HEADS = (
    "charge",
    "unknowns",
    "ranks",
    "repeats",
    "increments",
    "Newton",
    "Krylov a solve",
    "march [s]",
    "an increment [s]",
    "a Newton iteration [s]",
    "memory [GB]",
    "of the march",
    "linear solver",
)


def named(unknowns: float) -> str:
    """A size in words: `250k`, `1M`."""
    return f"{unknowns / 1e6:g}M" if unknowns >= 1e6 else f"{unknowns / 1e3:g}k"


def job_name(case: str, unknowns: float, ranks: int, also: str = "") -> str:
    """Name of a charge."""
    return f"{case}-{named(unknowns)}-{ranks}{also}"


def profile(rows: Rows, family: str, job: str) -> str:
    """Shares of a march."""
    march = rows.sample(family, job, "march_s")
    found = {part: rows.sample(family, job, f"{part}_s") for part in PARTS}
    if march is None:
        return ""
    return shares({part: s.median for part, s in found.items() if s is not None}, march.median)


def table(rows: Rows, family: str) -> Table:
    """All charges of a family."""
    lines = []
    for job in rows.jobs(family):
        if rows.sample(family, job, "march_s") is None:
            continue
        numbers = ("krylov_a_solve", "march_s", "increment_s", "newton_s")
        samples = [rows.sample(family, job, name) for name in numbers]
        memory = rows.sample(family, job, "memory_bytes")
        counts = [rows.sample(family, job, name) for name in ("unknowns", "increments", "newton_iterations")]
        unknowns, increments, newton = (f"{one.median:.0f}" if one else "" for one in counts)
        lines.append(
            (
                job,
                unknowns,
                str(rows.of(family, job)[0].ranks),
                str(len(rows.of(family, job))),
                increments,
                newton,
                *(str(one) if one else "" for one in samples),
                f"{memory.median / 1e9:.2f}" if memory else "",
                profile(rows, family, job),
                rows.words(family, job, "linear_solver"),
            )
        )
    return Table(HEADS, tuple(lines))
