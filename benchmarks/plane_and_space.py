"""What a plane model of dispersed rock salt gets wrong: the same cycle in a disc and in a ball.

    python -m benchmarks.plane_and_space [--out FOLDER] [--limit SECONDS] [--seeds N]

runs patterns of equal fraction, length and radius as a cylinder and as an octant of a ball, one run at a
time, and writes a section of `docs/dispersed_3d.md` from the run folders. A run whose folder is complete is
not repeated; one that takes longer than the limit is left out, and the page says so.
"""

import argparse
import csv
import json
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meshes import build
from solver.cache import mesh_cache
from solver.case import load_case

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "dispersed_3d.md"
MARKS = ("<!-- plane and space: begin -->", "<!-- plane and space: end -->")
"""The section stands between these lines of the page."""
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


def section(found: Sequence[Found]) -> str:
    """The section of the page, every number from the runs."""
    done = [one for one in found if one.summary is not None]
    lines = [
        MARKS[0],
        "## The same cycle in the plane and in space",
        "",
        "Written by `python -m benchmarks.plane_and_space`: the shipped `dispersed_solid` with "
        f"{100 * FRACTION:g} % of rock salt and lengths of {LENGTH}, but for the row that "
        f"says so; {STEPS[0][0].lower()}{STEPS[0][1:]} and {STEPS[1][0].lower()}{STEPS[1][1:]}, no hold, "
        f"tolerance 1e-2, coarse cells ({CELLS[PLANE]} in the plane, {CELLS['3d']} in space). Layered phase "
        "and rock salt, in this order; hydrostatic stresses unless named, in MPa; capacities in mAh/g of all "
        "active material; tortuosity of the layered phase as above.",
        "",
        "| pattern | in the | seed | cells | linked | tortuosity | charge | discharge | mean, start "
        "| mean, charged | mean, end | 95th percentile, end | 95th percentile of principal stress, end |",
        "|---" * 13 + "|",
        *(_row(one) for one in done),
        "",
        *_left_out(found),
        *_verdict(done),
        MARKS[1],
    ]
    return "\n".join(lines)


def _row(one: Found) -> str:
    summary = one.summary or {}
    regions = {moment: summary[moment]["regions"] for moment in ("equilibrium", "final")}

    def both(moment: str, key: str) -> str:
        return " / ".join(f"{regions[moment][phase][key] * 1e-6:.0f}" for phase in PHASES)

    cells = [
        one.particle.name,
        DIMENSIONS[one.particle.dimension],
        str(one.seed) if one.particle.random else "",
        str(summary["counts"]["cells"]),
        " / ".join(f"{100 * summary['mesh']['connected_share'][phase]:.0f} %" for phase in PHASES),
        f"{one.tortuosity:.2f}",
        *(f"{capacity:.1f}" for capacity in one.capacities),
        both("equilibrium", "mean_hydrostatic_stress_Pa"),
        " / ".join(f"{one.charged[phase] * 1e-6:.0f}" for phase in PHASES),
        both("final", "mean_hydrostatic_stress_Pa"),
        both("final", "p95_hydrostatic_stress_Pa"),
        both("final", "p95_principal_stress_Pa"),
    ]
    return "| " + " | ".join(cells) + " |"


def _left_out(found: Sequence[Found]) -> list[str]:
    slow = [
        f"{one.particle.name} ({DIMENSIONS[one.particle.dimension]})" for one in found if one.summary is None
    ]
    return [f"Left out, since they took too long: {', '.join(slow)}.", ""] if slow else []


def _of(done: Sequence[Found], name: str, dimension: str) -> tuple[float, float, float]:
    # Means over the seeds: charge and discharge [mAh/g], tortuosity of the layered phase.
    chosen = [one for one in done if (one.particle.name, one.particle.dimension) == (name, dimension)]
    return (
        statistics.mean(one.capacities[0] for one in chosen),
        statistics.mean(one.capacities[1] for one in chosen),
        statistics.mean(one.tortuosity for one in chosen),
    )


