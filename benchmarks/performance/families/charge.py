"""Whole 1C charges with all couplings on, from size to size and on one and two ranks."""

from collections.abc import Sequence

from benchmarks.performance.charging import charge
from benchmarks.performance.job import Family, Job
from benchmarks.performance.rows import Rows
from benchmarks.performance.sample import ratio
from benchmarks.performance.section import Section, Target, panel
from benchmarks.performance.sizes import FLAT, SOLID, WHOLE, job_name, named, profile, table

NAME = "charge"
UNKNOWNS, IN_PLANE = (25e3, 100e3, 250e3), (11e3, 100e3, 500e3)
"""Sizes in space and in the plane; what is larger is charged in part, see `scaling`."""
QUICK = (7e3,)
"""Only the dispersed case has meshes as coarse as that."""
LARGE = 250e3
STRETCHES = {"charge": "whole charge", "scaling": "stretch"}
"""What the families charge."""
FASTER, UNITS = 1.7, 80.0
"""Two ranks over one; whole charge over one elastic solve."""


def jobs(quick: bool) -> list[Job]:
    """Charges, small ones first."""
    found = []
    for unknowns in QUICK if quick else UNKNOWNS:
        for case in SOLID[-1:] if quick else SOLID:
            found += [_job(case, unknowns, ranks, 1 if quick else 5) for ranks in (1, 2)]
    for unknowns in () if quick else IN_PLANE:
        found += [_job(FLAT, unknowns, ranks, 5) for ranks in (1, 2)]
    return found


def _job(case: str, unknowns: float, ranks: int, repeats: int) -> Job:
    given = {"case": case, "unknowns": unknowns, "steps": [WHOLE]}
    return Job(job_name(case, unknowns, ranks), given, ranks, repeats)


def tell(rows: Rows) -> Section:
    """Costs of whole charges; speed-up; the charge in elastic solves of its mesh."""
    targets = []
    for case in SOLID:
        for job in dict.fromkeys([*_alone(rows, case), job_name(case, LARGE, 1)]):
            units = ratio(rows.sample(NAME, job, "march_s"), rows.sample("elastic_unit", job, "unit_s"))
            words = f"1C charge in elastic solves of its mesh, {job.removesuffix('-1')}"
            targets.append(Target(words, UNITS, units, profile=profile(rows, NAME, job)))
        targets += [
            speed_up(rows, NAME, case, LARGE, part)
            for part in ("march", "assembly", "preconditioner", "Krylov")
        ]
    curves: dict[str, tuple[Sequence[float], Sequence[float]]] = {}
    for case in (*SOLID, FLAT):
        for ranks in (1, 2):
            named = [
                job for job in rows.jobs(NAME) if job.startswith(f"{case}-") and job.endswith(f"-{ranks}")
            ]
            points = [
                (size.median, march.median)
                for job in named
                if (size := rows.sample(NAME, job, "unknowns"))
                and (march := rows.sample(NAME, job, "march_s"))
            ]
            points.sort()
            curves[f"{case}, {ranks}"] = [size for size, _ in points], [march for _, march in points]
    return Section(
        "Whole charges",
        (
            f"`{WHOLE}` of shipped cases, all couplings on, all mesh sizes of a case in one ratio. The "
            "march is everything but mesh and compilation: the loaded start, the set-up of "
            "preconditioners, observation and output are in it. Local is the problem at the quadrature "
            "points, assembly is without it, preconditioner every set-up, Krylov the rest of the linear "
            "solves.",
        ),
        tuple(targets),
        (table(rows, NAME),),
        (panel("whole 1C charge; case, ranks", "unknowns", "march [s]", curves),),
    )


def _alone(rows: Rows, case: str) -> list[str]:
    """Measured charges of a case on one rank."""
    return [job for job in rows.jobs(NAME) if job.startswith(f"{case}-") and job.endswith("-1")]


def speed_up(rows: Rows, family: str, case: str, unknowns: float, part: str) -> Target:
    """What the second rank brings to a part of the march."""
    one, two = (job_name(case, unknowns, ranks) for ranks in (1, 2))
    gain = ratio(rows.sample(family, one, f"{part}_s"), rows.sample(family, two, f"{part}_s"))
    words = f"2 ranks over 1, {part} of a {STRETCHES[family]}, {case}, {named(unknowns)}"
    return Target(words, FASTER, gain, at_least=True, profile=profile(rows, family, two))


FAMILY = Family(NAME, jobs, charge, tell)
