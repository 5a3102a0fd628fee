"""A case through the command line, judged by what its run folder says."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ruamel.yaml import YAML

from solver.cli import main
from solver.fenics import MPI

LITHIUM_BALANCE = 1e-10
VOLUME_MEAN = 1e-8


class GateError(AssertionError):
    """A run did not end as its case asks, or broke a balance that every run must hold."""


@dataclass(frozen=True)
class Run:
    """What a run left behind.

    Attributes:
        summary: summary.json.
        history: history.csv, one array per column.
        folder: the run folder.
    """

    summary: dict[str, Any]
    history: dict[str, npt.NDArray[np.float64]]
    folder: Path

    @property
    def equilibrium(self) -> dict[str, Any]:
        """The state under load before the first step."""
        return dict(self.summary["equilibrium"])

    @property
    def final(self) -> dict[str, Any]:
        """The state at the end."""
        return dict(self.summary["final"])

    def mean_stress(self, phase: str) -> float:
        """Final mean hydrostatic stress of a phase [Pa]."""
        return float(self.final["regions"][phase]["mean_hydrostatic_stress_Pa"])

    def point(self, name: str, quantity: str) -> float:
        """A final value at `centre`, `inner` or `surface`."""
        return float(self.final["points"][name][quantity])


def run_case(
    case: Mapping[str, Any],
    folder: Path,
    reasons: Sequence[str] = (),
    options: Sequence[str] = (),
    status: str = "done",
) -> Run:
    """Run a case with `lithostat run` and read its folder; every run must pass the gates.

    Collective over all ranks of the process, which all get the same answer.

    Args:
        case: content of the case file.
        folder: an existing folder; the run goes into a folder of the case's name.
        reasons: how each step must end; `time` for all unless given.
        options: further words of the command line.
        status: how the run must end.

    Raises:
        GateError: the run ended otherwise, or a balance is off.
    """
    path, out = folder / f"{case['name']}.yaml", folder / str(case["name"])
    comm = MPI.COMM_WORLD
    if comm.rank == 0:
        with path.open("w") as stream:
            YAML(typ="safe").dump(dict(case), stream)
    comm.barrier()
    main(["run", str(path), "--out", str(out), "--allow-outside", *options])
    summary = comm.bcast(json.loads((out / "summary.json").read_text()) if comm.rank == 0 else None)
    ended = [step["reason"] for step in summary["steps"]]
    wanted = list(reasons) or ["time"] * len(ended)
    _require(summary["status"] == status, f"{case['name']}: status {summary['status']}, not {status}")
    _require(ended == wanted, f"{case['name']}: steps ended by {ended}, not {wanted}")
    for key, limit in {
        "lithium_balance_error": LITHIUM_BALANCE,
        "volume_mean_stress_error": VOLUME_MEAN,
    }.items():
        _require(summary[key] < limit, f"{case['name']}: {key} is {summary[key]:.2e}, allowed {limit:.0e}")
    history = comm.bcast(_read_history(out / "history.csv") if comm.rank == 0 else None)
    return Run(summary, history, out)


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise GateError(otherwise)


def _read_history(path: Path) -> dict[str, npt.NDArray[np.float64]]:
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def relative(value: float, exact: float) -> float:
    """Deviation of a value relative to its exact one."""
    return abs(value / exact - 1.0)
