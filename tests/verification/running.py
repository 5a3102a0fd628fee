"""A case through the command line, judged by what its run folder says."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ruamel.yaml import YAML

from solver.cli import main

LITHIUM_BALANCE = 1e-10
VOLUME_MEAN = 1e-8


@dataclass(frozen=True)
class Run:
    """What a run left behind.

    Attributes:
        summary: summary.json.
        history: history.csv, one array per column.
    """

    summary: dict[str, Any]
    history: dict[str, npt.NDArray[np.float64]]

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


def run_case(case: Mapping[str, Any], folder: Path) -> Run:
    """Run a case with `lithostat run` and read its folder; every run must pass the gates.

    Args:
        case: content of the case file.
        folder: an empty folder.
    """
    path, out = folder / f"{case['name']}.yaml", folder / str(case["name"])
    with path.open("w") as stream:
        YAML(typ="safe").dump(dict(case), stream)
    assert main(["run", str(path), "--out", str(out)]) == 0
    summary = json.loads((out / "summary.json").read_text())
    assert summary["status"] == "done"
    assert [step["reason"] for step in summary["steps"]] == ["time"] * len(summary["steps"])
    assert summary["lithium_balance_error"] < LITHIUM_BALANCE
    assert summary["volume_mean_stress_error"] < VOLUME_MEAN
    return Run(summary, _read_history(out / "history.csv"))


def _read_history(path: Path) -> dict[str, npt.NDArray[np.float64]]:
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def relative(value: float, exact: float) -> float:
    """Deviation of a value relative to its exact one."""
    return abs(value / exact - 1.0)
