"""A spherical particle under a charge with stress beside PyBaMM, alone and in a batch."""

import os
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.performance.equal_error import Point, ratio_at_equal_error
from benchmarks.performance.job import Family, Job, Values
from benchmarks.performance.rows import Rows
from benchmarks.performance.sample import ratio
from benchmarks.performance.section import Section, Table, Target, panel

NAME = "particle"
MINE = ((10, 1e-2), (20, 3e-3), (40, 1e-3), (80, 3e-4), (160, 1e-4))
THEIRS = ((20, 1e-4), (40, 1e-4), (80, 1e-5), (160, 1e-5), (320, 1e-6), (640, 1e-6))
"""Cells and tolerance of lithostat; volumes and tolerance of PyBaMM, its default first."""
FINE_MINE, FINE_THEIRS = (320, 1e-6), (3200, 1e-9)
BATCH_MINE, BATCH_THEIRS = (40, 1e-3), (160, 1e-5)
"""Of batches, near each other in error; the error of each is on the page."""
BATCH, QUICK_BATCH, BATCH_OF_RUNS = 1000, 50, 5
RESOLVED = 1e-9
"""Errors of voltage below that are counted as that [V]."""
ALONE, TOGETHER = 2.0, 1.0
SLOWEST, FASTEST = 0.5, 2.0
"""Diffusivities of a batch, over that of the single particle."""


def jobs(quick: bool) -> list[Job]:
    """Curves of both, a fine reference of each, then batches on one and on all cores."""
    from benchmarks.performance.particles import has_compiled

    repeats, count = (2, QUICK_BATCH) if quick else (5, BATCH)
    mine = count if has_compiled() else BATCH_OF_RUNS
    found = [_job("lithostat", *finesse, repeats) for finesse in (MINE[:3] if quick else MINE)]
    found += [_job("PyBaMM", *finesse, repeats) for finesse in (THEIRS[:4] if quick else THEIRS)]
    found += [
        Job("lithostat-fine", _given("lithostat", *(MINE[-1] if quick else FINE_MINE)), repeats=1),
        Job("PyBaMM-fine", _given("PyBaMM", *FINE_THEIRS), repeats=1),
    ]
    for workers in sorted({1, os.cpu_count() or 1}):
        for program, finesse, number in (("lithostat", BATCH_MINE, mine), ("PyBaMM", BATCH_THEIRS, count)):
            given = {**_given(program, *finesse), "batch": number, "workers": workers}
            found.append(Job(f"{program}-batch-{workers}", given, repeats=repeats))
    return found


def _given(program: str, finesse: int, tolerance: float) -> dict[str, Any]:
    return {"program": program, "finesse": finesse, "tolerance": tolerance, "batch": 0, "workers": 1}


def _job(program: str, finesse: int, tolerance: float, repeats: int) -> Job:
    return Job(f"{program}-{finesse}-{tolerance:g}", _given(program, finesse, tolerance), repeats=repeats)


def measure(given: Mapping[str, Any], prepared: Path) -> Values:
    """A particle or a batch: seconds a particle and the voltage at the end of the first."""
    del prepared
    finesse, tolerance, workers = given["finesse"], given["tolerance"], given["workers"]
    count = max(given["batch"], 1)
    spread = FASTEST / SLOWEST
    speeds = [SLOWEST * spread ** (k / (count - 1)) for k in range(count)] if count > 1 else [1.0]
    if given["program"] == "PyBaMM":
        from benchmarks.performance.particles_in_pybamm import solve

        solved = solve(finesse, tolerance, speeds, workers)
        return {"seconds": solved.seconds / count, "voltage_V": solved.voltage, "particles": count}
    from benchmarks.performance.particles import case_of, march, march_all

    mappings = [case_of(finesse, tolerance, speed) for speed in speeds]
    marched = march_all(mappings, workers) if count > 1 else march(mappings[0])
    return {
        "seconds": marched.seconds / count,
        "voltage_V": marched.voltage,
        "particles": count,
        "increments": marched.increments,
        "engine": marched.engine,
    }


