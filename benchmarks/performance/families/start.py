"""How long it takes to begin: imports, forms, meshes, the check of a case, the first increment of a run."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

from benchmarks.performance.job import Family, Job, Values
from benchmarks.performance.rows import Rows
from benchmarks.performance.section import Section, Table, Target

NAME = "start"
RUN, CHECK = 2.0, 1.0
"""Seconds in which a warm run of a sphere marches, and in which `check` answers."""
SPHERE, SOLID = "core_shell_liquid", "quick/core_shell_liquid_3d"
PATIENCE, LOOK = 300.0, 0.005
"""How long a first increment is waited for, and how often its folder is looked at [s]."""
IMPORTS = {
    "python": "pass",
    "case": "import solver.case",
    "command": "import solver.cli",
    "DOLFINx": "import solver.fenics, dolfinx.fem",
    "run": "import solver.run",
}


def jobs(quick: bool) -> list[Job]:
    """Imports, commands, then runs with warm and with empty caches."""
    repeats = 2 if quick else 7
    found = [Job(f"import-{name}", {"import": text}, repeats=repeats) for name, text in IMPORTS.items()]
    found.append(Job("check", {"check": SPHERE}, repeats=repeats))
    found.append(Job("help", {"check": ""}, repeats=repeats))
    for case, name in ((SPHERE, "sphere"), (SOLID, "octant")):
        found.append(Job(f"{name}-warm", {"run": case, "cold": False}, repeats=repeats))
        found.append(Job(f"{name}-cold", {"run": case, "cold": True}, repeats=1 if quick else 3))
    return found


def measure(given: Mapping[str, Any], prepared: Path) -> Values:
    """Wall time of a process of its own, or until its run has marched one increment."""
    del prepared
    command = [sys.executable, "-m", "solver.cli"]
    if "import" in given:
        return {"seconds": _timed([sys.executable, "-c", given["import"]])}
    if "check" in given:
        return {
            "seconds": _timed([*command, "check", given["check"]] if given["check"] else [*command, "--help"])
        }
    with TemporaryDirectory(prefix="start-") as name:
        cache = Path(name) / "cache"
        if not given["cold"]:
            _first_increment(command, given["run"], Path(name) / "before", None)
        return _first_increment(command, given["run"], Path(name) / "run", cache if given["cold"] else None)


def _timed(words: list[str]) -> float:
    """Wall time of a command [s].

    Raises:
        CalledProcessError: it failed.
    """
    began = perf_counter()
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return perf_counter() - began


def _first_increment(command: list[str], case: str, folder: Path, cache: Path | None) -> Values:
    """Seconds until the history of a run has its first row, which is the loaded start, and its next.

    Raises:
        RuntimeError: the run ended or took too long before.
    """
    surroundings = dict(os.environ)
    if cache is not None:
        surroundings["LITHOSTAT_CACHE"] = str(cache)
        surroundings.pop("LITHOSTAT_FORM_CACHE", None)
    words = [*command, "run", case, "--out", str(folder)]
    began, started = perf_counter(), 0.0
    process = subprocess.Popen(words, env=surroundings, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    history = folder / "history.csv"
    try:
        while perf_counter() - began < PATIENCE:
            rows = history.read_bytes().count(b"\n") - 1 if history.exists() else 0
            if rows > 0 and not started:
                started = perf_counter() - began
            if rows > 1:
                return {"seconds": perf_counter() - began, "start_s": started}
            if process.poll() is not None:
                break
            sleep(LOOK)
    finally:
        process.kill()
        process.wait()
    msg = f"{case} did not march within {PATIENCE:.0f} s"
    raise RuntimeError(msg)


def tell(rows: Rows) -> Section:
    """What a user waits for."""
    imports = ", ".join(
        f"{name} {seconds.median:.2f} s"
        for name in IMPORTS
        if (seconds := rows.sample(NAME, f"import-{name}", "seconds"))
    )
    targets = (
        Target(
            f"warm `lithostat run {SPHERE}` to its first increment [s]",
            RUN,
            rows.sample(NAME, "sphere-warm", "seconds"),
            profile=f"imports: {imports}",
        ),
        Target(
            f"`lithostat check {SPHERE}` [s]",
            CHECK,
            rows.sample(NAME, "check", "seconds"),
            profile=f"imports: {imports}",
        ),
    )
    lines = [
        (job, *(str(s) if (s := rows.sample(NAME, job, name)) else "" for name in ("seconds", "start_s")))
        for job in rows.jobs(NAME)
    ]
    return Section(
        "Time to the first increment",
        (
            "Wall time of processes of their own, the start of Python included. Runs are watched from outside: "
            "until their history has the loaded start, and until it has the first increment. Warm means that "
            "the same run was made before; cold that the caches of meshes and compiled code are empty.",
        ),
        targets,
        (Table(("what", "to the end or the first increment [s]", "to the loaded start [s]"), tuple(lines)),),
    )


FAMILY = Family(NAME, jobs, measure, tell)
