"""Folders of sweeps as they are left behind, written through the writer of run folders without any run."""

import csv
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from solver.results.folder import RunFolder

Summary = dict[str, Any]


def hash_of(values: Sequence[str]) -> str:
    return hashlib.sha256("|".join(values).encode()).hexdigest()[:16]


def summary_of(capacity: float, voltage: float = 3.9, stress: float = -2e8) -> Summary:
    """The shape of a finished run's summary, its figures made up and none of them round."""

    def moment(share: float) -> Summary:
        return {
            "regions": {
                "layered": {"mean_occupancy": 0.71, "mean_hydrostatic_stress_Pa": share * stress},
                "rock_salt": {"mean_occupancy": None, "mean_hydrostatic_stress_Pa": -3.1 * share * stress},
            },
            "points": {"surface": {"concentration_mol_m3": 23456.7, "hoop_stress_Pa": 1.7 * stress}},
            "voltage_V": voltage,
        }

    return {
        "name": "made_up",
        "status": "done",
        "ended_by": "voltage",
        "steps": [
            {
                "name": "Charge at 1C until 4.3 V",
                "reason": "voltage",
                "duration_s": 24.5 * capacity,
                "capacity_mAh_g": capacity,
                "capacity_mAh_per_g_pristine": 1.25 * capacity,
            },
            {
                "name": "Discharge at 1C until 2.7 V",
                "reason": "voltage",
                "duration_s": 23.5 * capacity,
                "capacity_mAh_g": 0.9 * capacity,
                "capacity_mAh_per_g_pristine": 1.1 * capacity,
            },
        ],
        "equilibrium": moment(0.5),
        "final": moment(1.0),
        "lithium_balance_error": 3e-14,
        "counts": {"cells": 112, "increments": 37},
        "rejected_by_reason": {"error": 2},
        "wall_time_s": {"solve": 0.75, "total": 1.25},
        "peak_memory_bytes": 214_000_000,
        "warnings": [],
    }


def write_run(folder: Path, summary: Summary) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with RunFolder.create(folder) as run:
        run.write_case(b"name: made_up\n", "name: made_up\n")
        run.write_summary({**summary, "case_hash": folder.name.ljust(64, "0")})


def write_failed(sweep: Path, name: str, status: str, reason: str) -> None:
    (sweep / "failed").mkdir(exist_ok=True)
    told = {"status": status, "reason": reason, "attempts": 1}
    (sweep / "failed" / f"{name}.json").write_text(json.dumps(told))


def make_sweep(
    folder: Path,
    fields: Sequence[str],
    values: Sequence[Sequence[str]],
    result: Callable[[int], Summary | None],
    sweep: str = "name: made-up\nbase: quick/core_shell_liquid\n",
    problems: dict[int, str] | None = None,
) -> Path:
    """A sweep's folder.

    Args:
        folder: to make.
        fields: swept fields.
        values: a line for each case, as texts.
        result: the summary of case n, from 0; None where it was not run.
        sweep: text of sweep.yaml.
        problems: why case n is invalid.
    """
    folder.mkdir()
    (folder / "sweep.yaml").write_text(sweep)
    with (folder / "table.csv").open("w", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["number", "hash", *fields, "problem"])
        for n, line in enumerate(values):
            problem = (problems or {}).get(n, "")
            table.writerow([n + 1, hash_of(line), *line, problem])
            summary = None if problem else result(n)
            if summary is not None:
                write_run(folder / "cases" / hash_of(line), summary)
    return folder
