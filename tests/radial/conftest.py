"""The same case marched by forms and by compiled code."""

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from solver.case import Case, load_case
from solver.fenics import MPI
from solver.run import run

SHELL = "quick/core_shell_liquid"
COARSE = (
    "geometry.mesh_size={bulk: 250 nm, interface: 20 nm}",
    "numerics.tolerance=1e-2",
    "output.fields=[occupancy]",
)


@dataclass(frozen=True)
class Marched:
    """What a run folder says."""

    summary: dict[str, Any]
    rows: list[dict[str, float]]
    log: str


@pytest.fixture
def marched(tmp_path: Path) -> Callable[..., Marched]:
    """Run a case with an engine and read its folder."""

    def start(
        engine: str,
        overrides: Sequence[str],
        case: str = SHELL,
        change: Callable[[Case], Case] = lambda case: case,
    ) -> Marched:
        read = load_case(case, [*COARSE, *overrides, f"numerics.engine={engine}"])
        folder = tmp_path / engine
        run(change(read), folder, force=True, comm=MPI.COMM_SELF)
        with (folder / "history.csv").open() as stream:
            rows = [{key: float(value) for key, value in row.items()} for row in csv.DictReader(stream)]
        summary = json.loads((folder / "summary.json").read_text())
        return Marched(summary, rows, (folder / "log.txt").read_text())

    return start