def _pair(found: tuple[float, float, float]) -> str:
    return f"{found[0]:.1f} and {found[1]:.1f}"


def _verdict(done: Sequence[Found]) -> list[str]:
    names = {(one.particle.name, one.particle.dimension) for one in done}
    if not {("parallel plates", d) for d in CELLS} | {("random field", d) for d in CELLS} <= names:
        return []
    plates, field = (
        [_of(done, name, dimension) for dimension in CELLS] for name in ("parallel plates", "random field")
    )
    radial = _of(done, "radial plates", PLANE)
    means = [
        statistics.mean(one.charged["layered"] for one in done if one.particle.dimension == dimension) * 1e-6
        for dimension in CELLS
    ]
    tension = [
        statistics.mean(
            one.summary["final"]["regions"]["layered"]["p95_principal_stress_Pa"] * 1e-6
            for one in done
            if one.summary and (one.particle.name, one.particle.dimension) == ("random field", dimension)
        )
        for dimension in CELLS
    ]
    return [
        "What the plane gets wrong. First the shape: a cylinder has a surface of 2/R per volume, a ball "
        "3/R, so that one C-rate is 1.5 times the current density, and the mean diffusion overpotential "
        "goes with R²/8 in place of R²/15, 1.9 times as much. Parallel plates show the shape alone, and "
        "more of it still, since a plate is a strip open at two ends in the plane (R²/3) and a disc open "
        f"all round in the ball (R²/8): {_pair(plates[0])} mAh/g on charge and discharge in the plane, "
        f"{_pair(plates[1])} in space. Second the connection: the layered phase of the random field has a "
        f"tortuosity of {field[0][2]:.1f} in the plane and {field[1][2]:.1f} in space, although all that "
        f"touches the rim counts as linked; its capacities are {_pair(field[0])} against {_pair(field[1])} "
        f"mAh/g, shape and connection together. Radial plates give {_pair(radial)}: straight ways to the "
        "surface, which no random pattern has, make up for the shape to some degree, so that a capacity "
        "near a ball's is no proof that they stand for one. Third the constraint out of the plane: every "
        "region runs on without end and shares one axial strain with all others, where a ball has a free "
        "surface all around. The mean stress of the layered phase at the end of the charge, over all "
        f"rows, is {means[0]:.0f} MPa in the plane and {means[1]:.0f} in space; the 95th percentile of its "
        f"principal stress in the random field, after the discharge, {tension[0]:.0f} and {tension[1]:.0f} "
        "MPa. Meshes are coarse and seeds few: read differences of a tenth as none.",
        "",
    ]


def written(text: str, new: str) -> str:
    """The page with the section put in the place of an older one, or at its end."""
    if MARKS[0] in text:
        before, rest = text.split(MARKS[0], 1)
        return before + new + rest.split(MARKS[1], 1)[1]
    return text.rstrip("\n") + "\n\n" + new + "\n"


def main(words: Sequence[str] | None = None) -> None:
    """Run, and write the section."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "runs" / "plane_and_space")
    parser.add_argument("--limit", type=float, default=1200.0, help="seconds that a run may take")
    parser.add_argument("--seeds", type=int, default=2, help="seeds of each random pattern")
    parser.add_argument("--page", type=Path, default=PAGE, help="page that has the section")
    given = parser.parse_args(words)
    wanted = [(p, seed) for seed in range(1, given.seeds + 1) for p in PARTICLES if seed == 1 or p.random]
    begun, found = time.perf_counter(), []
    for number, (particle, seed) in enumerate(wanted, 1):
        found.append(measure(particle, seed, given.out, given.limit))
        ended = "left out, too slow" if found[-1].summary is None else str(found[-1].summary["status"])
        passed = time.perf_counter() - begun
        print(f"[{number}/{len(wanted)}, {passed:.0f} s] {folder_of(particle, seed)}: {ended}", flush=True)
    given.page.write_text(written(given.page.read_text(encoding="utf-8"), section(found)), encoding="utf-8")
    print(given.page)


if __name__ == "__main__":
    main()