def tell(rows: Rows) -> Section:
    """Time at equal error alone, time a particle in batches."""
    fine = [rows.sample(NAME, f"{program}-fine", "voltage_V") for program in ("lithostat", "PyBaMM")]
    wanted = [sample.median for sample in fine if sample is not None]
    curves = {program: _points(rows, program, wanted) for program in ("lithostat", "PyBaMM")}
    alone = ratio_at_equal_error(curves["lithostat"], curves["PyBaMM"])
    words = "spherical 1C charge with stress, lithostat over PyBaMM at equal error"
    targets = [
        Target(words, ALONE, alone, profile=_pace(rows, f"lithostat-{BATCH_MINE[0]}-{BATCH_MINE[1]:g}"))
    ]
    for workers in sorted({row.given["workers"] for row in rows.of(NAME) if row.given["batch"]}):
        batches = [
            rows.sample(NAME, f"{program}-batch-{workers}", "seconds") for program in ("lithostat", "PyBaMM")
        ]
        words = f"a particle of a batch, lithostat over PyBaMM, {workers} core" + "s" * (workers > 1)
        pace = _pace(rows, f"lithostat-batch-{workers}")
        targets.append(Target(words, TOGETHER, ratio(batches[0], batches[1]), profile=pace))
    lines = []
    for job in rows.jobs(NAME):
        seconds, voltage = (rows.sample(NAME, job, name) for name in ("seconds", "voltage_V"))
        off = abs(voltage.median - median(wanted)) if voltage and wanted and "batch" not in job else None
        count = f"{rows.of(NAME, job)[0].values['particles']:.0f}"
        engine = rows.words(NAME, job, "engine")
        lines.append((job, count, str(seconds), "" if off is None else f"{off * 1e3:.2g}", engine))
    floor = f"{abs(wanted[0] - wanted[1]) * 1e3:.2g} mV" if len(wanted) == 2 else "not measured"
    return Section(
        "A spherical particle beside PyBaMM",
        (
            "One hour of constant current on a dilute host whose stress drives diffusion, as the page of the "
            "verification book sets it up for both. Error is that of the voltage at the end, against the "
            f"middle of both programs at their finest, which differ by {floor}: on a given curve a voltage "
            "error is a capacity error at a cut-off over the slope. Times are of the second solution in a "
            "process: nothing is built or compiled in them. lithostat is given cells and a tolerance, "
            "PyBaMM (IDAKLU) volumes and a relative tolerance; times at the least error that both reach "
            "are interpolated on logarithmic scales. Batches have diffusivities from "
            f"{SLOWEST:g} to {FASTEST:g} of the single particle's; PyBaMM solves them as one list of inputs "
            "with as many threads as cores. `engine` says how lithostat marched.",
        ),
        tuple(targets),
        (
            Table(
                ("program, finesse, tolerance", "particles", "s a particle", "error [mV]", "engine"),
                tuple(lines),
            ),
        ),
        (
            panel(
                "one charge by each program: better is lower left",
                "seconds",
                "error of the voltage [V]",
                {
                    name: ([p.seconds for p in ps[0]], [p.error for p in ps[0]])
                    for name, ps in curves.items()
                    if ps
                },
            ),
        ),
    )


def _pace(rows: Rows, job: str) -> str:
    """Increments of a charge and what one of them takes."""
    seconds, increments = (rows.sample(NAME, job, name) for name in ("seconds", "increments"))
    if seconds is None or increments is None:
        return ""
    each = 1e3 * seconds.median / max(increments.median, 1.0)
    return f"{increments.median:.0f} increments of {each:.2g} ms, engine: {rows.words(NAME, job, 'engine')}"


def _points(rows: Rows, program: str, wanted: list[float]) -> list[list[Point]]:
    """Curves of a program, one a repeat, its finest left out."""
    jobs = [
        job
        for job in rows.jobs(NAME)
        if job.startswith(f"{program}-") and "fine" not in job and "batch" not in job and wanted
    ]
    found = []
    for job in jobs:
        seconds, voltage = (rows.sample(NAME, job, name) for name in ("seconds", "voltage_V"))
        if seconds and voltage:
            # Nothing is nearer than the two programs at their finest can tell.
            error = max(abs(voltage.median - median(wanted)), RESOLVED)
            found.append([Point(one, error) for one in seconds.values])
    repeats = min((len(points) for points in found), default=0)
    return [[points[repeat] for points in found] for repeat in range(repeats)]


FAMILY = Family(NAME, jobs, measure, tell)
