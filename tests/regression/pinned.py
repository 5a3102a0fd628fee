"""The numbers of the shipped cases that are pinned, and how they are compared.

`python -m tests.regression.pinned` from the root of the repository runs the quick forms and writes the pins
anew; do so only when a change of results is meant, and say why in the commit.
"""

import contextlib
import io
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solver.cli import main

PINS = Path(__file__).with_name("pins.json")

NAMES = (
    "core_shell_liquid",
    "core_shell_liquid_disc",
    "dispersed_solid",
    "hollow_secondary",
    "sphere_2007",
    "core_shell_liquid_3d",
    "dispersed_solid_3d",
    "hollow_secondary_3d",
)

RELATIVE = 1e-5
"""Other processors round differently, and step control can turn on the last digits: far below any physics."""

RELATIVE_3D = 0.03
"""A mesh of tetrahedra can turn on the last digits too: two meshes of these coarse sizes differ by less."""


def figures(summary: Mapping[str, Any]) -> dict[str, float]:
    """The pinned figures of a run's summary."""
    pinned = {}
    for number, step in enumerate(summary["steps"], start=1):
        pinned[f"step {number}: capacity [mAh/g]"] = step["capacity_mAh_g"]
        pinned[f"step {number}: duration [s]"] = step["duration_s"]
    for moment in ("equilibrium", "final"):
        pinned[f"{moment}: voltage [V]"] = summary[moment]["voltage_V"]
        for region, values in summary[moment]["regions"].items():
            pinned[f"{moment}: occupancy of {region}"] = values["mean_occupancy"]
            for name in ("mean_hydrostatic_stress_Pa", "p95_principal_stress_Pa"):
                pinned[f"{moment}: {name} of {region}"] = values[name]
    return pinned


def run_quick(name: str, folder: Path, *overrides: str) -> dict[str, Any]:
    """Run the quick form of a shipped case through the command line; gives its summary."""
    words = ["run", f"quick/{name}", "--out", str(folder / name), "--force"]
    for override in overrides:
        words += ["--set", override]
    with contextlib.redirect_stdout(io.StringIO()):
        code = main(words)
    if code != 0:
        raise RuntimeError(f"{name} ended with exit code {code}")
    summary: dict[str, Any] = json.loads((folder / name / "summary.json").read_text())
    return summary


def differences(
    found: Mapping[str, float], pinned: Mapping[str, float], relative: float = RELATIVE
) -> list[str]:
    """One line for each figure that is off its pin, or missing on either side."""
    largest = max((abs(value) for name, value in pinned.items() if "_Pa" in name), default=0.0)
    lines = []
    for name in sorted({*found, *pinned}):
        if name not in found or name not in pinned:
            lines.append(f"{name}: only on one side")
            continue
        # A stress that vanishes is pinned against the largest one.
        size = max(abs(pinned[name]), 1e-3 * largest if "_Pa" in name else 0.0)
        if abs(found[name] - pinned[name]) > relative * size:
            lines.append(f"{name}: {found[name]!r}, pinned {pinned[name]!r}")
    return lines


def renew() -> None:
    """Write every pin anew."""
    with tempfile.TemporaryDirectory() as folder:
        pins = {name: figures(run_quick(name, Path(folder))) for name in NAMES}
    PINS.write_text(json.dumps(pins, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(renew())
