"""One cycle of dispersed particles of equal fraction, length and radius, as cylinders and as balls."""

import csv
import json
import math
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meshes import build
from solver.cache import mesh_cache
from solver.case import load_case

ROOT = Path(__file__).resolve().parents[1]
FRACTION = 0.7
LENGTH = "1.2 um"
"""Spacing, correlation length or size of domains, the same for every pattern but the shipped one."""
PLANE = "generalised_plane_strain"
CELLS = {PLANE: "150 nm", "3d": "300 nm"}
"""Coarse cell sizes."""
DIMENSIONS = {PLANE: "plane", "3d": "space"}
PHASES = ("layered", "rock_salt")
PLATES = {"kind": "lamellae", "spacing": LENGTH}
FIELD = {"kind": "random_field", "correlation_length": LENGTH}
STEPS = ("Charge at 1C until 4.3 V", "Discharge at 1C until 2.7 V")


@dataclass(frozen=True)
class Particle:
    """One pattern in one dimension.

    Attributes:
        name: of the row.
        dimension: of the case.
        morphology: of the case.
        random: whether another seed is another pattern.
    """

    name: str
    dimension: str
    morphology: dict[str, str]
    random: bool


PARTICLES = (
    Particle("radial plates", PLANE, {**PLATES, "orientation": "radial"}, False),
    Particle(
        "radial plates of 500 nm, as shipped",
        PLANE,
        {"kind": "lamellae", "spacing": "500 nm", "orientation": "radial"},
        False,
    ),
    Particle("parallel plates", PLANE, {**PLATES, "orientation": "parallel"}, False),
    Particle("random field", PLANE, FIELD, True),
    Particle("parallel plates", "3d", {**PLATES, "orientation": "parallel"}, False),
    Particle("random field", "3d", FIELD, True),
    Particle("domains", "3d", {"kind": "domains", "size": LENGTH}, True),
)


@dataclass(frozen=True)
class Found:
    """What a run says.

    Attributes:
        particle: what was run.
        seed: of the pattern.
        summary: summary.json; None where the run took too long.
        charged: mean hydrostatic stress at the end of the charge [Pa], by phase.
        tortuosity: of the layered phase while the rock salt insulates [1].
    """

    particle: Particle
    seed: int
    summary: dict[str, Any] | None
    charged: dict[str, float]
    tortuosity: float

    @property
    def capacities(self) -> list[float]:
        """Capacity of each step [mAh/g]."""
        return [step["capacity_mAh_g"] for step in (self.summary or {})["steps"]]


def case_of(particle: Particle, seed: int) -> dict[str, Any]:
    """The case of a particle: the shipped one with another pattern, coarse, and without the hold."""
    size = CELLS[particle.dimension]
    return {
        "extends": "dispersed_solid",
        "name": folder_of(particle, seed),
        "geometry": {
            "dimension": particle.dimension,
            "rock_salt_fraction": FRACTION,
            "morphology": particle.morphology,
            "seed": seed,
            "mesh_size": {"bulk": size, "interface": size},
        },
        "protocol": {"steps": list(STEPS)},
        "numerics": {"tolerance": 1e-2},
        "output": {"fields": []},
    }


def folder_of(particle: Particle, seed: int) -> str:
    """Name of the run folder."""
    return f"{particle.name}-{particle.dimension}-{seed}".replace(",", "").replace(" ", "-")


def measure(particle: Particle, seed: int, out: Path, limit: float) -> Found:
    """Run a particle unless that is done.

    Raises:
        RuntimeError: the run failed.
    """
    folder = out / folder_of(particle, seed)
    if not (folder / "summary.json").exists():
        out.mkdir(parents=True, exist_ok=True)
        path = folder.with_suffix(".yaml")
        path.write_text(json.dumps(case_of(particle, seed)), encoding="utf-8")
        command = [sys.executable, "-m", "solver.cli", "run", str(path), "--out", str(folder), "--force"]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=limit
            )
        except subprocess.TimeoutExpired:
            return Found(particle, seed, None, {}, math.nan)
        if done.returncode not in {0, 3}:
            raise RuntimeError(f"{folder.name}: {done.stdout}{done.stderr}")
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    if summary["status"] == "interrupted":
        return Found(particle, seed, None, {}, math.nan)
    mesh = build(load_case(folder / "resolved.yaml").mesh_geometry(), mesh_cache())
    winding = mesh.report.tortuosity.get("layered", math.inf)
    return Found(particle, seed, summary, _charged(folder / "history.csv"), winding)


def _charged(history: Path) -> dict[str, float]:
    with history.open(newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["step"] == "1"]
    return {phase: float(rows[-1][f"mean_hydrostatic_stress_{phase} [Pa]"]) for phase in PHASES}
